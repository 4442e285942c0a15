package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.InternalJson;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;

/**
 * What of a Job's template may change: nothing while the Job runs; where its pods go and what they
 * ask for while it is suspended and has none.
 *
 * <p>Follows validatePodTemplateUpdate of pkg/apis/batch/validation/validation.go (v1.36).
 */
final class JobTemplateUpdates {

  private static final ImmutableList<String> DIRECTIVES =
      ImmutableList.of("nodeSelector", "tolerations", "schedulingGates");
  private static final ImmutableList<String> CONTAINERS =
      ImmutableList.of("containers", "initContainers");

  private JobTemplateUpdates() {}

  static void validate(KubeObject next, KubeObject old, FieldErrors errors) {
    KubeMap template = next.spec().mapOrEmpty("template");
    KubeMap before = old.spec().mapOrEmpty("template");
    boolean open = withoutPods(old);
    if (open) {
      before = withDirectives(before, template);
    }
    KubeMap spec = template.mapOrEmpty("spec");
    KubeMap oldSpec = before.mapOrEmpty("spec");
    if (!open && !template.equals(before)) {
      errors.invalidText(
          "spec.template",
          InternalJson.write(template, "core.PodTemplateSpec"),
          "field is immutable");
    } else if (open && !spec.equals(withResources(oldSpec, spec))) {
      errors.invalidText(
          "spec.template.spec", InternalJson.write(spec, "core.PodSpec"), "field is immutable");
    }
  }

  private static boolean withoutPods(KubeObject job) {
    boolean fresh = !job.status().has("startTime");
    return job.spec().bool("suspend", false)
        && (fresh || JobStatusValidation.holds(job, "Suspended"))
        && job.status().number("active", 0) == 0;
  }

  /** The old template with the new one's labels, annotations and scheduling directives. */
  private static KubeMap withDirectives(KubeMap old, KubeMap next) {
    KubeMap metadata = old.mapOrEmpty("metadata");
    KubeMap newMetadata = next.mapOrEmpty("metadata");
    for (String field : ImmutableList.of("labels", "annotations")) {
      metadata = metadata.with(field, newMetadata.get(field));
    }
    KubeMap spec = old.mapOrEmpty("spec");
    KubeMap newSpec = next.mapOrEmpty("spec");
    for (String directive : DIRECTIVES) {
      spec = spec.with(directive, newSpec.get(directive));
    }
    Object affinity = newSpec.mapOrEmpty("affinity").get("nodeAffinity");
    KubeMap mixed = spec.mapOrEmpty("affinity").with("nodeAffinity", affinity);
    boolean gone = mixed.isEmpty() && !newSpec.has("affinity");
    spec = spec.with("affinity", gone ? null : mixed);
    return old.with("metadata", metadata.isEmpty() ? next.get("metadata") : metadata)
        .with("spec", spec);
  }

  private static KubeMap withResources(KubeMap old, KubeMap next) {
    KubeMap spec = old;
    for (String field : CONTAINERS) {
      KubeList containers = old.listOrEmpty(field);
      KubeList asked = next.listOrEmpty(field);
      KubeList mixed = containers;
      for (int i = 0; i < containers.size() && containers.size() == asked.size(); i++) {
        KubeMap container = containers.map(i);
        if (container.string("name", "").equals(asked.map(i).string("name", ""))) {
          mixed = mixed.with(i, container.with("resources", asked.map(i).get("resources")));
        }
      }
      spec = containers.isEmpty() ? spec : spec.with(field, mixed);
    }
    return spec;
  }
}
