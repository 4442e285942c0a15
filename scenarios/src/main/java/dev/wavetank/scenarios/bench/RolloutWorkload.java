package dev.wavetank.scenarios.bench;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.scenarios.cluster.Cluster;
import java.time.Duration;

/** Deployments of one size are created and become Available. */
public record RolloutWorkload(int deployments, int replicas, int nodes, long seed)
    implements Workload {

  private static final Duration LIMIT = Duration.ofHours(6);

  @Override
  public Done run() {
    Cluster cluster = Cluster.builder().nodes(nodes).seed(seed).dns(false).start();
    ReadyPods count = new ReadyPods(cluster);
    for (int i = 0; i < deployments; i++) {
      Deployments.create(cluster, "web-" + i, replicas);
    }
    boolean done = cluster.runUntil(() -> count.available() == deployments, LIMIT);
    SimulationBug.check(done, "every Deployment of the benchmark becomes Available");
    return new Done(
        ImmutableMap.of("deployments", (long) deployments, "pods", (long) deployments * replicas),
        ImmutableMap.of(),
        cluster.simulation().now(),
        cluster.simulation().eventNumber(),
        cluster.api().revision(),
        cluster.trace().hash());
  }
}
