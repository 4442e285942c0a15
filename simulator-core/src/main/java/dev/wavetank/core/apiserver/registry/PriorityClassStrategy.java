package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;

/**
 * PriorityClasses: their value never changes, and the highest are the system's own.
 *
 * <p>Follows pkg/apis/scheduling/validation/validation.go and pkg/apis/scheduling/v1/helpers.go
 * (v1.36).
 */
final class PriorityClassStrategy implements ResourceStrategy {

  private static final long USER_VALUE_MAX = 1_000_000_000L;
  private static final ImmutableList<String> POLICIES =
      ImmutableList.of("Never", "PreemptLowerPriority");
  private static final String SYSTEM_PREFIX = "system-";
  private static final ImmutableMap<String, Long> SYSTEM_CLASSES =
      ImmutableMap.of(
          "system-node-critical", 2_000_001_000L, "system-cluster-critical", 2_000_000_000L);

  @Override
  public KubeObject defaults(KubeObject object) {
    return KubeObject.of(
        PodDefaults.unlessSet(object.root(), "preemptionPolicy", "PreemptLowerPriority"));
  }

  @Override
  public boolean generation() {
    return true;
  }

  @Override
  public boolean raisesGeneration(KubeObject next, KubeObject old) {
    return false;
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap root = object.root();
    String name = object.name();
    long value = root.number("value", 0);
    if (name.startsWith(SYSTEM_PREFIX)) {
      String problem = notSystem(name, value, root.bool("globalDefault", false));
      if (!problem.isEmpty()) {
        errors.forbidden(
            "metadata.name",
            "priority class names with 'system-' prefix are reserved for system use only. error: "
                + problem);
      }
    } else if (value > USER_VALUE_MAX) {
      errors.forbidden(
          "value", "maximum allowed value of a user defined priority is " + USER_VALUE_MAX);
    }
    String policy = root.string("preemptionPolicy", "");
    if (!POLICIES.contains(policy)) {
      errors.unsupported("preemptionPolicy", policy, POLICIES);
    }
  }

  private static String notSystem(String name, long value, boolean globalDefault) {
    Long expected = SYSTEM_CLASSES.get(name);
    if (expected == null) {
      return name + " is not a known system priority class";
    }
    if (expected != value) {
      return "value of " + name + " PriorityClass must be " + expected;
    }
    return globalDefault ? "globalDefault of " + name + " PriorityClass must be false" : "";
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    if (next.root().number("value", 0) != old.root().number("value", 0)) {
      errors.forbidden("value", "may not be changed in an update.");
    }
    Checks.immutable(
        next.root().get("preemptionPolicy"),
        old.root().get("preemptionPolicy"),
        "preemptionPolicy",
        errors);
  }
}
