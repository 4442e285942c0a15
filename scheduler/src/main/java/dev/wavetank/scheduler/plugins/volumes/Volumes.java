package dev.wavetank.scheduler.plugins.volumes;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.scheduler.framework.NodeSelectorTerms;
import dev.wavetank.scheduler.plugins.topology.Recent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PersistentVolumes: on which nodes they can be, and which one a claim gets.
 *
 * <p>Follows staging/src/k8s.io/component-helpers/storage/volume/pv_helpers.go (v1.36).
 */
final class Volumes {

  private final Recent<KubeMap, NodeSelectorTerms> selectors = new Recent<>(1024);

  /** The name of a volume's StorageClass; empty when it has none. */
  static String storageClass(KubeObject volume) {
    String annotated = volume.annotations().string("volume.beta.kubernetes.io/storage-class");
    return annotated != null ? annotated : volume.spec().string("storageClassName", "");
  }

  /** Whether a node with these labels can have the volume. */
  boolean reachable(KubeObject volume, KubeMap nodeLabels) {
    KubeMap required = volume.spec().mapOrEmpty("nodeAffinity").map("required");
    if (required == null) {
      return true;
    }
    NodeSelectorTerms terms = selectors.get(required);
    if (terms == null) {
      terms = NodeSelectorTerms.required(required);
      selectors.put(required, terms);
    }
    return terms.matchesLabels(nodeLabels);
  }

  /** Whether a volume's claim is this one, or may become it. */
  static boolean boundTo(KubeObject volume, KubeObject claim) {
    KubeMap reference = volume.spec().map("claimRef");
    if (reference == null
        || !claim.name().equals(reference.get("name"))
        || !claim.namespace().equals(reference.get("namespace"))) {
      return false;
    }
    String uid = reference.string("uid", "");
    return uid.isEmpty() || uid.equals(claim.uid());
  }

  /**
   * The smallest volume that satisfies a claim on a node, or the one that is reserved for it; null
   * when there is none.
   *
   * @param excluded names of volumes that other claims of the pod have got
   */
  @Nullable KubeObject match(
      KubeObject claim, List<KubeObject> volumes, KubeMap nodeLabels, Set<String> excluded) {
    KubeMap selectorTree = claim.spec().map("selector");
    LabelSelector selector = selectorTree == null ? null : LabelSelector.of(selectorTree);
    KubeObject smallest = null;
    Quantity smallestSize = Quantity.ZERO;
    for (KubeObject volume : volumes) {
      boolean reserved = volume.spec().has("claimRef");
      if (excluded.contains(volume.name())
          || (reserved && !boundTo(volume, claim))
          || !suits(volume, claim)) {
        continue;
      }
      if (reserved) {
        return reachable(volume, nodeLabels) ? volume : null;
      }
      if (!"Available".equals(volume.status().get("phase"))
          || (selector != null && !selector.matches(volume.labels()))
          || !storageClass(volume).equals(Claims.storageClass(claim))
          || !hasAccessModes(volume, claim)
          || !reachable(volume, nodeLabels)) {
        continue;
      }
      Quantity size = size(volume);
      if (smallest == null || smallestSize.cmp(size) > 0) {
        smallest = volume;
        smallestSize = size;
      }
    }
    return smallest;
  }

  /** Whether size, mode and attributes of a volume are what a claim asks for. */
  private static boolean suits(KubeObject volume, KubeObject claim) {
    Object asked = Claims.storage(claim);
    return (asked == null || size(volume).cmp(Quantity.of(asked)) >= 0)
        && mode(volume).equals(mode(claim))
        && attributes(volume).equals(attributes(claim))
        && !volume.terminating();
  }

  static Quantity size(KubeObject volume) {
    Object size = volume.spec().mapOrEmpty("capacity").get("storage");
    return size == null ? Quantity.ZERO : Quantity.of(size);
  }

  private static String mode(KubeObject object) {
    return object.spec().string("volumeMode", "Filesystem");
  }

  private static String attributes(KubeObject object) {
    return object.spec().string("volumeAttributesClassName", "");
  }

  private static boolean hasAccessModes(KubeObject volume, KubeObject claim) {
    KubeList offered = volume.spec().listOrEmpty("accessModes");
    for (Object mode : claim.spec().listOrEmpty("accessModes")) {
      if (!contains(offered, mode)) {
        return false;
      }
    }
    return true;
  }

  static boolean contains(KubeList list, Object value) {
    for (Object element : list) {
      if (element.equals(value)) {
        return true;
      }
    }
    return false;
  }

  /** The volume as it is once it is reserved for a claim. */
  static KubeObject reservedFor(KubeObject volume, KubeObject claim) {
    KubeObject reserved = volume;
    KubeMap reference = volume.spec().map("claimRef");
    if (reference == null || !claim.uid().equals(reference.get("uid"))) {
      reserved =
          volume.withSpec(
              volume
                  .spec()
                  .with(
                      "claimRef",
                      KubeMap.of(
                          "kind", "PersistentVolumeClaim",
                          "namespace", claim.namespace(),
                          "name", claim.name(),
                          "uid", claim.uid(),
                          "apiVersion", "v1",
                          "resourceVersion", claim.resourceVersion())));
    }
    if (!boundTo(volume, claim)) {
      reserved =
          reserved.withMetadata(
              reserved
                  .metadata()
                  .with(
                      "annotations",
                      reserved.annotations().with("pv.kubernetes.io/bound-by-controller", "yes")));
    }
    return reserved;
  }
}
