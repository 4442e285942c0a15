package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.InternalJson;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.SpecStrategy;

/**
 * DaemonSets. The generation of the template, once a field, is an annotation that only the API
 * server writes.
 *
 * <p>Follows pkg/registry/apps/daemonset/strategy.go, pkg/apis/apps/v1/defaults.go,
 * pkg/apis/apps/v1/conversion.go and pkg/apis/apps/validation/validation.go (v1.36).
 */
final class DaemonSetStrategy extends SpecStrategy {

  private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";
  private static final ImmutableList<String> STATUS_COUNTS =
      ImmutableList.of(
          "currentNumberScheduled",
          "numberMisscheduled",
          "desiredNumberScheduled",
          "numberReady",
          "observedGeneration",
          "updatedNumberScheduled",
          "numberAvailable",
          "numberUnavailable",
          "collisionCount");
  private static final ImmutableList<String> TYPES = ImmutableList.of("RollingUpdate", "OnDelete");
  private static final String STRATEGY = "spec.updateStrategy";

  private final PodDefaults podDefaults;
  private final WorkloadValidation templates;

  DaemonSetStrategy(PodDefaults podDefaults, WorkloadValidation templates) {
    super(
        KubeMap.of(
            "currentNumberScheduled",
            0L,
            "numberMisscheduled",
            0L,
            "desiredNumberScheduled",
            0L,
            "numberReady",
            0L));
    this.podDefaults = podDefaults;
    this.templates = templates;
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap s = object.spec();
    s = s.with("template", podDefaults.template(s.mapOrEmpty("template"), true));
    KubeMap strategy = PodDefaults.unlessSet(s.mapOrEmpty("updateStrategy"), "type", TYPES.get(0));
    if (strategy.string("type", "").equals(TYPES.get(0))) {
      KubeMap rolling = strategy.mapOrEmpty("rollingUpdate");
      rolling = rolling.withDefault("maxUnavailable", 1L);
      rolling = rolling.withDefault("maxSurge", 0L);
      strategy = strategy.with("rollingUpdate", rolling);
    }
    s = s.with("updateStrategy", strategy);
    return object.withSpec(s.withDefault("revisionHistoryLimit", 10L));
  }

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    return withTemplateGeneration(super.prepareForCreate(object), "1");
  }

  @Override
  public KubeObject prepareForUpdate(KubeObject next, KubeObject old) {
    String generation = old.annotations().string(TEMPLATE_GENERATION, "1");
    boolean same = next.spec().mapOrEmpty("template").equals(old.spec().map("template"));
    return withTemplateGeneration(
        next, same ? generation : Long.toString(Long.parseLong(generation) + 1));
  }

  private static KubeObject withTemplateGeneration(KubeObject object, String generation) {
    KubeMap annotations = object.annotations().with(TEMPLATE_GENERATION, generation);
    return object.withMetadata(object.metadata().with("annotations", annotations));
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    KubeMap selector = spec.map("selector");
    KubeMap template = spec.mapOrEmpty("template");
    Checks.labelSelector(selector, "spec.selector", errors);
    if (Checks.evaluable(selector)) {
      WorkloadValidation.selected(template, selector, errors);
    }
    WorkloadValidation.notEmpty(selector, "daemonset", errors);
    templates.podTemplate(template, "spec.template", errors);
    WorkloadValidation.restartsAlways(template, "DaemonSet", errors);
    Checks.nonNegative(spec, "minReadySeconds", "spec", errors);
    updateStrategy(spec.mapOrEmpty("updateStrategy"), errors);
    Checks.nonNegative(spec, "revisionHistoryLimit", "spec", errors);
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    Checks.immutableSelector(
        next.spec().map("selector"), old.spec().map("selector"), "spec.selector", errors);
    validateCreate(next, errors);
  }

  private static void updateStrategy(KubeMap strategy, FieldErrors errors) {
    switch (strategy.string("type", "")) {
      case "OnDelete" -> {}
      case "RollingUpdate" ->
          rollingUpdate(strategy.mapOrEmpty("rollingUpdate"), STRATEGY + ".rollingUpdate", errors);
      default ->
          errors.unsupportedText(
              STRATEGY, InternalJson.write(strategy, "apps.DaemonSetUpdateStrategy"), TYPES);
    }
  }

  private static void rollingUpdate(KubeMap rolling, String path, FieldErrors errors) {
    Object unavailable = rolling.get("maxUnavailable");
    Object surge = rolling.get("maxSurge");
    Checks.intOrPercent(unavailable, path + ".maxUnavailable", errors);
    Checks.intOrPercent(surge, path + ".maxSurge", errors);
    Checks.notMoreThan100Percent(unavailable, path + ".maxUnavailable", errors);
    Checks.notMoreThan100Percent(surge, path + ".maxSurge", errors);
    boolean gaps = Checks.number(unavailable) != 0;
    boolean surges = Checks.number(surge) != 0;
    if (gaps && surges) {
      errors.invalid(path + ".maxSurge", surge, "may not be set when maxUnavailable is non-zero");
    } else if (!gaps && !surges) {
      errors.required(path + ".maxUnavailable", "cannot be 0 when maxSurge is 0");
    }
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    for (String count : STATUS_COUNTS) {
      Checks.nonNegative(next.status(), count, "status", errors);
    }
    WorkloadValidation.collisions(next, old, errors);
  }
}
