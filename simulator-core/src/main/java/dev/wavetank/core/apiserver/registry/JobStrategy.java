package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.InternalJson;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.SpecStrategy;
import java.util.List;
import java.util.Objects;

/**
 * Jobs: unless it says otherwise, a Job gets a selector of its own, which only its pods match.
 *
 * <p>Follows pkg/registry/batch/job/strategy.go, pkg/apis/batch/v1/defaults.go and
 * pkg/apis/batch/validation/validation.go (v1.36).
 */
final class JobStrategy extends SpecStrategy {

  private static final String UID = "batch.kubernetes.io/controller-uid";
  private static final String NAME = "batch.kubernetes.io/job-name";
  private static final String OLD_UID = "controller-uid";
  private static final String OLD_NAME = "job-name";
  private static final long BACKOFF_LIMIT = 6;

  private final PodDefaults podDefaults;
  private final JobValidation specs;

  JobStrategy(PodDefaults podDefaults, JobValidation specs) {
    super(KubeMap.EMPTY);
    this.podDefaults = podDefaults;
    this.specs = specs;
  }

  /** A Job that is deleted without a word leaves its pods alone. */
  @Override
  public boolean orphansDependents() {
    return true;
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap spec = object.spec();
    KubeMap s = spec;
    if (!s.has("completions") && !s.has("parallelism")) {
      s = s.with("completions", 1L);
    }
    s = s.withDefault("parallelism", 1L);
    if (!s.has("backoffLimit")) {
      long limit = s.has("backoffLimitPerIndex") ? Integer.MAX_VALUE : BACKOFF_LIMIT;
      s = s.with("backoffLimit", limit);
    }
    s = s.withDefault("completionMode", "NonIndexed");
    s = s.withDefault("suspend", false);
    if (!s.has("podReplacementPolicy")) {
      String policy = s.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed";
      s = s.with("podReplacementPolicy", policy);
    }
    s = s.withDefault("manualSelector", false);
    s = nestedDefaults(s, podDefaults);
    KubeMap labels = s.mapOrEmpty("template").mapOrEmpty("metadata").mapOrEmpty("labels");
    KubeObject next = object.withSpec(s);
    return object.labels().isEmpty() && !labels.isEmpty()
        ? next.withMetadata(next.metadata().with("labels", labels))
        : next;
  }

  /** The defaults that the spec of a CronJob's template gets too. */
  static KubeMap nestedDefaults(KubeMap spec, PodDefaults podDefaults) {
    KubeMap s = spec.with("template", podDefaults.template(spec.mapOrEmpty("template"), true));
    KubeMap failures = s.map("podFailurePolicy");
    return failures == null
        ? s
        : s.with("podFailurePolicy", PodDefaults.each(failures, "rules", JobStrategy::rule));
  }

  private static KubeMap rule(KubeMap rule) {
    return PodDefaults.each(
        rule, "onPodConditions", pattern -> PodDefaults.unlessSet(pattern, "status", "True"));
  }

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    KubeObject fresh = super.prepareForCreate(object);
    return fresh.spec().bool("manualSelector", false) ? fresh : withSelector(fresh);
  }

  private static KubeObject withSelector(KubeObject job) {
    KubeMap spec = job.spec();
    KubeMap template = spec.mapOrEmpty("template");
    KubeMap metadata = template.mapOrEmpty("metadata");
    KubeMap labels = metadata.mapOrEmpty("labels");
    labels = labels.withDefault(OLD_NAME, job.name()).withDefault(NAME, job.name());
    labels = labels.withDefault(OLD_UID, job.uid()).withDefault(UID, job.uid());
    // Labels that the Job took over from its template are the same map upstream.
    KubeObject labelled =
        job.labels().isEmpty() || job.labels() == metadata.map("labels")
            ? job.withMetadata(job.metadata().with("labels", labels))
            : job;
    KubeMap selector = spec.mapOrEmpty("selector");
    KubeMap matched = selector.mapOrEmpty("matchLabels").withDefault(UID, job.uid());
    return labelled.withSpec(
        spec.with("template", template.with("metadata", metadata.with("labels", labels)))
            .with("selector", selector.with("matchLabels", matched)));
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    validate(object, true, errors);
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    KubeMap oldLabels = old.spec().mapOrEmpty("template").mapOrEmpty("metadata");
    oldLabels = oldLabels.mapOrEmpty("labels");
    validate(next, oldLabels.has(NAME) && oldLabels.has(UID), errors);
    KubeMap spec = next.spec();
    KubeMap before = old.spec();
    whole(spec, errors);
    completions(spec, before, errors);
    Checks.immutableSelector(spec.map("selector"), before.map("selector"), "spec.selector", errors);
    JobTemplateUpdates.validate(next, old, errors);
    immutable(spec, before, "completionMode", errors);
    immutableMap(spec, before, "podFailurePolicy", "batch.PodFailurePolicy", errors);
    immutable(spec, before, "backoffLimitPerIndex", errors);
    immutable(spec, before, "managedBy", errors);
    immutableMap(spec, before, "successPolicy", "batch.SuccessPolicy", errors);
  }

  private static void immutable(KubeMap spec, KubeMap old, String field, FieldErrors errors) {
    Checks.immutable(spec.get(field), old.get(field), "spec." + field, errors);
  }

  private static void immutableMap(
      KubeMap spec, KubeMap old, String field, String type, FieldErrors errors) {
    if (!Objects.equals(spec.get(field), old.get(field))) {
      errors.invalidText(
          "spec." + field, InternalJson.write(spec.map(field), type), "field is immutable");
    }
  }

  private void validate(KubeObject job, boolean newLabels, FieldErrors errors) {
    KubeMap spec = job.spec();
    if (!spec.bool("manualSelector", false) && spec.has("selector")) {
      generatedSelector(job, newLabels, errors);
    }
    whole(spec, errors);
    long completions = spec.number("completions", 0);
    if (spec.string("completionMode", "").equals(JobValidation.INDEXED) && completions > 0) {
      String last = job.name() + "-" + (completions - 1);
      if (!Formats.dnsLabel(last).isEmpty()) {
        errors.invalid(
            "metadata.name",
            job.name(),
            "will not able to create pod with invalid DNS label: " + last);
      }
    }
  }

  private void whole(KubeMap spec, FieldErrors errors) {
    specs.spec(spec, "spec", errors);
    KubeMap selector = spec.map("selector");
    if (selector == null) {
      errors.required("spec.selector", "");
    } else {
      Checks.labelSelector(selector, "spec.selector", errors);
    }
    if (Checks.evaluable(selector)) {
      WorkloadValidation.selected(spec.mapOrEmpty("template"), selector, errors);
    }
  }

  private static void generatedSelector(KubeObject job, boolean newLabels, FieldErrors errors) {
    KubeMap labels = job.spec().mapOrEmpty("template").mapOrEmpty("metadata");
    labels = labels.mapOrEmpty("labels");
    hasLabel(labels, OLD_UID, job.uid(), errors);
    hasLabel(labels, OLD_NAME, job.name(), errors);
    KubeMap expected = KubeMap.of(OLD_UID, job.uid(), OLD_NAME, job.name());
    if (newLabels) {
      hasLabel(labels, UID, job.uid(), errors);
      hasLabel(labels, NAME, job.name(), errors);
      expected = expected.with(UID, job.uid()).with(NAME, job.name());
    }
    KubeMap selector = job.spec().map("selector");
    if (Checks.evaluable(selector) && !LabelSelector.of(selector).matches(expected)) {
      errors.invalidText(
          "spec.selector", Checks.selectorText(selector), "`selector` not auto-generated");
    }
  }

  private static void hasLabel(KubeMap labels, String key, String value, FieldErrors errors) {
    String path = "spec.template.metadata.labels[" + key + "]";
    if (!labels.has(key)) {
      errors.required(path, "must be '" + value + "'");
    } else if (!value.equals(labels.get(key))) {
      errors.invalid(path, labels, "must be '" + value + "'");
    }
  }

  private static void completions(KubeMap spec, KubeMap old, FieldErrors errors) {
    Object next = spec.get("completions");
    if (!spec.string("completionMode", "").equals(JobValidation.INDEXED)) {
      Checks.immutable(next, old.get("completions"), "spec.completions", errors);
    } else if (next != null
        && !next.equals(old.get("completions"))
        && !next.equals(spec.get("parallelism"))) {
      errors.invalid(
          "spec.completions", next, "can only be modified in tandem with spec.parallelism");
    }
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    new JobStatusValidation(next, old, errors).validate();
  }

  @Override
  public List<String> warnings(KubeObject object, boolean created) {
    return JobValidation.warnings(object, object.spec(), "spec", created);
  }
}
