package dev.wavetank.scheduler.framework;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.List;

/**
 * A taint of a node.
 *
 * @param effect {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}
 */
public record Taint(String key, String value, String effect) {

  private static final Taint[] NONE = {};

  /** What {@code spec.unschedulable} amounts to. */
  public static final Taint UNSCHEDULABLE =
      new Taint("node.kubernetes.io/unschedulable", "", "NoSchedule");

  /** The taints that keep a pod away, or else those that only make the node less liked. */
  static Taint[] of(KubeList taints, boolean doNotSchedule) {
    if (taints.isEmpty()) {
      return NONE;
    }
    List<Taint> found = new ArrayList<>();
    for (KubeMap taint : taints.maps()) {
      String effect = taint.string("effect", "");
      boolean matches =
          doNotSchedule
              ? effect.equals("NoSchedule") || effect.equals("NoExecute")
              : effect.equals("PreferNoSchedule");
      if (matches) {
        found.add(new Taint(taint.string("key", ""), taint.string("value", ""), effect));
      }
    }
    return found.isEmpty() ? NONE : found.toArray(NONE);
  }
}
