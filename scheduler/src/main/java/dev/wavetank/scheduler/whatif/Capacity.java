package dev.wavetank.scheduler.whatif;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.Attempt;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many more pods of one kind fit into a cluster.
 *
 * @param pods how many fit; as many as were asked for when nothing stopped them
 * @param byNode how many went to each node, by its name
 * @param stoppedBy why the next one did not fit, in upstream's words; empty when all did
 */
public record Capacity(int pods, ImmutableMap<String, Integer> byNode, String stoppedBy) {

  /** Most pods that are tried. */
  public static final int PODS_MAX = 1_000_000;

  /**
   * Schedules copies of a pod, one after the other, until one does not fit. They stay in the
   * cluster that is given.
   *
   * @param max how many at most, up to {@link #PODS_MAX}
   */
  public static Capacity of(DryRun cluster, KubeObject pod, int max) {
    Map<String, Integer> byNode = new TreeMap<>();
    String stoppedBy = "";
    int count = 0;
    while (count < Math.min(max, PODS_MAX) && stoppedBy.isEmpty()) {
      String name = pod.name() + "-" + count;
      KubeObject copy =
          pod.with(name, "metadata", "name").with("what-if-" + name, "metadata", "uid");
      Attempt attempt = cluster.attempt(copy);
      String node = attempt.node();
      if (node == null) {
        stoppedBy = attempt.message();
      } else {
        cluster.bind(copy, node);
        byNode.merge(node, 1, Integer::sum);
        count++;
      }
    }
    return new Capacity(count, ImmutableMap.copyOf(byNode), stoppedBy);
  }
}
