package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import org.jspecify.annotations.Nullable;

/**
 * Checks the selector and the template of a workload.
 *
 * <p>Follows pkg/apis/apps/validation/validation.go (v1.36).
 */
final class WorkloadValidation {

  private static final ImmutableList<String> ALWAYS = ImmutableList.of("Always");

  private final PodSpecValidation podSpecs;

  WorkloadValidation(PodSpecValidation podSpecs) {
    this.podSpecs = podSpecs;
  }

  /** {@code spec.selector} and {@code spec.template} of a Deployment or ReplicaSet. */
  void selectorAndTemplate(KubeMap spec, FieldErrors errors) {
    KubeMap selector = spec.map("selector");
    if (selector == null) {
      errors.required("spec.selector", "");
    } else {
      Checks.labelSelector(selector, "spec.selector", errors);
      notEmpty(selector, "deployment", errors);
    }
    if (Checks.evaluable(selector)) {
      template(spec.mapOrEmpty("template"), selector, errors);
    } else {
      errors.invalidText("spec.selector", Checks.selectorText(selector), "invalid label selector");
    }
  }

  private void template(KubeMap template, @Nullable KubeMap selector, FieldErrors errors) {
    selectedUnlessEmpty(template, selector, errors);
    podTemplate(template, "spec.template", errors);
    restartsAlways(template, "ReplicaSet", errors);
  }

  /** The selector must match the template's labels. */
  static void selected(KubeMap template, @Nullable KubeMap selector, FieldErrors errors) {
    KubeMap labels = template.mapOrEmpty("metadata").mapOrEmpty("labels");
    if (!LabelSelector.of(selector).matches(labels)) {
      notSelected(template, errors);
    }
  }

  /** An empty selector has an error of its own. */
  static void selectedUnlessEmpty(
      KubeMap template, @Nullable KubeMap selector, FieldErrors errors) {
    if (!LabelSelector.of(selector).empty()) {
      selected(template, selector, errors);
    }
  }

  static void notSelected(KubeMap template, FieldErrors errors) {
    errors.invalid(
        "spec.template.metadata.labels",
        template.mapOrEmpty("metadata").map("labels"),
        "`selector` does not match template `labels`");
  }

  /** A selector that is there selects something. */
  static void notEmpty(@Nullable KubeMap selector, String kind, FieldErrors errors) {
    if (selector != null
        && selector.mapOrEmpty("matchLabels").isEmpty()
        && selector.listOrEmpty("matchExpressions").isEmpty()) {
      errors.invalid("spec.selector", selector, "empty selector is invalid for " + kind);
    }
  }

  /** A {@code PodTemplateSpec}. */
  void podTemplate(KubeMap template, String path, FieldErrors errors) {
    KubeMap metadata = template.mapOrEmpty("metadata");
    Formats.labels(metadata.mapOrEmpty("labels"), path + ".labels", errors);
    Formats.annotations(metadata.mapOrEmpty("annotations"), path + ".annotations", errors);
    KubeMap spec = template.mapOrEmpty("spec");
    podSpecs.template(spec, path + ".spec", errors);
    if (!spec.listOrEmpty("ephemeralContainers").isEmpty()) {
      errors.forbidden(
          path + ".spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
    }
  }

  /** Pods that are replaced restart always and have no deadline. */
  static void restartsAlways(KubeMap template, String kind, FieldErrors errors) {
    KubeMap spec = template.mapOrEmpty("spec");
    String restartPolicy = spec.string("restartPolicy", "");
    if (!restartPolicy.equals("Always")) {
      errors.unsupported("spec.template.spec.restartPolicy", restartPolicy, ALWAYS);
    }
    if (spec.has("activeDeadlineSeconds")) {
      errors.forbidden(
          "spec.template.spec.activeDeadlineSeconds",
          "activeDeadlineSeconds in " + kind + " is not Supported");
    }
  }

  /**
   * The replica counts of a status, none of which may be negative or more than all.
   *
   * @param ready what the kind calls its ready replicas in a message
   */
  static void statusCounts(
      KubeMap status, ImmutableList<String> parts, String ready, FieldErrors errors) {
    long replicas = status.number("replicas", 0);
    Checks.nonNegative(status, "replicas", "status", errors);
    for (String part : parts) {
      Checks.nonNegative(status, part, "status", errors);
    }
    for (String part : parts) {
      if (status.number(part, 0) > replicas) {
        errors.invalid(
            "status." + part, status.get(part), "cannot be greater than status.replicas");
      }
    }
    if (status.number("availableReplicas", 0) > status.number("readyReplicas", 0)) {
      errors.invalid(
          "status.availableReplicas",
          status.get("availableReplicas"),
          "cannot be greater than " + ready);
    }
  }

  /** How often names collided is never counted down. */
  static void collisions(KubeObject next, KubeObject old, FieldErrors errors) {
    long collisions = next.status().number("collisionCount", 0);
    if (collisions < old.status().number("collisionCount", 0)) {
      errors.invalid("status.collisionCount", collisions, "cannot be decremented");
    }
  }
}
