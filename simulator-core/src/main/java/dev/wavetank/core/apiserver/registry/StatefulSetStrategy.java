package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.InternalJson;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.SpecStrategy;
import java.util.ArrayList;
import java.util.List;

/**
 * StatefulSets.
 *
 * <p>Follows pkg/registry/apps/statefulset/strategy.go, pkg/apis/apps/v1/defaults.go and
 * pkg/apis/apps/validation/validation.go (v1.36).
 */
final class StatefulSetStrategy extends SpecStrategy {

  private static final ImmutableList<String> STATUS_COUNTS =
      ImmutableList.of("readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas");
  private static final ImmutableList<String> MUTABLE =
      ImmutableList.of(
          "replicas",
          "template",
          "updateStrategy",
          "minReadySeconds",
          "ordinals",
          "revisionHistoryLimit",
          "persistentVolumeClaimRetentionPolicy");
  private static final ImmutableList<String> RETENTIONS = ImmutableList.of("Retain", "Delete");
  private static final String CLAIMS = "volumeClaimTemplates";
  private static final String RETENTION = "persistentVolumeClaimRetentionPolicy";
  private static final String ROLLING_UPDATE = "RollingUpdate";

  private final PodDefaults podDefaults;
  private final WorkloadValidation templates;

  StatefulSetStrategy(PodDefaults podDefaults, WorkloadValidation templates) {
    super(KubeMap.of("replicas", 0L, "availableReplicas", 0L));
    this.podDefaults = podDefaults;
    this.templates = templates;
  }

  @Override
  public List<String> nameErrors(String name) {
    return Formats.dnsLabel(name);
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap s = PodDefaults.unlessSet(object.spec(), "podManagementPolicy", "OrderedReady");
    s = s.with("template", podDefaults.template(s.mapOrEmpty("template"), true));
    s = s.with("updateStrategy", updateStrategy(s.mapOrEmpty("updateStrategy")));
    KubeMap retention = s.mapOrEmpty(RETENTION);
    retention = PodDefaults.unlessSet(retention, "whenDeleted", "Retain");
    s = s.with(RETENTION, PodDefaults.unlessSet(retention, "whenScaled", "Retain"));
    s = s.withDefault("replicas", 1L);
    s = s.withDefault("revisionHistoryLimit", 10L);
    return object.withSpec(PodDefaults.each(s, CLAIMS, StatefulSetStrategy::claim));
  }

  private static KubeMap updateStrategy(KubeMap strategy) {
    KubeMap s = strategy;
    if (s.string("type", "").isEmpty()) {
      s = s.with("type", ROLLING_UPDATE).with("rollingUpdate", s.mapOrEmpty("rollingUpdate"));
    }
    KubeMap rolling = s.map("rollingUpdate");
    if (rolling == null || !s.string("type", "").equals(ROLLING_UPDATE)) {
      return s;
    }
    rolling = rolling.withDefault("partition", 0L);
    return s.with("rollingUpdate", rolling);
  }

  private static KubeMap claim(KubeMap claim) {
    KubeMap status = PodDefaults.unlessSet(claim.mapOrEmpty("status"), "phase", "Pending");
    KubeMap spec = PodDefaults.unlessSet(claim.mapOrEmpty("spec"), "volumeMode", "Filesystem");
    return claim
        .with("kind", "PersistentVolumeClaim")
        .with("apiVersion", "v1")
        .with("spec", spec)
        .with("status", status);
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    spec(object.spec(), true, true, errors);
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    FieldErrors before = new FieldErrors();
    spec(old.spec(), false, true, before);
    spec(next.spec(), false, before.isEmpty(), errors);
    KubeMap fixed = next.spec();
    for (String field : MUTABLE) {
      fixed = fixed.with(field, old.spec().get(field));
    }
    if (!fixed.equals(old.spec())) {
      errors.forbidden(
          "spec",
          "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
              + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy'"
              + " and 'minReadySeconds' are forbidden");
    }
  }

  private void spec(KubeMap spec, boolean created, boolean template, FieldErrors errors) {
    management(spec.string("podManagementPolicy", ""), errors);
    updateStrategy(spec.mapOrEmpty("updateStrategy"), errors);
    KubeMap retention = spec.mapOrEmpty(RETENTION);
    for (String when : ImmutableList.of("whenDeleted", "whenScaled")) {
      String policy = retention.string(when, "");
      if (!RETENTIONS.contains(policy) && spec.has(RETENTION)) {
        errors.unsupported("spec." + RETENTION + "." + when, policy, RETENTIONS);
      }
    }
    KubeList claims = spec.listOrEmpty(CLAIMS);
    for (int i = 0; i < claims.size() && created; i++) {
      PersistentVolumeClaimStrategy.spec(
          claims.map(i).mapOrEmpty("spec"), "spec." + CLAIMS + "[" + i + "].spec", errors);
    }
    Checks.nonNegative(spec, "replicas", "spec", errors);
    Checks.nonNegative(spec, "minReadySeconds", "spec", errors);
    Checks.nonNegative(spec.mapOrEmpty("ordinals"), "start", "spec.ordinals", errors);
    if (created) {
      Checks.dnsLabelIfSet(spec, "serviceName", "spec", errors);
    }
    selectorAndTemplate(spec, template, errors);
  }

  private void selectorAndTemplate(KubeMap spec, boolean whole, FieldErrors errors) {
    KubeMap selector = spec.map("selector");
    if (selector == null) {
      errors.required("spec.selector", "");
    } else {
      Checks.labelSelector(selector, "spec.selector", errors);
      WorkloadValidation.notEmpty(selector, "statefulset", errors);
    }
    KubeMap template = spec.mapOrEmpty("template");
    if (Checks.evaluable(selector)) {
      WorkloadValidation.selectedUnlessEmpty(template, selector, errors);
      if (whole) {
        templates.podTemplate(asPodsHaveIt(spec, template), "spec.template", errors);
      }
      KubeMap metadata = template.mapOrEmpty("metadata");
      Formats.labels(metadata.mapOrEmpty("labels"), "spec.template.labels", errors);
      Formats.annotations(metadata.mapOrEmpty("annotations"), "spec.template.annotations", errors);
    } else {
      errors.invalidText("spec.selector", Checks.selectorText(selector), "");
    }
    WorkloadValidation.restartsAlways(template, "StatefulSet", errors);
  }

  /** The controller sets names and volumes of claims, so those of the template do not matter. */
  private static KubeMap asPodsHaveIt(KubeMap spec, KubeMap template) {
    KubeMap pod = template.mapOrEmpty("spec").without("subdomain").without("hostname");
    KubeList volumes = KubeList.EMPTY;
    KubeList own = pod.listOrEmpty("volumes");
    List<Object> names = new ArrayList<>();
    for (KubeMap claim : spec.listOrEmpty(CLAIMS).maps()) {
      String name = claim.mapOrEmpty("metadata").string("name", "");
      names.add(name);
      KubeMap source = KubeMap.of("claimName", name);
      volumes = volumes.plus(KubeMap.of("name", name, "persistentVolumeClaim", source));
    }
    if (names.isEmpty()) {
      return template.with("spec", pod);
    }
    for (KubeMap volume : own.maps()) {
      volumes = names.contains(volume.get("name")) ? volumes : volumes.plus(volume);
    }
    return template.with("spec", pod.with("volumes", volumes));
  }

  private static void management(String policy, FieldErrors errors) {
    if (policy.isEmpty()) {
      errors.required("spec.podManagementPolicy", "");
    } else if (!policy.equals("OrderedReady") && !policy.equals("Parallel")) {
      errors.invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'");
    }
  }

  private static void updateStrategy(KubeMap strategy, FieldErrors errors) {
    String path = "spec.updateStrategy";
    KubeMap rolling = strategy.map("rollingUpdate");
    switch (strategy.string("type", "")) {
      case "" -> errors.required(path, "");
      case "OnDelete" -> {
        if (rolling != null) {
          errors.invalidText(
              path + ".rollingUpdate",
              InternalJson.write(rolling, "apps.RollingUpdateStatefulSetStrategy"),
              "only allowed for updateStrategy 'RollingUpdate'");
        }
      }
      case ROLLING_UPDATE -> {
        if (rolling != null) {
          rollingUpdate(rolling, path + ".rollingUpdate", errors);
        }
      }
      default ->
          errors.invalidText(
              path,
              InternalJson.write(strategy, "apps.StatefulSetUpdateStrategy"),
              "must be 'RollingUpdate' or 'OnDelete'");
    }
  }

  private static void rollingUpdate(KubeMap rolling, String path, FieldErrors errors) {
    Checks.nonNegative(rolling, "partition", path, errors);
    Object unavailable = rolling.get("maxUnavailable");
    if (unavailable == null) {
      return;
    }
    Checks.intOrPercent(unavailable, path + ".maxUnavailable", errors);
    if (Checks.number(unavailable) == 0) {
      errors.invalid(path + ".maxUnavailable", unavailable, "cannot be 0");
    }
    Checks.notMoreThan100Percent(unavailable, path + ".maxUnavailable", errors);
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    WorkloadValidation.statusCounts(next.status(), STATUS_COUNTS, "status.readyReplicas", errors);
    Checks.nonNegative(next.status(), "observedGeneration", "status", errors);
    WorkloadValidation.collisions(next, old, errors);
  }

  @Override
  public List<String> warnings(KubeObject object, boolean created) {
    return object.spec().number("revisionHistoryLimit", 0) < 0
        ? ImmutableList.of(
            "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value"
                + " >= 0 is recommended")
        : ImmutableList.of();
  }
}
