package dev.wavetank.scheduler.framework;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.sim.SimulationBug;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The pods on nodes, grouped by what selectors look at: pods of one template are one group, so that
 * who counts matching pods asks once a group and not once a pod.
 */
public final class PodGroups {

  private record Key(String namespace, KubeMap labels, boolean terminating) {
    static Key of(PodInfo pod) {
      return new Key(pod.key().namespace(), pod.labels(), pod.terminating());
    }
  }

  /** Takes how many pods of a group are on a node. */
  public interface Receiver {
    void pods(NodeInfo node, int count);
  }

  /** Pods of one namespace with equal labels that are all being deleted, or none of them. */
  public static final class Group {
    private final PodInfo example;
    private final Map<NodeInfo, Integer> onNodes = new LinkedHashMap<>();

    private Group(PodInfo example) {
      this.example = example;
    }

    /** A pod of the group: what holds for its namespace and labels holds for all. */
    public PodInfo example() {
      return example;
    }

    /** Tells how many pods each node has. */
    public void forEach(Receiver receiver) {
      onNodes.forEach(receiver::pods);
    }
  }

  private final Map<Key, Group> groups = new LinkedHashMap<>();

  /** A pod came to a node. */
  public void add(PodInfo pod, NodeInfo node) {
    groups.computeIfAbsent(Key.of(pod), key -> new Group(pod)).onNodes.merge(node, 1, Integer::sum);
  }

  /** A pod that came left its node. */
  public void remove(PodInfo pod, NodeInfo node) {
    Key key = Key.of(pod);
    Group group = groups.get(key);
    if (group == null) {
      throw new SimulationBug("a pod leaves its node to which it never came");
    }
    group.onNodes.computeIfPresent(node, (at, count) -> count == 1 ? null : count - 1);
    if (group.onNodes.isEmpty()) {
      groups.remove(key);
    }
  }

  /** All groups. */
  public Collection<Group> all() {
    return groups.values();
  }
}
