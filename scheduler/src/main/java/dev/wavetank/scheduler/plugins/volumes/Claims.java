package dev.wavetank.scheduler.plugins.volumes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.PodVolumes;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.storage.PersistentVolumes;
import dev.wavetank.scheduler.framework.PodInfo;

/** The PersistentVolumeClaims that the volumes of a pod name. */
final class Claims {

  /**
   * A claim of a pod.
   *
   * @param ephemeral whether it is made for the pod from a template in its spec
   */
  record Named(String name, boolean ephemeral) {}

  private Claims() {}

  /** The claims in the order of the volumes. */
  static ImmutableList<Named> of(PodInfo pod) {
    ImmutableList.Builder<Named> claims = ImmutableList.builder();
    for (KubeMap volume : pod.spec().volumes().maps()) {
      if (isClaim(volume)) {
        String name = PodVolumes.claimName(pod.key().name(), volume);
        claims.add(new Named(name, !volume.has("persistentVolumeClaim")));
      }
    }
    return claims.build();
  }

  /** Whether a volume stands for a claim. */
  static boolean isClaim(KubeMap volume) {
    return volume.has("persistentVolumeClaim") || volume.has("ephemeral");
  }

  /** Whether a pod names any claim. */
  static boolean any(PodInfo pod) {
    for (KubeMap volume : pod.spec().volumes().maps()) {
      if (isClaim(volume)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a pod names that claim. */
  static boolean names(PodInfo pod, KubeObject claim) {
    if (!pod.key().namespace().equals(claim.namespace())) {
      return false;
    }
    for (Named named : of(pod)) {
      if (named.name().equals(claim.name())) {
        return true;
      }
    }
    return false;
  }

  static ObjectKey key(PodInfo pod, String claim) {
    return ObjectKey.of(ResourceType.PERSISTENT_VOLUME_CLAIMS, pod.key().namespace(), claim);
  }

  /** Why an ephemeral volume's claim is not the pod's own; empty when it is. */
  static String foreign(PodInfo pod, KubeObject claim) {
    KubeMap controller = claim.controllerRef();
    if (controller != null && pod.uid().equals(controller.get("uid"))) {
      return "";
    }
    return "PVC "
        + claim.namespace()
        + "/"
        + claim.name()
        + " was not created for pod "
        + pod.key().namespace()
        + "/"
        + pod.key().name()
        + " (pod is not owner)";
  }

  /** Whether binding has come to its end. */
  static boolean fullyBound(KubeObject claim) {
    return !PersistentVolumes.volumeName(claim).isEmpty()
        && claim.annotations().has(PersistentVolumes.BIND_COMPLETED);
  }

  /** {@code persistentvolumeclaim "x" not found}. */
  static String notFound(String claim) {
    return "persistentvolumeclaim \"" + claim + "\" not found";
  }
}
