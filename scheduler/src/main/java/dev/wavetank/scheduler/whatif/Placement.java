package dev.wavetank.scheduler.whatif;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.Attempt;
import dev.wavetank.scheduler.framework.NodeInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a scheduler makes of a workload, in figures by which two of them can be compared.
 *
 * @param placed how many pods got a node
 * @param pending how many pods each reason kept from getting one, in upstream's words
 * @param usedNodes how many nodes have pods
 * @param cpu what share of the nodes' CPU is asked for, in percent
 * @param memory the same of memory
 * @param fragmentation what share of the free CPU is on nodes where the largest pod of the workload
 *     does not fit any more, in percent
 */
public record Placement(
    int placed,
    ImmutableMap<String, Integer> pending,
    int usedNodes,
    Use cpu,
    Use memory,
    double fragmentation) {

  /**
   * How much of a resource is in use on the nodes, in percent of what each has.
   *
   * @param mean over the nodes
   * @param deviation the standard deviation of that: how unevenly it is in use
   * @param max on the fullest node
   */
  public record Use(double mean, double deviation, double max) {

    private static Use of(NodeInfo[] nodes, String resource) {
      double sum = 0;
      double squares = 0;
      double max = 0;
      for (NodeInfo node : nodes) {
        double has = node.allocatable().amount(resource);
        double used = has == 0 ? 0 : 100 * node.requested().amount(resource) / has;
        sum += used;
        squares += used * used;
        max = Math.max(max, used);
      }
      int count = Math.max(1, nodes.length);
      double mean = sum / count;
      return new Use(mean, Math.sqrt(Math.max(0, squares / count - mean * mean)), max);
    }
  }

  /**
   * Schedules pods, those of higher priority first and as they come otherwise. They stay in the
   * cluster that is given.
   */
  public static Placement of(DryRun cluster, List<KubeObject> pods) {
    List<KubeObject> queue = new ArrayList<>(pods);
    queue.sort(Comparator.comparingLong(pod -> -pod.spec().number("priority", 0)));
    Map<String, Integer> pending = new TreeMap<>();
    int placed = 0;
    for (KubeObject pod : queue) {
      Attempt attempt = cluster.attempt(pod);
      String node = attempt.node();
      if (node == null) {
        pending.merge(attempt.message(), 1, Integer::sum);
      } else {
        cluster.bind(pod, node);
        placed++;
      }
    }
    NodeInfo[] nodes = cluster.cache().nodes();
    int used = 0;
    for (NodeInfo node : nodes) {
      used += node.pods().isEmpty() ? 0 : 1;
    }
    return new Placement(
        placed,
        ImmutableMap.copyOf(pending),
        used,
        Use.of(nodes, "cpu"),
        Use.of(nodes, "memory"),
        fragmentation(cluster, nodes, pods));
  }

  private static double fragmentation(DryRun cluster, NodeInfo[] nodes, List<KubeObject> pods) {
    long largest = 0;
    for (KubeObject pod : pods) {
      largest = Math.max(largest, cluster.info(pod).spec().requests().milliCpu());
    }
    long free = 0;
    long useless = 0;
    for (NodeInfo node : nodes) {
      long left = Math.max(0, node.allocatable().milliCpu() - node.requested().milliCpu());
      free += left;
      useless += left < largest ? left : 0;
    }
    return free == 0 ? 0 : 100.0 * useless / free;
  }
}
