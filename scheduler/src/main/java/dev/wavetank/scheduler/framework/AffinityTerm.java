package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.LabelSelector;

/**
 * One term of a pod's affinity or anti-affinity to other pods.
 *
 * <p>Follows {@code AffinityTerm} of staging/src/k8s.io/kube-scheduler/framework/types.go (v1.36).
 *
 * @param namespaces those named; empty together with {@code ownNamespace} false for none
 * @param ownNamespace whether the namespace of the pod that has the term counts, since it names
 *     neither namespaces nor a selector of them
 * @param namespaceSelector selects nothing when the term has none
 * @param weight 1 to 100; 0 of a required term
 */
public record AffinityTerm(
    ImmutableSet<String> namespaces,
    boolean ownNamespace,
    LabelSelector namespaceSelector,
    LabelSelector selector,
    String topologyKey,
    int weight) {

  /**
   * Reads a {@code PodAffinityTerm}.
   *
   * @throws IllegalArgumentException with upstream's words when a selector is wrong
   */
  static AffinityTerm of(KubeMap term, int weight) {
    ImmutableSet.Builder<String> namespaces = ImmutableSet.builder();
    for (Object namespace : term.listOrEmpty("namespaces")) {
      namespaces.add(namespace.toString());
    }
    ImmutableSet<String> named = namespaces.build();
    KubeMap namespaceSelector = term.map("namespaceSelector");
    return new AffinityTerm(
        named,
        named.isEmpty() && namespaceSelector == null,
        LabelSelector.of(namespaceSelector),
        LabelSelector.of(term.map("labelSelector")),
        term.string("topologyKey", ""),
        weight);
  }

  /**
   * Whether the term of a pod means another pod.
   *
   * @param ofNamespace namespace of the pod that has the term
   * @param namespaceLabels labels of the namespace of the other pod
   */
  public boolean matches(String ofNamespace, PodInfo pod, KubeMap namespaceLabels) {
    return selects(ofNamespace, pod.key().namespace(), namespaceLabels)
        && selector.matches(pod.labels());
  }

  /** Whether pods of a namespace can be meant. */
  public boolean selects(String ofNamespace, String namespace, KubeMap namespaceLabels) {
    return (ownNamespace ? ofNamespace.equals(namespace) : namespaces.contains(namespace))
        || namespaceSelector.matches(namespaceLabels);
  }
}
