package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.SpecStrategy;

/**
 * ReplicaSets.
 *
 * <p>Follows pkg/registry/apps/replicaset/strategy.go, pkg/apis/apps/v1/defaults.go and
 * pkg/apis/apps/validation/validation.go (v1.36).
 */
final class ReplicaSetStrategy extends SpecStrategy {

  private static final ImmutableList<String> STATUS_COUNTS =
      ImmutableList.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas");

  private final PodDefaults podDefaults;
  private final WorkloadValidation templates;

  ReplicaSetStrategy(PodDefaults podDefaults, WorkloadValidation templates) {
    super(KubeMap.of("replicas", 0L));
    this.podDefaults = podDefaults;
    this.templates = templates;
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap spec = object.spec();
    KubeMap s = spec.withDefault("replicas", 1L);
    return object.withSpec(
        s.with("template", podDefaults.template(s.mapOrEmpty("template"), true)));
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
    Checks.nonNegative(spec, "minReadySeconds", "spec", errors);
    templates.selectorAndTemplate(spec, errors);
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    WorkloadValidation.statusCounts(next.status(), STATUS_COUNTS, "readyReplicas", errors);
  }
}
