package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Containers that are added to a pod after it has started, to look into it. They can be neither
 * changed nor taken away.
 *
 * <p>Follows podEphemeralContainersStrategy of pkg/registry/core/pod/strategy.go and
 * ValidatePodEphemeralContainersUpdate of pkg/apis/core/validation/validation.go (v1.36).
 */
public final class EphemeralContainers {

  private static final String FIELD = "ephemeralContainers";
  private static final String PATH = "spec." + FIELD;

  /** What other containers have and these do not. */
  private static final ImmutableList<String> ABSENT =
      ImmutableList.of(
          "ports", "resources", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle");

  private EphemeralContainers() {}

  /**
   * The pod with the ephemeral containers that are asked for; nothing else of what is asked counts.
   *
   * @throws ApiException 422 when they are not valid
   */
  public static KubeObject updated(ResourceStrategy strategy, KubeObject asked, KubeObject old) {
    KubeList containers = asked.spec().listOrEmpty(FIELD);
    KubeMap spec = old.spec().with(FIELD, containers.isEmpty() ? null : containers);
    KubeObject next = strategy.defaults(old.withSpec(spec));
    FieldErrors errors = new FieldErrors();
    validate(next.spec(), errors);
    unchanged(next.spec().listOrEmpty(FIELD), old.spec().listOrEmpty(FIELD), errors);
    if (!errors.isEmpty()) {
      throw new ApiException(errors.status(ResourceType.PODS, old.name()));
    }
    return next.spec().equals(old.spec())
        ? old
        : next.withMetadata(next.metadata().with("generation", old.generation() + 1));
  }

  private static void validate(KubeMap spec, FieldErrors errors) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> targets = new LinkedHashSet<>();
    for (String list : ImmutableList.of("containers", "initContainers")) {
      for (KubeMap container : spec.listOrEmpty(list).maps()) {
        targets.add(container.string("name", ""));
      }
    }
    names.addAll(targets);
    KubeList containers = spec.listOrEmpty(FIELD);
    for (int i = 0; i < containers.size(); i++) {
      KubeMap container = containers.map(i);
      String path = PATH + "[" + i + "]";
      String name = container.string("name", "");
      if (name.isEmpty()) {
        errors.required(path + ".name", "");
      } else if (!Formats.dnsLabel(name).isEmpty()) {
        errors.invalid(path + ".name", name, Formats.dnsLabel(name));
      } else if (!names.add(name)) {
        errors.duplicate(path + ".name", name);
      }
      if (container.string("image", "").isEmpty()) {
        errors.required(path + ".image", "");
      }
      for (String absent : ABSENT) {
        if (container.has(absent) && !KubeMap.EMPTY.equals(container.get(absent))) {
          errors.forbidden(path + "." + absent, "cannot be set for an Ephemeral Container");
        }
      }
      String target = container.string("targetContainerName", "");
      if (!target.isEmpty() && !targets.contains(target)) {
        errors.notFound(path + ".targetContainerName", target);
      }
    }
  }

  private static void unchanged(KubeList next, KubeList old, FieldErrors errors) {
    for (KubeMap before : old.maps()) {
      String name = before.string("name", "");
      KubeMap after = next.find("name", name);
      if (after == null) {
        errors.forbidden(
            PATH, "existing ephemeral containers \"" + name + "\" may not be removed\n");
      } else if (!after.equals(before)) {
        errors.forbidden(
            PATH, "existing ephemeral containers \"" + name + "\" may not be changed\n");
      }
    }
  }
}
