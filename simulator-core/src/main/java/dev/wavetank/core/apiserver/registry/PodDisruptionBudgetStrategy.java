package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.SpecStrategy;
import java.util.List;

/**
 * PodDisruptionBudgets.
 *
 * <p>Follows pkg/apis/policy/validation/validation.go and
 * pkg/registry/policy/poddisruptionbudget/strategy.go (v1.36).
 */
final class PodDisruptionBudgetStrategy extends SpecStrategy {

  private static final ImmutableList<String> EVICTION_POLICIES =
      ImmutableList.of("AlwaysAllow", "IfHealthyBudget");
  private static final ImmutableList<String> COUNTS =
      ImmutableList.of("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods");

  PodDisruptionBudgetStrategy() {
    super(KubeMap.EMPTY);
  }

  @Override
  public boolean unconditionalUpdate() {
    return false;
  }

  /** Upstream checks no name here. */
  @Override
  public List<String> nameErrors(String name) {
    return List.of();
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    if (spec.has("minAvailable") && spec.has("maxUnavailable")) {
      errors.invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
    }
    Checks.intOrPercent(spec.get("minAvailable"), "spec.minAvailable", errors);
    Checks.notMoreThan100Percent(spec.get("minAvailable"), "spec.minAvailable", errors);
    Checks.intOrPercent(spec.get("maxUnavailable"), "spec.maxUnavailable", errors);
    Checks.notMoreThan100Percent(spec.get("maxUnavailable"), "spec.maxUnavailable", errors);
    Checks.labelSelector(spec.map("selector"), "spec.selector", errors);
    Checks.oneOfIfSet(spec, "unhealthyPodEvictionPolicy", EVICTION_POLICIES, "spec", errors);
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    for (String count : COUNTS) {
      Checks.nonNegative(next.status(), count, "status", errors);
    }
  }
}
