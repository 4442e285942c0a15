package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import org.jspecify.annotations.Nullable;

/**
 * One of a pod's {@code topologySpreadConstraints}, as written.
 *
 * @param doNotSchedule whether it keeps pods off nodes, as opposed to making them less liked
 * @param labelSelector null when there is none
 * @param matchLabelKeys labels of the pod whose values are selected too
 * @param minDomains 1 when it does not say
 * @param honorNodeAffinity whether only nodes count that the pod's node affinity and selector match
 * @param honorNodeTaints whether only nodes count whose taints the pod tolerates
 */
public record SpreadConstraint(
    int maxSkew,
    String topologyKey,
    boolean doNotSchedule,
    @Nullable KubeMap labelSelector,
    ImmutableList<String> matchLabelKeys,
    int minDomains,
    boolean honorNodeAffinity,
    boolean honorNodeTaints) {

  /** Reads a {@code TopologySpreadConstraint}. */
  public static SpreadConstraint of(KubeMap constraint) {
    ImmutableList.Builder<String> keys = ImmutableList.builder();
    for (Object key : constraint.listOrEmpty("matchLabelKeys")) {
      keys.add(key.toString());
    }
    return new SpreadConstraint(
        (int) constraint.number("maxSkew", 0),
        constraint.string("topologyKey", ""),
        constraint.string("whenUnsatisfiable", "").equals("DoNotSchedule"),
        constraint.map("labelSelector"),
        keys.build(),
        (int) constraint.number("minDomains", 1),
        constraint.string("nodeAffinityPolicy", "Honor").equals("Honor"),
        constraint.string("nodeTaintsPolicy", "Ignore").equals("Honor"));
  }
}
