package dev.wavetank.core.controller.persistentvolume;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.storage.PersistentVolumes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves one volume to the phase that its claim gives it, and takes it back when the claim is gone.
 * Recycling needs a pod of its own and is not there: such a volume fails.
 *
 * <p>Follows pkg/controller/volume/persistentvolume/pv_controller.go (v1.36).
 */
final class VolumeSync {

  /** On a volume: the provisioner that has made it, and is to delete it. */
  static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

  private final ApiClient client;
  private final WrittenObjects claims;
  private final VolumeWrites writes;
  private final EventRecorder recorder;
  private final Consumer<ObjectKey> claimQueue;

  VolumeSync(
      ApiClient client,
      WrittenObjects claims,
      VolumeWrites writes,
      EventRecorder recorder,
      Consumer<ObjectKey> claimQueue) {
    this.client = client;
    this.claims = claims;
    this.writes = writes;
    this.recorder = recorder;
    this.claimQueue = claimQueue;
  }

  /** The claim that a volume refers to. */
  static ObjectKey claimKey(KubeMap reference) {
    return ObjectKey.of(
        ResourceType.PERSISTENT_VOLUME_CLAIMS,
        reference.string("namespace", ""),
        reference.string("name", ""));
  }

  void sync(KubeObject volume) {
    KubeMap reference = volume.spec().map("claimRef");
    if (reference == null || reference.string("uid", "").isEmpty()) {
      writes.phase(volume, "Available");
      return;
    }
    KubeObject claim = claim(volume, reference);
    if (claim == null) {
      release(volume);
    } else if (PersistentVolumes.volumeName(claim).isEmpty()) {
      if (PersistentVolumes.mode(claim).equals(PersistentVolumes.mode(volume))) {
        claimQueue.accept(claimKey(reference));
      } else {
        mismatch(volume, claim);
      }
    } else if (PersistentVolumes.volumeName(claim).equals(volume.name())) {
      writes.phase(volume, "Bound");
    } else if (volume.annotations().has(PROVISIONED_BY) && "Delete".equals(policy(volume))) {
      release(volume);
    } else {
      writes.unbind(volume);
    }
  }

  /** The claim that the volume is bound to, not another one of its name; null when it is gone. */
  private @Nullable KubeObject claim(KubeObject volume, KubeMap reference) {
    ObjectKey key = claimKey(reference);
    KubeObject claim = claims.get(key);
    boolean released = released(volume);
    if ((claim == null && !released)
        || (claim != null && !claim.uid().equals(reference.get("uid")))) {
      // The cache may not have seen the claim yet.
      claim = client.find(key);
    }
    return claim != null && claim.uid().equals(reference.get("uid")) ? claim : null;
  }

  private static boolean released(KubeObject volume) {
    String phase = volume.status().string("phase", "");
    return phase.equals("Released") || phase.equals("Failed");
  }

  private static String policy(KubeObject volume) {
    return volume.spec().string("persistentVolumeReclaimPolicy", "Retain");
  }

  private void mismatch(KubeObject volume, KubeObject claim) {
    recorder.warning(
        volume,
        "VolumeMismatch",
        "Cannot bind PersistentVolume to requested PersistentVolumeClaim \""
            + claim.name()
            + "\" due to incompatible volumeMode.");
    recorder.warning(
        claim,
        "VolumeMismatch",
        "Cannot bind PersistentVolume \""
            + volume.name()
            + "\" to requested PersistentVolumeClaim due to incompatible volumeMode.");
  }

  /** The claim is gone: what becomes of the volume is its policy. */
  private void release(KubeObject volume) {
    KubeObject released = released(volume) ? volume : writes.phase(volume, "Released");
    switch (policy(volume)) {
      case "Recycle" ->
          writes.failed(
              released, "VolumeFailedRecycle", "No recycler plugin found for the volume!");
      case "Delete" -> delete(released);
      default -> {}
    }
  }

  private void delete(KubeObject volume) {
    String provisioner = volume.annotations().string(PROVISIONED_BY);
    KubeMap hostPath = volume.spec().map("hostPath");
    if (provisioner != null && !provisioner.isEmpty()) {
      if (provisioner.startsWith("kubernetes.io/")) {
        writes.failed(
            volume, "VolumeFailedDelete", "no volume plugin matched name: " + provisioner);
      }
    } else if (hostPath == null) {
      writes.failed(
          volume,
          "VolumeFailedDelete",
          "error getting deleter volume plugin for volume \""
              + volume.name()
              + "\": no deletable volume plugin matched");
    } else if (!hostPath.string("path", "").matches("(?s).*/tmp/.+")) {
      writes.failed(
          volume,
          "VolumeFailedDelete",
          "host_path deleter only supports /tmp/.+ but received provided "
              + hostPath.string("path", ""));
    } else if (!volume.terminating()) {
      client.delete(volume.key(ResourceType.PERSISTENT_VOLUMES), DeleteOptions.BACKGROUND);
    }
  }
}
