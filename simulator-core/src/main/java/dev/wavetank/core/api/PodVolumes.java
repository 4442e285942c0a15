package dev.wavetank.core.api;

/** The volumes of pods. */
public final class PodVolumes {

  private PodVolumes() {}

  /**
   * The PersistentVolumeClaim that a volume stands for: the one that it names, or the one that is
   * made for the pod from a template in the volume. Empty for a volume of another kind.
   *
   * <p>Follows staging/src/k8s.io/component-helpers/storage/ephemeral/ephemeral.go (v1.36).
   *
   * @param pod name of the pod
   */
  public static String claimName(String pod, KubeMap volume) {
    KubeMap claim = volume.map("persistentVolumeClaim");
    if (claim != null) {
      return claim.string("claimName", "");
    }
    return volume.has("ephemeral") ? pod + "-" + volume.string("name", "") : "";
  }
}
