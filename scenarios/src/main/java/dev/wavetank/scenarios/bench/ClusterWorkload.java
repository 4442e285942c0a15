package dev.wavetank.scenarios.bench;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.scenarios.cluster.Cluster;
import java.time.Duration;

/** Deployments of mixed size, until all pods are Ready. */
public record ClusterWorkload(int nodes, int pods, long seed) implements Workload {

  private static final Duration LIMIT = Duration.ofHours(24);

  /** Sizes of the Deployments, again and again. */
  private static final int[] SIZES = {1, 2, 3, 5, 8, 13, 20, 1, 2, 50};

  @Override
  public Done run() {
    Cluster cluster = Cluster.builder().nodes(nodes).seed(seed).dns(false).start();
    ReadyPods count = new ReadyPods(cluster);
    int left = pods;
    for (int i = 0; left > 0; i++) {
      int size = Math.min(left, SIZES[i % SIZES.length]);
      Deployments.create(cluster, "web-" + i, size);
      left -= size;
    }
    boolean done = cluster.runUntil(() -> count.ready() == pods, LIMIT);
    SimulationBug.check(done, "every pod of the benchmark becomes Ready");
    return new Done(
        ImmutableMap.of("pods", (long) pods),
        ImmutableMap.of("pending", 0L),
        cluster.simulation().now(),
        cluster.simulation().eventNumber(),
        cluster.api().revision(),
        cluster.trace().hash());
  }
}
