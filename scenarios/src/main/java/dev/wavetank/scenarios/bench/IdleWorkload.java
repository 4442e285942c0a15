package dev.wavetank.scenarios.bench;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.scenarios.cluster.Cluster;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A cluster whose probed pods are all Ready, and then nothing happens for some hours. */
public final class IdleWorkload implements Workload {

  private static final Duration LIMIT = Duration.ofHours(24);
  private static final int REPLICAS = 30;

  private final int nodes;
  private final int pods;
  private final int hours;
  private final long seed;
  private @Nullable Cluster prepared;

  public IdleWorkload(int nodes, int pods, int hours, long seed) {
    this.nodes = nodes;
    this.pods = pods;
    this.hours = hours;
    this.seed = seed;
  }

  /** Brings the cluster up to the moment when it is idle; not part of the work. */
  public void prepare() {
    Cluster cluster = Cluster.builder().nodes(nodes).seed(seed).start();
    ReadyPods count = new ReadyPods(cluster);
    for (int i = 0; i * REPLICAS < pods; i++) {
      Deployments.create(cluster, "web-" + i, Math.min(REPLICAS, pods - i * REPLICAS));
    }
    SimulationBug.check(
        cluster.runUntil(() -> count.ready() == pods, LIMIT),
        "every pod of the benchmark becomes Ready");
    cluster.run(Duration.ofMinutes(5));
    prepared = cluster;
  }

  @Override
  public Done run() {
    Cluster cluster = prepared;
    if (cluster == null) {
      throw new SimulationBug("the idle benchmark is prepared before it runs");
    }
    prepared = null;
    long began = cluster.simulation().now();
    long events = cluster.simulation().eventNumber();
    long commits = cluster.api().revision();
    cluster.run(Duration.ofHours(hours));
    return new Done(
        ImmutableMap.of(),
        ImmutableMap.of(),
        cluster.simulation().now() - began,
        cluster.simulation().eventNumber() - events,
        cluster.api().revision() - commits,
        cluster.trace().hash());
  }
}
