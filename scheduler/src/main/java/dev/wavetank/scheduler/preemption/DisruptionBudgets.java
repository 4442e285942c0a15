package dev.wavetank.scheduler.preemption;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.scheduler.framework.ClusterView;
import dev.wavetank.scheduler.framework.PodInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * The PodDisruptionBudgets of a cluster, as far as preemption respects them.
 *
 * <p>Follows {@code filterPodsWithPDBViolation} of
 * pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go (v1.36).
 */
final class DisruptionBudgets {

  /** Pods whose eviction a budget forbids, and the others; each in the order given. */
  record Division(List<PodInfo> violating, List<PodInfo> others) {}

  private record Budget(
      String namespace, LabelSelector selector, long disruptionsAllowed, KubeMap disruptedPods) {

    boolean protects(PodInfo pod) {
      return namespace.equals(pod.key().namespace())
          && !selector.empty()
          && selector.matches(pod.labels())
          && !disruptedPods.has(pod.key().name());
    }
  }

  private final ClusterView view;
  private long generation = -1;
  private ImmutableList<Budget> budgets = ImmutableList.of();

  DisruptionBudgets(ClusterView view) {
    this.view = view;
  }

  /** A number that changes with the budgets. */
  long generation() {
    return view.generation(ResourceType.POD_DISRUPTION_BUDGETS);
  }

  private ImmutableList<Budget> budgets() {
    if (generation != generation()) {
      generation = generation();
      ImmutableList.Builder<Budget> read = ImmutableList.builder();
      for (KubeObject budget : view.list(ResourceType.POD_DISRUPTION_BUDGETS)) {
        read.add(
            new Budget(
                budget.namespace(),
                LabelSelector.ofOrNothing(budget.spec().map("selector")),
                budget.status().number("disruptionsAllowed", 0),
                budget.status().mapOrEmpty("disruptedPods")));
      }
      budgets = read.build();
    }
    return budgets;
  }

  /** Divides pods, each of which uses up the budgets that protect it. */
  Division divide(List<PodInfo> pods) {
    ImmutableList<Budget> all = budgets();
    if (all.isEmpty()) {
      return new Division(List.of(), pods);
    }
    long[] left = new long[all.size()];
    for (int i = 0; i < left.length; i++) {
      left[i] = all.get(i).disruptionsAllowed();
    }
    List<PodInfo> violating = new ArrayList<>();
    List<PodInfo> others = new ArrayList<>();
    for (PodInfo pod : pods) {
      boolean violates = false;
      if (!pod.labels().isEmpty()) {
        for (int i = 0; i < left.length; i++) {
          if (all.get(i).protects(pod)) {
            left[i]--;
            violates |= left[i] < 0;
          }
        }
      }
      (violates ? violating : others).add(pod);
    }
    return new Division(violating, others);
  }
}
