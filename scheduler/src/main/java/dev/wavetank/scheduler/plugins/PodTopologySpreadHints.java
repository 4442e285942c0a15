package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.plugins.topology.SpreadCounts;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which changes may let a pod pass that {@link PodTopologySpread} turned down.
 *
 * <p>Follows pkg/scheduler/framework/plugins/podtopologyspread/plugin.go (v1.36).
 */
final class PodTopologySpreadHints {

  private final Function<PodInfo, @Nullable SpreadCounts> constraints;

  PodTopologySpreadHints(Function<PodInfo, @Nullable SpreadCounts> constraints) {
    this.constraints = constraints;
  }

  ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(
            EventResource.POD,
            ActionType.ADD
                | ActionType.UPDATE_POD_LABEL
                | ActionType.UPDATE_POD_TOLERATION
                | ActionType.DELETE,
            this::afterPodChange),
        ClusterEventWithHint.of(
            EventResource.NODE,
            ActionType.ADD
                | ActionType.DELETE
                | ActionType.UPDATE_NODE_LABEL
                | ActionType.UPDATE_NODE_TAINT,
            this::afterNodeChange));
  }

  private static boolean involved(KubeObject other, PodInfo pod) {
    if (other.uid().equals(pod.uid())) {
      return true;
    }
    return (other.spec().has("nodeName") || other.status().has("nominatedNodeName"))
        && other.namespace().equals(pod.key().namespace());
  }

  private boolean afterPodChange(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    if ((after != null && !involved(after, pod)) || (before != null && !involved(before, pod))) {
      return false;
    }
    SpreadCounts counts = constraints.apply(pod);
    if (counts == null) {
      return false;
    }
    if (before != null && after != null) {
      boolean tolerates =
          after.uid().equals(pod.uid())
              && !after
                  .spec()
                  .listOrEmpty("tolerations")
                  .equals(before.spec().listOrEmpty("tolerations"));
      return (tolerates && honorsTaints(counts)) || reselected(counts, before, after);
    }
    KubeObject one = after != null ? after : before;
    return one != null && selects(counts, one.labels());
  }

  private static boolean honorsTaints(SpreadCounts counts) {
    for (int i = 0; i < counts.size(); i++) {
      if (counts.constraint(i).honorsTaints()) {
        return true;
      }
    }
    return false;
  }

  private static boolean reselected(SpreadCounts counts, KubeObject before, KubeObject after) {
    for (int i = 0; i < counts.size(); i++) {
      if (counts.constraint(i).selects(before.labels())
          != counts.constraint(i).selects(after.labels())) {
        return true;
      }
    }
    return false;
  }

  private static boolean selects(SpreadCounts counts, KubeMap labels) {
    for (int i = 0; i < counts.size(); i++) {
      if (counts.constraint(i).selects(labels)) {
        return true;
      }
    }
    return false;
  }

  private boolean afterNodeChange(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    SpreadCounts counts = constraints.apply(pod);
    boolean was = before != null && inAllTopologies(counts, before.labels());
    boolean is = after != null && inAllTopologies(counts, after.labels());
    if (before == null || after == null) {
      return was || is;
    }
    if (was != is) {
      return true;
    }
    return is
        && (moved(counts, before.labels(), after.labels())
            || !before.spec().listOrEmpty("taints").equals(after.spec().listOrEmpty("taints")));
  }

  private static boolean inAllTopologies(@Nullable SpreadCounts counts, KubeMap labels) {
    for (int i = 0; counts != null && i < counts.size(); i++) {
      if (!labels.has(counts.constraint(i).topologyKey())) {
        return false;
      }
    }
    return true;
  }

  private static boolean moved(@Nullable SpreadCounts counts, KubeMap before, KubeMap after) {
    for (int i = 0; counts != null && i < counts.size(); i++) {
      String key = counts.constraint(i).topologyKey();
      if (!Objects.equals(before.get(key), after.get(key))) {
        return true;
      }
    }
    return false;
  }
}
