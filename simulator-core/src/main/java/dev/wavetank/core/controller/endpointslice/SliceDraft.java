package dev.wavetank.core.controller.endpointslice;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.controller.ControllerRefManager;
import dev.wavetank.core.controller.ServicePods;
import dev.wavetank.core.controller.TriggerTimeTracker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A slice while it is packed: a new one, or a changed copy of one that exists. */
final class SliceDraft {

  static final String SERVICE_NAME = "kubernetes.io/service-name";
  static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  static final String HEADLESS = "service.kubernetes.io/headless";
  static final String CONTROLLER = "endpointslice-controller.k8s.io";

  private final KubeObject base;
  final List<KubeMap> endpoints;

  private SliceDraft(KubeObject base, List<KubeMap> endpoints) {
    this.base = base;
    this.endpoints = endpoints;
  }

  /** A slice that does not exist yet. */
  static SliceDraft create(KubeObject service, String addressType, KubeList ports) {
    KubeMap metadata =
        KubeMap.of(
            "generateName", prefix(service.name()),
            "namespace", service.namespace(),
            "labels", labels(service),
            "ownerReferences",
                KubeList.of(ControllerRefManager.controllerRef(ResourceType.SERVICES, service)));
    KubeMap root =
        KubeMap.of(
            "apiVersion",
            ResourceType.ENDPOINT_SLICES.apiVersion(),
            "kind",
            ResourceType.ENDPOINT_SLICES.kind(),
            "metadata",
            metadata,
            "addressType",
            addressType,
            "endpoints",
            KubeList.EMPTY,
            "ports",
            ports);
    return new SliceDraft(KubeObject.of(root), new ArrayList<>());
  }

  private static String prefix(String name) {
    String dashed = name + "-";
    return Formats.dnsSubdomain(Formats.maskTrailingDash(dashed)).isEmpty() ? dashed : name;
  }

  /** A copy of a slice with its Service's labels. */
  static SliceDraft copy(KubeObject slice, KubeObject service, List<KubeMap> endpoints) {
    KubeObject labelled = slice.withMetadata(slice.metadata().with("labels", labels(service)));
    return new SliceDraft(labelled, endpoints);
  }

  /** A copy of a slice, labels as they are. */
  static SliceDraft copy(KubeObject slice) {
    List<KubeMap> endpoints = new ArrayList<>();
    for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
      endpoints.add(endpoint);
    }
    return new SliceDraft(slice, endpoints);
  }

  private static boolean reserved(String label) {
    return label.equals(SERVICE_NAME) || label.equals(MANAGED_BY) || label.equals(HEADLESS);
  }

  private static KubeMap labels(KubeObject service) {
    KubeMap.Builder labels = KubeMap.builder();
    KubeMap own = service.labels();
    for (int i = 0; i < own.size(); i++) {
      labels.put(own.keyAt(i), reserved(own.keyAt(i)) ? null : own.valueAt(i));
    }
    if (ServicePods.headless(service)) {
      labels.put(HEADLESS, "");
    }
    return labels.put(SERVICE_NAME, service.name()).put(MANAGED_BY, CONTROLLER).build();
  }

  /** Whether a slice lacks a label of its Service or has one that the Service has not. */
  static boolean labelsDiffer(KubeObject slice, KubeObject service) {
    return differ(slice.labels(), service.labels()) || differ(service.labels(), slice.labels());
  }

  private static boolean differ(KubeMap one, KubeMap other) {
    for (int i = 0; i < one.size(); i++) {
      if (!reserved(one.keyAt(i)) && !one.valueAt(i).equals(other.get(one.keyAt(i)))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a slice that is to go is just what stands for no endpoints. */
  boolean placeholderLike(KubeObject slice) {
    return slice.namespace().equals(base.namespace())
        && slice.labels().equals(base.labels())
        && slice.root().listOrEmpty("endpoints").isEmpty()
        && slice.root().listOrEmpty("ports").isEmpty()
        && base.root().string("addressType", "").equals(slice.root().get("addressType"));
  }

  String name() {
    return base.name();
  }

  String addressType() {
    return base.root().string("addressType", "");
  }

  /** This draft under the name of a slice that it replaces. */
  SliceDraft named(String name) {
    return new SliceDraft(base.with(name, "metadata", "name"), endpoints);
  }

  /**
   * The slice to be written.
   *
   * @param triggerTime null clears the annotation
   */
  KubeObject slice(@Nullable String triggerTime) {
    KubeMap annotations = base.annotations().with(TriggerTimeTracker.ANNOTATION, triggerTime);
    return base.withRoot(base.root().with("endpoints", KubeList.copyOf(endpoints)))
        .with(annotations.isEmpty() ? null : annotations, "metadata", "annotations");
  }
}
