package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.PodResources;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.apiserver.SubresourceUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The {@code resize} subresource of pods: cpu and memory of containers change, and nothing else.
 *
 * <p>Follows podResizeStrategy of pkg/registry/core/pod/strategy.go, ValidatePodResize of
 * pkg/apis/core/validation/validation.go and plugin/pkg/admission/podresize/admission.go (v1.36).
 */
public final class PodResize implements SubresourceUpdate {

  private static final ImmutableList<String> LISTS =
      ImmutableList.of("initContainers", "containers");
  private static final ImmutableList<String> AMOUNTS = ImmutableList.of("requests", "limits");
  private static final String ONLY = "only cpu and memory resources are mutable";

  private final ApiServer server;

  public PodResize(ApiServer server) {
    this.server = server;
  }

  /**
   * The pod in the size that is asked for.
   *
   * @throws ApiException 422 when that is not allowed, 403 when it is more than the pod's node has
   */
  @Override
  public KubeObject updated(ResourceStrategy strategy, KubeObject asked, KubeObject old) {
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
    if (next.spec().equals(old.spec())) {
      return old;
    }
    requireRoom(next);
    return next.withMetadata(next.metadata().with("generation", old.generation() + 1));
  }

  /** Refuses what the pod's node could not give even if it had no other pods. */
  private void requireRoom(KubeObject pod) {
    String name = pod.spec().string("nodeName", "");
    if (name.isEmpty()) {
      return;
    }
    KubeObject node = server.find(ObjectKey.of(ResourceType.NODES, "", name));
    if (node == null) {
      throw forbidden(pod, "node \"" + name + "\" not found", "");
    }
    String system = node.labels().string("kubernetes.io/os", "linux");
    if (!system.equals("linux")) {
      throw forbidden(
          pod,
          "pod resize is only supported on linux nodes, node \""
              + name
              + "\" is \""
              + system
              + "\"",
          "UnsupportedPlatform");
    }
    Map<String, Quantity> requests = PodResources.requests(pod.spec());
    KubeMap allocatable = node.status().mapOrEmpty("allocatable");
    List<String> lacks = new ArrayList<>(0);
    for (String resource : ImmutableList.of("cpu", "memory")) {
      Quantity asked = requests.getOrDefault(resource, Quantity.ZERO);
      Quantity most = Quantity.of(allocatable.get(resource));
      if (asked.cmp(most) > 0) {
        boolean cpu = resource.equals("cpu");
        lacks.add(
            resource
                + ", requested: "
                + (cpu ? asked.milliValue() : asked.value())
                + ", allocatable: "
                + (cpu ? most.milliValue() : most.value()));
      }
    }
    if (!lacks.isEmpty()) {
      throw forbidden(
          pod,
          "node didn't have enough allocatable resources: " + String.join("; ", lacks),
          "NodeCapacity");
    }
  }

  /**
   * A refusal.
   *
   * @param cause its kind; empty for none
   */
  private static ApiException forbidden(KubeObject pod, String why, String cause) {
    Status status = Status.forbidden(ResourceType.PODS, pod.name(), why);
    return new ApiException(
        cause.isEmpty()
            ? status
            : new Status(
                status.code(),
                status.reason(),
                status.message(),
                ResourceType.PODS,
                pod.name(),
                ImmutableList.of(new Status.Cause(cause, "", ""))));
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
