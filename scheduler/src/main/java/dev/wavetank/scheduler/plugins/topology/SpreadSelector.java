package dev.wavetank.scheduler.plugins.topology;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.scheduler.framework.ClusterView;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SchedulingTypes;
import dev.wavetank.scheduler.framework.SpreadConstraint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The selectors of topology spread constraints: the written one with the pod's own values of {@code
 * matchLabelKeys}, or for default constraints that of the Services and the controller of the pod.
 *
 * <p>Follows pkg/scheduler/framework/plugins/podtopologyspread/common.go and
 * pkg/scheduler/framework/plugins/helper/spread.go (v1.36).
 */
public final class SpreadSelector {

  private SpreadSelector() {}

  /**
   * The selector of a constraint as a {@code metav1.LabelSelector}; null when it selects nothing.
   */
  public static @Nullable KubeMap of(SpreadConstraint constraint, KubeMap podLabels) {
    KubeMap selector = constraint.labelSelector();
    if (selector == null) {
      return null;
    }
    List<Object> added = new ArrayList<>(0);
    for (String key : constraint.matchLabelKeys()) {
      Object value = podLabels.get(key);
      if (value != null) {
        added.add(KubeMap.of("key", key, "operator", "In", "values", KubeList.of(value)));
      }
    }
    if (added.isEmpty()) {
      return selector;
    }
    selector.listOrEmpty("matchExpressions").forEach(added::add);
    return selector.with("matchExpressions", KubeList.copyOf(added));
  }

  /**
   * The selector deduced from the Services that select a pod and from its controller; null when
   * there is none.
   */
  public static @Nullable KubeMap ofOwners(PodInfo pod, ClusterView view) {
    Map<String, Object> labels = new LinkedHashMap<>();
    for (KubeObject service : view.list(ResourceType.SERVICES)) {
      KubeMap selector = service.spec().map("selector");
      if (selector != null
          && service.namespace().equals(pod.key().namespace())
          && LabelSelector.ofLabels(selector).matches(pod.labels())) {
        selector.forEach(labels::put);
      }
    }
    KubeMap selector = controllerSelector(pod, view, labels);
    if (labels.isEmpty() && selector == null) {
      return null;
    }
    KubeMap base = selector == null ? KubeMap.EMPTY : selector;
    List<Object> expressions = new ArrayList<>();
    labels.forEach(
        (key, value) ->
            expressions.add(
                KubeMap.of("key", key, "operator", "In", "values", KubeList.of(value))));
    base.listOrEmpty("matchExpressions").forEach(expressions::add);
    return expressions.isEmpty()
        ? base
        : base.with("matchExpressions", KubeList.copyOf(expressions));
  }

  /** The selector object of the pod's controller; a plain label set is added to the labels. */
  private static @Nullable KubeMap controllerSelector(
      PodInfo pod, ClusterView view, Map<String, Object> labels) {
    KubeMap owner = pod.owner();
    if (owner == null) {
      return null;
    }
    ResourceType type =
        switch (owner.string("apiVersion", "") + "/" + owner.string("kind", "")) {
          case "v1/ReplicationController" -> SchedulingTypes.REPLICATION_CONTROLLERS;
          case "apps/v1/ReplicaSet" -> ResourceType.REPLICA_SETS;
          case "apps/v1/StatefulSet" -> SchedulingTypes.STATEFUL_SETS;
          default -> null;
        };
    if (type == null) {
      return null;
    }
    KubeObject controller =
        view.find(ObjectKey.of(type, pod.key().namespace(), owner.string("name", "")));
    if (controller == null) {
      return null;
    }
    KubeMap selector = controller.spec().map("selector");
    if (type.equals(SchedulingTypes.REPLICATION_CONTROLLERS)) {
      if (selector != null) {
        selector.forEach(labels::put);
      }
      return null;
    }
    return selector == null || selector.isEmpty() ? null : selector;
  }
}
