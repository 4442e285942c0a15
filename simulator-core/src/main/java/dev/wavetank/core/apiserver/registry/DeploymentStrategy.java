package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.InternalJson;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.SpecStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Deployments.
 *
 * <p>Follows pkg/registry/apps/deployment/strategy.go, pkg/apis/apps/v1/defaults.go and
 * pkg/apis/apps/validation/validation.go (v1.36).
 */
final class DeploymentStrategy extends SpecStrategy {

  private static final ImmutableList<String> STATUS_COUNTS =
      ImmutableList.of("updatedReplicas", "readyReplicas", "availableReplicas");
  private static final ImmutableList<String> TYPES = ImmutableList.of("Recreate", "RollingUpdate");
  private static final String STRATEGY = "spec.strategy";

  private final PodDefaults podDefaults;
  private final WorkloadValidation templates;

  DeploymentStrategy(PodDefaults podDefaults, WorkloadValidation templates) {
    super(KubeMap.EMPTY);
    this.podDefaults = podDefaults;
    this.templates = templates;
  }

  @Override
  public KubeMap statusMetadata(KubeMap next, KubeMap old) {
    return next.with("labels", old.get("labels"));
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap spec = object.spec();
    KubeMap s = spec.withDefault("replicas", 1L);
    s = s.with("template", podDefaults.template(s.mapOrEmpty("template"), true));
    s = s.with("strategy", strategy(s.mapOrEmpty("strategy")));
    s = s.withDefault("revisionHistoryLimit", 10L);
    s = s.withDefault("progressDeadlineSeconds", 600L);
    return object.withSpec(s);
  }

  private static KubeMap strategy(KubeMap strategy) {
    KubeMap s = PodDefaults.unlessSet(strategy, "type", "RollingUpdate");
    if (s.string("type", "").equals("RollingUpdate")) {
      KubeMap rolling = s.mapOrEmpty("rollingUpdate");
      rolling = rolling.withDefault("maxUnavailable", "25%");
      rolling = rolling.withDefault("maxSurge", "25%");
      s = s.with("rollingUpdate", rolling);
    }
    return s;
  }

  @Override
  public boolean raisesGeneration(KubeObject next, KubeObject old) {
    return !next.spec().equals(old.spec()) || !next.annotations().equals(old.annotations());
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    spec(object.spec(), errors);
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    if (next.spec() == old.spec()) {
      return;
    }
    spec(next.spec(), errors);
    Checks.immutableSelector(
        next.spec().map("selector"), old.spec().map("selector"), "spec.selector", errors);
  }

  private void spec(KubeMap spec, FieldErrors errors) {
    Checks.nonNegative(spec, "replicas", "spec", errors);
    templates.selectorAndTemplate(spec, errors);
    rollout(spec.mapOrEmpty("strategy"), errors);
    Checks.nonNegative(spec, "minReadySeconds", "spec", errors);
    Checks.nonNegative(spec, "revisionHistoryLimit", "spec", errors);
    Checks.nonNegative(spec, "progressDeadlineSeconds", "spec", errors);
    long deadline = spec.number("progressDeadlineSeconds", Long.MAX_VALUE);
    if (deadline <= spec.number("minReadySeconds", 0)) {
      errors.invalid(
          "spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
    }
  }

  private static void rollout(KubeMap strategy, FieldErrors errors) {
    KubeMap rolling = strategy.map("rollingUpdate");
    switch (strategy.string("type", "")) {
      case "Recreate" -> {
        if (rolling != null) {
          errors.forbidden(
              STRATEGY + ".rollingUpdate",
              "may not be specified when strategy `type` is 'Recreate'");
        }
      }
      case "RollingUpdate" -> {
        if (rolling != null) {
          rollingUpdate(rolling, errors);
        }
      }
      default ->
          errors.unsupportedText(
              STRATEGY, InternalJson.write(strategy, "apps.DeploymentStrategy"), TYPES);
    }
  }

  private static Object number(@Nullable Object value) {
    return value == null ? Long.valueOf(0) : value;
  }

  private static void rollingUpdate(KubeMap rolling, FieldErrors errors) {
    String path = STRATEGY + ".rollingUpdate";
    Checks.intOrPercent(rolling.get("maxUnavailable"), path + ".maxUnavailable", errors);
    Checks.intOrPercent(rolling.get("maxSurge"), path + ".maxSurge", errors);
    if (Checks.number(rolling.get("maxUnavailable")) == 0
        && Checks.number(rolling.get("maxSurge")) == 0) {
      errors.invalid(
          path + ".maxUnavailable",
          number(rolling.get("maxUnavailable")),
          "may not be 0 when `maxSurge` is 0");
    }
    Checks.notMoreThan100Percent(rolling.get("maxUnavailable"), path + ".maxUnavailable", errors);
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    WorkloadValidation.statusCounts(next.status(), STATUS_COUNTS, "readyReplicas", errors);
    WorkloadValidation.collisions(next, old, errors);
  }
}
