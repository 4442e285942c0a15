package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;

/**
 * Turns {@code matchLabelKeys} and {@code mismatchLabelKeys} into requirements of the label
 * selectors beside them, with the pod's own label values.
 *
 * <p>Follows pkg/registry/core/pod/strategy.go (v1.36).
 */
final class MatchLabelKeys {

  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

  private MatchLabelKeys() {}

  static KubeMap merge(KubeMap spec, KubeMap labels) {
    KubeMap result = spec;
    KubeMap affinity = spec.map("affinity");
    if (affinity != null) {
      KubeMap changed = affinity;
      for (String kind : new String[] {"podAffinity", "podAntiAffinity"}) {
        KubeMap pods = changed.map(kind);
        changed = pods == null ? changed : changed.with(kind, pods(pods, labels));
      }
      result = result.with("affinity", changed);
    }
    return PodDefaults.each(
        result, "topologySpreadConstraints", constraint -> term(constraint, labels));
  }

  private static KubeMap pods(KubeMap affinity, KubeMap labels) {
    KubeMap result = PodDefaults.each(affinity, REQUIRED, term -> term(term, labels));
    return PodDefaults.each(
        result,
        PREFERRED,
        weighted ->
            weighted.with("podAffinityTerm", term(weighted.mapOrEmpty("podAffinityTerm"), labels)));
  }

  private static KubeMap term(KubeMap term, KubeMap labels) {
    KubeMap selector = term.map("labelSelector");
    if (selector == null) {
      return term;
    }
    KubeList expressions = selector.listOrEmpty("matchExpressions");
    KubeList all = expressions;
    all = add(all, term.listOrEmpty("matchLabelKeys"), "In", labels);
    all = add(all, term.listOrEmpty("mismatchLabelKeys"), "NotIn", labels);
    return all == expressions
        ? term
        : term.with("labelSelector", selector.with("matchExpressions", all));
  }

  private static KubeList add(
      KubeList expressions, KubeList keys, String operator, KubeMap labels) {
    KubeList result = expressions;
    for (Object key : keys) {
      Object value = labels.get(key.toString());
      if (value != null) {
        result =
            result.plus(KubeMap.of("key", key, "operator", operator, "values", KubeList.of(value)));
      }
    }
    return result;
  }
}
