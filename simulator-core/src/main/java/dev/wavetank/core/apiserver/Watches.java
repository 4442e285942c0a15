package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one API server, found by type and, for pods, by node: a commit of a pod costs
 * nothing to the kubelets of other nodes.
 */
final class Watches {

  private final Store store;
  private final Map<ResourceType, List<Watch>> byType = new LinkedHashMap<>();
  private final Map<String, List<Watch>> podsByNode = new LinkedHashMap<>();

  Watches(Store store) {
    this.store = store;
  }

  void add(Watch watch) {
    String node = watch.node();
    if (node != null) {
      podsByNode.computeIfAbsent(node, n -> new ArrayList<>(1)).add(watch);
    } else {
      byType.computeIfAbsent(watch.type(), t -> new ArrayList<>()).add(watch);
    }
  }

  void remove(Watch watch) {
    String node = watch.node();
    List<Watch> list = node != null ? podsByNode.get(node) : byType.get(watch.type());
    if (list != null) {
      list.remove(watch);
    }
  }

  /** Offers a commit to every watch that may care. */
  void dispatch(Commit commit) {
    List<Watch> all = byType.get(commit.key().type());
    if (all != null) {
      for (int i = 0; i < all.size(); i++) {
        all.get(i).offer(commit);
      }
    }
    if (commit.key().type().equals(ResourceType.PODS)) {
      String before = node(commit.before());
      String after = node(commit.after());
      offer(before, commit);
      if (!after.equals(before)) {
        offer(after, commit);
      }
    }
    store.trim();
  }

  private void offer(String node, Commit commit) {
    List<Watch> watches = node.isEmpty() ? null : podsByNode.get(node);
    if (watches != null) {
      for (int i = 0; i < watches.size(); i++) {
        watches.get(i).offer(commit);
      }
    }
  }

  private static String node(@Nullable KubeObject pod) {
    return pod == null ? "" : pod.spec().string("nodeName", "");
  }

  void delivered() {
    store.trim();
  }
}
