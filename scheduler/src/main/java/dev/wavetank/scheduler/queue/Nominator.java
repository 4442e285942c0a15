package dev.wavetank.scheduler.queue;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PodNominator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The pods that are nominated to nodes. A nomination is known here before the API server knows it,
 * so that the next scheduling cycle counts it.
 *
 * <p>Follows pkg/scheduler/backend/queue/nominator.go (v1.36).
 */
public final class Nominator implements PodNominator {

  private final Function<ObjectKey, @Nullable KubeObject> newest;
  private final Consumer<String> changed;
  private final Map<String, List<PodInfo>> podsByNode = new LinkedHashMap<>();
  private final Map<String, String> nodeByUid = new LinkedHashMap<>();

  /**
   * Nobody is nominated.
   *
   * @param newest finds a pod as the watch has shown it last
   * @param changed told of each node to which other pods are nominated than before
   */
  public Nominator(Function<ObjectKey, @Nullable KubeObject> newest, Consumer<String> changed) {
    this.newest = newest;
    this.changed = changed;
  }

  /**
   * Nominates a pod, in place of any earlier nomination.
   *
   * @param node the node; empty to take the nomination back, null for the one in the pod's status
   */
  public void add(PodInfo pod, @Nullable String node) {
    delete(pod.uid());
    String name = node == null ? pod.nominatedNodeName() : node;
    if (name.isEmpty()) {
      return;
    }
    KubeObject seen = newest.apply(pod.key());
    if (seen == null || !seen.spec().string("nodeName", "").isEmpty()) {
      return;
    }
    nodeByUid.put(pod.uid(), name);
    podsByNode.computeIfAbsent(name, n -> new ArrayList<>(1)).add(pod);
    changed.accept(name);
  }

  /** Takes over a change of a pod that is waiting. */
  void update(PodInfo before, PodInfo after) {
    String kept =
        before.nominatedNodeName().isEmpty() && after.nominatedNodeName().isEmpty()
            ? nodeByUid.get(before.uid())
            : null;
    delete(before.uid());
    add(after, kept);
  }

  /** Takes a pod's nomination back. */
  public void delete(String uid) {
    String node = nodeByUid.remove(uid);
    if (node == null) {
      return;
    }
    List<PodInfo> pods = podsByNode.get(node);
    if (pods != null) {
      pods.removeIf(pod -> pod.uid().equals(uid));
      if (pods.isEmpty()) {
        podsByNode.remove(node);
      }
    }
    changed.accept(node);
  }

  @Override
  public List<PodInfo> nominatedPodsForNode(String node) {
    return podsByNode.getOrDefault(node, List.of());
  }

  @Override
  public @Nullable String nominatedNode(PodInfo pod) {
    return nodeByUid.get(pod.uid());
  }

  @Override
  public boolean isEmpty() {
    return nodeByUid.isEmpty();
  }
}
