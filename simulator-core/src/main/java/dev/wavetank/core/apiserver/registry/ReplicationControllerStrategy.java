package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.SpecStrategy;
import java.util.List;

/**
 * ReplicationControllers, and with them PodTemplates of their own.
 *
 * <p>Follows pkg/registry/core/replicationcontroller/strategy.go, pkg/apis/core/v1/defaults.go and
 * pkg/apis/core/validation/validation.go (v1.36).
 */
final class ReplicationControllerStrategy extends SpecStrategy {

  private static final ImmutableList<String> STATUS_COUNTS =
      ImmutableList.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas");

  private final PodDefaults podDefaults;
  private final WorkloadValidation templates;

  ReplicationControllerStrategy(PodDefaults podDefaults, WorkloadValidation templates) {
    super(KubeMap.of("replicas", 0L));
    this.podDefaults = podDefaults;
    this.templates = templates;
  }

  @Override
  public boolean orphansDependents() {
    return true;
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap s = object.spec();
    s = s.withDefault("replicas", 1L);
    KubeMap template = s.map("template");
    if (template == null) {
      return object.withSpec(s);
    }
    s = s.with("template", podDefaults.template(template, true));
    KubeMap labels = template.mapOrEmpty("metadata").mapOrEmpty("labels");
    if (labels.isEmpty()) {
      return object.withSpec(s);
    }
    s = s.mapOrEmpty("selector").isEmpty() ? s.with("selector", labels) : s;
    KubeObject next = object.withSpec(s);
    return object.labels().isEmpty()
        ? next.withMetadata(next.metadata().with("labels", labels))
        : next;
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    Checks.nonNegative(spec, "minReadySeconds", "spec", errors);
    KubeMap selector = spec.mapOrEmpty("selector");
    if (selector.isEmpty()) {
      errors.required("spec.selector", "");
    }
    Checks.nonNegative(spec, "replicas", "spec", errors);
    KubeMap template = spec.map("template");
    if (template == null) {
      errors.required("spec.template", "");
      return;
    }
    KubeMap labels = template.mapOrEmpty("metadata").mapOrEmpty("labels");
    if (!LabelSelector.ofLabels(selector).matches(labels)) {
      WorkloadValidation.notSelected(template, errors);
    }
    templates.podTemplate(template, "spec.template", errors);
    WorkloadValidation.restartsAlways(template, "ReplicationController", errors);
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    WorkloadValidation.statusCounts(next.status(), STATUS_COUNTS, "readyReplicas", errors);
    Checks.nonNegative(next.status(), "observedGeneration", "status", errors);
  }

  @Override
  public List<String> warnings(KubeObject object, boolean created) {
    return JobValidation.nameWarnings(object, created);
  }

  /** PodTemplates: objects that are no more than a template. */
  static SpecStrategy ofTemplates(PodDefaults podDefaults, WorkloadValidation templates) {
    return new SpecStrategy() {
      @Override
      public KubeObject defaults(KubeObject object) {
        KubeMap template = object.root().mapOrEmpty("template");
        return object.with(podDefaults.template(template, true), "template");
      }

      @Override
      public boolean raisesGeneration(KubeObject next, KubeObject old) {
        return !next.root().mapOrEmpty("template").equals(old.root().map("template"));
      }

      @Override
      public void validateCreate(KubeObject object, FieldErrors errors) {
        templates.podTemplate(object.root().mapOrEmpty("template"), "template", errors);
      }
    };
  }
}
