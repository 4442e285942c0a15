package dev.wavetank.core.storage;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.Quantity;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * PersistentVolumes and the claims to them: which volume suits a claim. The volume controller and
 * the scheduler decide by it.
 *
 * <p>Follows staging/src/k8s.io/component-helpers/storage/volume/pv_helpers.go (v1.36).
 */
public final class PersistentVolumes {

  /** On a claim: binding has come to its end. */
  public static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";

  /** On a claim or volume: a controller chose its partner, and not its author. */
  public static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

  /** On a claim that waits for its first consumer: the node that the scheduler has chosen. */
  public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  private static final String CLASS = "volume.beta.kubernetes.io/storage-class";

  private PersistentVolumes() {}

  /** The name of the StorageClass of a claim or a volume; empty when it has none. */
  public static String storageClass(KubeObject object) {
    String annotated = object.annotations().string(CLASS);
    return annotated != null ? annotated : object.spec().string("storageClassName", "");
  }

  /** Whether a claim says something of its StorageClass, be it that it wants none. */
  public static boolean hasStorageClass(KubeObject claim) {
    return claim.annotations().has(CLASS) || claim.spec().has("storageClassName");
  }

  /** The volume that a claim is bound to, or is to be; empty when it is to none. */
  public static String volumeName(KubeObject claim) {
    return claim.spec().string("volumeName", "");
  }

  /** The amount of storage that a claim asks for; null when it does not say. */
  public static @Nullable Object requested(KubeObject claim) {
    return claim.spec().mapOrEmpty("resources").mapOrEmpty("requests").get("storage");
  }

  /** The size of a volume. */
  public static Quantity size(KubeObject volume) {
    Object size = volume.spec().mapOrEmpty("capacity").get("storage");
    return size == null ? Quantity.ZERO : Quantity.of(size);
  }

  /** {@code Filesystem} or {@code Block}, of a volume or a claim. */
  public static String mode(KubeObject object) {
    return object.spec().string("volumeMode", "Filesystem");
  }

  /** The VolumeAttributesClass of a volume or a claim; empty when it has none. */
  public static String attributesClass(KubeObject object) {
    return object.spec().string("volumeAttributesClassName", "");
  }

  /** Whether a volume offers all access modes that a claim asks for. */
  public static boolean hasAccessModes(KubeObject volume, KubeObject claim) {
    KubeList offered = volume.spec().listOrEmpty("accessModes");
    for (Object mode : claim.spec().listOrEmpty("accessModes")) {
      if (!offered.contains(mode)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a volume is as large as a claim asks. */
  public static boolean largeEnough(KubeObject volume, KubeObject claim) {
    Object asked = requested(claim);
    return asked == null || size(volume).cmp(Quantity.of(asked)) >= 0;
  }

  /** Whether a volume's claim is this one, or may become it. */
  public static boolean boundTo(KubeObject volume, KubeObject claim) {
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
   * The smallest volume that satisfies a claim, or the one that is reserved for it; null when there
   * is none.
   *
   * @param reachable whether a volume is where it is needed
   * @param excluded names of volumes that other claims of the pod have got
   * @param reservedOnly whether only a volume that is reserved for the claim may be found
   */
  public static @Nullable KubeObject match(
      KubeObject claim,
      List<KubeObject> volumes,
      Predicate<KubeObject> reachable,
      Set<String> excluded,
      boolean reservedOnly) {
    KubeMap selectorTree = claim.spec().map("selector");
    LabelSelector selector = selectorTree == null ? null : LabelSelector.of(selectorTree);
    KubeObject smallest = null;
    for (KubeObject volume : volumes) {
      boolean reserved = volume.spec().has("claimRef");
      if (excluded.contains(volume.name())
          || (reserved && !boundTo(volume, claim))
          || !suits(volume, claim)) {
        continue;
      }
      if (reserved) {
        return reachable.test(volume) ? volume : null;
      }
      if (!reservedOnly
          && "Available".equals(volume.status().get("phase"))
          && (selector == null || selector.matches(volume.labels()))
          && storageClass(volume).equals(storageClass(claim))
          && hasAccessModes(volume, claim)
          && reachable.test(volume)
          && (smallest == null || size(smallest).cmp(size(volume)) > 0)) {
        smallest = volume;
      }
    }
    return smallest;
  }

  /** Whether size, mode and attributes of a volume are what a claim asks for. */
  private static boolean suits(KubeObject volume, KubeObject claim) {
    return largeEnough(volume, claim)
        && mode(volume).equals(mode(claim))
        && attributesClass(volume).equals(attributesClass(claim))
        && !volume.terminating();
  }

  /** The volume as it is once it is reserved for a claim; the same when it is already. */
  public static KubeObject reservedFor(KubeObject volume, KubeObject claim) {
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
    return boundTo(volume, claim) ? reserved : annotated(reserved, BOUND_BY_CONTROLLER, "yes");
  }

  /** The object with one more annotation, or one less when the value is null. */
  public static KubeObject annotated(KubeObject object, String name, @Nullable String value) {
    KubeMap annotations = object.annotations().with(name, value);
    return object.withMetadata(
        object.metadata().with("annotations", annotations.isEmpty() ? null : annotations));
  }
}
