package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.AffinityTerm;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.plugins.topology.Recent;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which changes may let a pod pass that {@link InterPodAffinity} turned down.
 *
 * <p>Follows pkg/scheduler/framework/plugins/interpodaffinity/plugin.go (v1.36).
 */
final class InterPodAffinityHints {

  private final SchedulingSpec.Templates templates = new SchedulingSpec.Templates();
  private final Recent<KubeMap, PodInfo> infos = new Recent<>(2);

  ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(
            EventResource.POD,
            ActionType.ADD | ActionType.UPDATE_POD_LABEL | ActionType.DELETE,
            this::afterPodChange),
        ClusterEventWithHint.of(
            EventResource.NODE,
            ActionType.ADD | ActionType.UPDATE_NODE_LABEL,
            InterPodAffinityHints::afterNodeChange));
  }

  /** One change is asked about for many pods in a row. */
  private PodInfo info(KubeObject pod) {
    PodInfo info = infos.get(pod.root());
    if (info == null) {
      info = PodInfo.of(pod, templates);
      infos.put(pod.root(), info);
    }
    return info;
  }

  private static boolean placed(KubeObject pod) {
    return pod.spec().has("nodeName") || pod.status().has("nominatedNodeName");
  }

  private static boolean meansAll(List<AffinityTerm> terms, PodInfo of, PodInfo other) {
    for (AffinityTerm term : terms) {
      if (!term.matches(of.key().namespace(), other, KubeMap.EMPTY)) {
        return false;
      }
    }
    return !terms.isEmpty();
  }

  private boolean afterPodChange(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (before != null && after != null && after.uid().equals(pod.uid())) {
      return true;
    }
    if ((after != null && !placed(after)) || (before != null && !placed(before))) {
      return false;
    }
    List<AffinityTerm> near = pod.spec().podAffinity().requiredAffinity();
    List<AffinityTerm> apart = pod.spec().podAffinity().requiredAntiAffinity();
    if (before != null && after != null) {
      PodInfo old = info(before);
      PodInfo now = info(after);
      return (!meansAll(near, pod, old) && meansAll(near, pod, now))
          || (meansAll(apart, pod, old) && !meansAll(apart, pod, now));
    }
    if (after != null) {
      return meansAll(near, pod, info(after));
    }
    if (before == null) {
      return true;
    }
    PodInfo gone = info(before);
    return meansAll(apart, pod, gone)
        || meansAll(gone.spec().podAffinity().requiredAntiAffinity(), gone, pod);
  }

  private static boolean afterNodeChange(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      return true;
    }
    for (AffinityTerm term : pod.spec().podAffinity().requiredAffinity()) {
      Object old = before == null ? null : before.labels().get(term.topologyKey());
      Object now = after.labels().get(term.topologyKey());
      if (now != null && !now.equals(old)) {
        return true;
      }
    }
    for (AffinityTerm term : pod.spec().podAffinity().requiredAntiAffinity()) {
      if (before == null) {
        return true;
      }
      Object old = before.labels().get(term.topologyKey());
      if (old != null && !Objects.equals(old, after.labels().get(term.topologyKey()))) {
        return true;
      }
    }
    return false;
  }
}
