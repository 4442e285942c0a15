package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;

/**
 * Leases.
 *
 * <p>Follows pkg/apis/coordination/validation/validation.go (v1.36).
 */
final class LeaseStrategy implements ResourceStrategy {

  private static final ImmutableList<String> STRATEGIES =
      ImmutableList.of("OldestEmulationVersion");

  @Override
  public boolean unconditionalUpdate() {
    return false;
  }

  @Override
  public boolean createOnUpdate() {
    return true;
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    if (spec.get("leaseDurationSeconds") instanceof Long seconds && seconds <= 0) {
      errors.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0");
    }
    Checks.nonNegative(spec, "leaseTransitions", "spec", errors);
    String strategy = spec.string("strategy", "");
    if (spec.has("strategy") && !STRATEGIES.contains(strategy) && strategy.indexOf('/') < 0) {
      errors.unsupported("spec.strategy", strategy, STRATEGIES);
    }
    if (!spec.string("preferredHolder", "").isEmpty() && strategy.isEmpty()) {
      errors.forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined");
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
  }
}
