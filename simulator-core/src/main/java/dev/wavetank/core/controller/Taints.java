package dev.wavetank.core.controller;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;

/**
 * Reads and writes {@code spec.taints} of a Node. Two taints are the same when key and effect are.
 *
 * <p>Follows pkg/util/taints/taints.go (v1.36).
 */
public final class Taints {

  public static final String NO_EXECUTE = "NoExecute";
  public static final String NO_SCHEDULE = "NoSchedule";
  public static final String NOT_READY = "node.kubernetes.io/not-ready";
  public static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  public static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

  private Taints() {}

  /** The taints of a node. */
  public static KubeList of(KubeObject node) {
    return node.spec().listOrEmpty("taints");
  }

  /** Whether a node has that taint. */
  public static boolean exists(KubeObject node, String key, String effect) {
    return indexOf(of(node), key, effect) >= 0;
  }

  /** Whether a node has a taint of that key with any effect. */
  public static boolean keyExists(KubeObject node, String key) {
    return of(node).find("key", key) != null;
  }

  /** The taints of a node with that effect. */
  public static KubeList withEffect(KubeObject node, String effect) {
    KubeList found = KubeList.EMPTY;
    KubeList taints = of(node);
    for (int i = 0; i < taints.size(); i++) {
      if (effect.equals(taints.map(i).get("effect"))) {
        found = found.plus(taints.map(i));
      }
    }
    return found;
  }

  /** A taint without a value that was added at that time. */
  public static KubeMap taint(String key, String effect, String timeAdded) {
    return KubeMap.of("key", key, "effect", effect, "timeAdded", timeAdded);
  }

  /** The node with a taint in place of the same one, or at the end. */
  public static KubeObject with(KubeObject node, KubeMap taint) {
    KubeList taints = of(node);
    int known = indexOf(taints, taint.string("key", ""), taint.string("effect", ""));
    return node.with(known < 0 ? taints.plus(taint) : taints.with(known, taint), "spec", "taints");
  }

  /** The node without a taint. */
  public static KubeObject without(KubeObject node, String key, String effect) {
    KubeList taints = of(node);
    int known = indexOf(taints, key, effect);
    if (known < 0) {
      return node;
    }
    KubeList rest = taints.without(known);
    return node.with(rest.isEmpty() ? null : rest, "spec", "taints");
  }

  private static int indexOf(KubeList taints, String key, String effect) {
    for (int i = 0; i < taints.size(); i++) {
      KubeMap taint = taints.map(i);
      if (key.equals(taint.get("key")) && effect.equals(taint.get("effect"))) {
        return i;
      }
    }
    return -1;
  }
}
