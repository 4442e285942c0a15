package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.ActionType;
import dev.wavetank.scheduler.framework.ClusterEventWithHint;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.EnqueueExtensions;
import dev.wavetank.scheduler.framework.EventResource;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.NodeLocal;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreFilterPlugin;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.Status;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pods off nodes that do not declare a feature of the kubelet which the pod's spec needs.
 *
 * <p>Follows pkg/scheduler/framework/plugins/nodedeclaredfeatures/nodedeclaredfeatures.go and
 * staging/src/k8s.io/component-helpers/nodedeclaredfeatures/features (v1.36).
 */
public final class NodeDeclaredFeatures
    implements PreFilterPlugin, FilterPlugin, NodeLocal, EnqueueExtensions {

  private static final Status MISSING =
      Status.unresolvable("node(s) didn't match Pod's required features");

  @Override
  public String name() {
    return "NodeDeclaredFeatures";
  }

  /** The features that the spec of a pod needs. */
  private static ImmutableSet<String> required(KubeMap spec) {
    ImmutableSet.Builder<String> features = ImmutableSet.builder();
    if (spec.bool("hostNetwork", false) && !spec.bool("hostUsers", true)) {
      features.add("UserNamespacesHostNetworkSupport");
    }
    if (restartsAllContainers(spec, "containers")
        || restartsAllContainers(spec, "initContainers")) {
      features.add("RestartAllContainersOnContainerExits");
    }
    return features.build();
  }

  private static boolean restartsAllContainers(KubeMap spec, String containers) {
    for (KubeMap container : spec.listOrEmpty(containers).maps()) {
      for (KubeMap rule : container.listOrEmpty("restartPolicyRules").maps()) {
        if ("RestartAllContainers".equals(rule.get("action"))) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    return required(pod.spec().tree()).isEmpty() ? PreFilterResult.SKIP : PreFilterResult.SUCCESS;
  }

  @Override
  public Status filter(CycleState state, PodInfo pod, NodeInfo node) {
    KubeObject object = node.node();
    for (String feature : required(pod.spec().tree())) {
      if (object == null || !declares(object, feature)) {
        return MISSING;
      }
    }
    return Status.SUCCESS;
  }

  private static boolean declares(KubeObject node, String feature) {
    for (Object declared : node.status().listOrEmpty("declaredFeatures")) {
      if (feature.equals(declared)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public ImmutableList<ClusterEventWithHint> eventsToRegister() {
    return ImmutableList.of(
        ClusterEventWithHint.of(
            EventResource.NODE,
            ActionType.ADD | ActionType.UPDATE_NODE_DECLARED_FEATURE,
            NodeDeclaredFeatures::afterNodeChange),
        ClusterEventWithHint.of(
            EventResource.POD, ActionType.UPDATE, NodeDeclaredFeatures::afterPodUpdate));
  }

  private static boolean afterNodeChange(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    return before == null
        || after == null
        || !before
            .status()
            .listOrEmpty("declaredFeatures")
            .equals(after.status().listOrEmpty("declaredFeatures"));
  }

  private static boolean afterPodUpdate(
      PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after) {
    return before != null
        && after != null
        && after.uid().equals(pod.uid())
        && !required(before.spec()).equals(required(after.spec()));
  }
}
