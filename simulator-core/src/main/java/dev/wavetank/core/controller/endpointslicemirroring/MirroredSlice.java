package dev.wavetank.core.controller.endpointslicemirroring;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.controller.ControllerRefManager;
import dev.wavetank.core.controller.TriggerTimeTracker;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A slice that mirrors Endpoints: their labels and annotations, owned by them.
 *
 * <p>Follows pkg/controller/endpointslicemirroring/utils.go (v1.36).
 */
final class MirroredSlice {

  static final String SERVICE_NAME = "kubernetes.io/service-name";

  private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
  private static final String CONTROLLER = "endpointslicemirroring-controller.k8s.io";
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private MirroredSlice() {}

  /** Whether the slice is one of this controller's. */
  static boolean managed(KubeObject slice) {
    return CONTROLLER.equals(slice.labels().get(MANAGED_BY));
  }

  /** Selects the slices that mirror the Endpoints of that name. */
  static LabelSelector selector(String name) {
    return LabelSelector.ofLabels(KubeMap.of(SERVICE_NAME, name, MANAGED_BY, CONTROLLER));
  }

  /**
   * A slice to be written.
   *
   * @param name that of the slice that it replaces; null for a new one
   */
  static KubeObject of(
      KubeObject mirrored,
      String addressType,
      KubeList ports,
      Collection<KubeMap> endpoints,
      @Nullable String name) {
    KubeMap annotations = annotations(mirrored);
    KubeMap metadata =
        KubeMap.of(
            "name",
            name,
            "generateName",
            name == null ? prefix(mirrored.name()) : null,
            "namespace",
            mirrored.namespace(),
            "labels",
            mirrored.labels().with(SERVICE_NAME, mirrored.name()).with(MANAGED_BY, CONTROLLER),
            "annotations",
            annotations.isEmpty() ? null : annotations,
            "ownerReferences",
            KubeList.of(ControllerRefManager.controllerRef(ResourceType.ENDPOINTS, mirrored)));
    return KubeObject.of(ResourceType.ENDPOINT_SLICES, metadata)
        .with(addressType, "addressType")
        .with(KubeList.copyOf(endpoints), "endpoints")
        .with(ports, "ports");
  }

  private static String prefix(String name) {
    String dashed = name + "-";
    return Formats.dnsSubdomain(Formats.maskTrailingDash(dashed)).isEmpty() ? dashed : name;
  }

  private static KubeMap annotations(KubeObject mirrored) {
    return mirrored.annotations().without(TriggerTimeTracker.ANNOTATION).without(LAST_APPLIED);
  }

  /** Whether labels, annotations and owner of a slice are those of the Endpoints. */
  static boolean metadataUpToDate(KubeObject slice, KubeObject mirrored) {
    KubeMap labels = slice.labels().without(MANAGED_BY).without(SERVICE_NAME);
    return labels.equals(mirrored.labels())
        && slice.annotations().equals(annotations(mirrored))
        && !ownedByNamesake(slice, mirrored);
  }

  /** Whether the owner was deleted and made anew. */
  private static boolean ownedByNamesake(KubeObject slice, KubeObject mirrored) {
    for (KubeMap owner : slice.ownerReferences().maps()) {
      if ("Endpoints".equals(owner.get("kind"))
          && mirrored.name().equals(owner.get("name"))
          && !mirrored.uid().equals(owner.get("uid"))) {
        return true;
      }
    }
    return false;
  }
}
