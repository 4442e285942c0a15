package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.util.Objects;

/**
 * The {@code resize} subresource of pods: cpu and memory of containers change, and nothing else.
 *
 * <p>Follows podResizeStrategy of pkg/registry/core/pod/strategy.go and ValidatePodResize of
 * pkg/apis/core/validation/validation.go (v1.36).
 */
public final class PodResize {

  private static final ImmutableList<String> LISTS =
      ImmutableList.of("initContainers", "containers");
  private static final ImmutableList<String> AMOUNTS = ImmutableList.of("requests", "limits");
  private static final String ONLY = "only cpu and memory resources are mutable";

  private PodResize() {}

  /**
   * The pod in the size that is asked for.
   *
   * @throws ApiException 422 when that is not allowed
   */
  public static KubeObject updated(ResourceStrategy strategy, KubeObject asked, KubeObject old) {
    FieldErrors errors = new FieldErrors();
    KubeMap spec = old.spec().with("resources", asked.spec().get("resources"));
    for (String list : LISTS) {
      KubeList containers = old.spec().listOrEmpty(list);
      KubeList wanted = asked.spec().listOrEmpty(list);
      if (sameNames(wanted, containers)) {
        for (int i = 0; i < containers.size(); i++) {
          containers = containers.with(i, sized(containers.map(i), wanted.map(i)));
        }
        spec = containers.isEmpty() ? spec : spec.with(list, containers);
      } else {
        errors.forbidden(
            "spec." + list, "containers may not be added, removed, renamed or reordered on resize");
      }
    }
    KubeObject next = strategy.defaults(old.withSpec(spec));
    if (errors.isEmpty()) {
      validate(strategy, next, old, errors);
    }
    if (!errors.isEmpty()) {
      throw new ApiException(errors.status(ResourceType.PODS, old.name()));
    }
    return next.spec().equals(old.spec())
        ? old
        : next.withMetadata(next.metadata().with("generation", old.generation() + 1));
  }

  private static boolean sameNames(KubeList one, KubeList other) {
    boolean same = one.size() == other.size();
    for (int i = 0; same && i < one.size(); i++) {
      same = Objects.equals(one.map(i).get("name"), other.map(i).get("name"));
    }
    return same;
  }

  private static KubeMap sized(KubeMap container, KubeMap wanted) {
    return container
        .with("resources", wanted.get("resources"))
        .with("resizePolicy", wanted.get("resizePolicy"));
  }

  private static void validate(
      ResourceStrategy strategy, KubeObject next, KubeObject old, FieldErrors errors) {
    strategy.validateCreate(next.withSpec(next.spec().without("ephemeralContainers")), errors);
    if (!QosClass.of(next.spec()).equals(QosClass.of(old.spec()))) {
      errors.invalid(
          "spec",
          old.status().string("qosClass", ""),
          "Pod QOS Class may not change as a result of resizing");
    }
    if (old.annotations().has("kubernetes.io/config.mirror")) {
      errors.forbidden("", "static pods cannot be resized");
    }
    for (String list : LISTS) {
      KubeList before = old.spec().listOrEmpty(list);
      for (int i = 0; i < before.size(); i++) {
        KubeMap after = next.spec().listOrEmpty(list).map(i);
        resources(
            after.mapOrEmpty("resources"),
            before.map(i).mapOrEmpty("resources"),
            "spec." + list + "[" + i + "].resources",
            errors);
        if (!rest(after).equals(rest(before.map(i)))) {
          errors.forbidden("spec", ONLY);
        }
      }
    }
  }

  private static void resources(KubeMap next, KubeMap old, String path, FieldErrors errors) {
    for (String amounts : AMOUNTS) {
      for (String name : old.mapOrEmpty(amounts).keys()) {
        if (!next.mapOrEmpty(amounts).has(name)) {
          errors.forbidden(path + "." + amounts, "resource " + amounts + " cannot be removed");
          break;
        }
      }
    }
  }

  /** A container without its cpu and memory. */
  private static KubeMap rest(KubeMap container) {
    KubeMap resources = container.mapOrEmpty("resources");
    for (String amounts : AMOUNTS) {
      KubeMap left = resources.mapOrEmpty(amounts).without("cpu").without("memory");
      resources = resources.with(amounts, left.isEmpty() ? null : left);
    }
    return container.with("resources", resources).without("resizePolicy");
  }
}
