package dev.wavetank.core.controller.persistentvolume;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.storage.PersistentVolumes;
import org.jspecify.annotations.Nullable;

/**
 * What the controller writes to volumes and claims. Each write is left out when nothing would
 * change, and returns the object as it is now.
 *
 * <p>Follows pkg/controller/volume/persistentvolume/pv_controller.go (v1.36).
 */
final class VolumeWrites {

  private final ApiClient client;
  private final EventRecorder recorder;
  private final WrittenObjects claims;
  private final WrittenObjects volumes;

  VolumeWrites(
      ApiClient client, EventRecorder recorder, WrittenObjects claims, WrittenObjects volumes) {
    this.client = client;
    this.recorder = recorder;
    this.claims = claims;
    this.volumes = volumes;
  }

  KubeObject claim(KubeObject claim) {
    return claims.wrote(client.update(ResourceType.PERSISTENT_VOLUME_CLAIMS, claim));
  }

  KubeObject volume(KubeObject volume) {
    return volumes.wrote(client.update(ResourceType.PERSISTENT_VOLUMES, volume));
  }

  KubeObject phase(KubeObject volume, String phase) {
    if (phase.equals(volume.status().get("phase"))) {
      return volume;
    }
    KubeMap status = volume.status().with("phase", phase).with("message", null);
    return volumes.wrote(
        client.updateStatus(ResourceType.PERSISTENT_VOLUMES, volume.withStatus(status)));
  }

  /** Marks a volume as failed, and reports why the first time. */
  void failed(KubeObject volume, String reason, String message) {
    if (!"Failed".equals(volume.status().get("phase"))) {
      KubeMap status = volume.status().with("phase", "Failed").with("message", message);
      KubeObject failed =
          volumes.wrote(
              client.updateStatus(ResourceType.PERSISTENT_VOLUMES, volume.withStatus(status)));
      recorder.warning(failed, reason, message);
    }
  }

  /**
   * Sets the phase of a claim.
   *
   * @param volume of which the claim tells modes and size; null when it has none
   */
  KubeObject claimStatus(KubeObject claim, String phase, @Nullable KubeObject volume) {
    boolean turns = !phase.equals(claim.status().get("phase"));
    KubeMap status = claim.status().with("phase", phase);
    if (volume == null) {
      status = status.with("accessModes", null).with("capacity", null);
    } else {
      status = status.with("accessModes", volume.spec().get("accessModes"));
      Object told = status.mapOrEmpty("capacity").get("storage");
      if (turns && (told == null || Quantity.of(told).cmp(PersistentVolumes.size(volume)) != 0)) {
        status = status.with("capacity", volume.spec().get("capacity"));
      }
    }
    return status.equals(claim.status())
        ? claim
        : claims.wrote(
            client.updateStatus(ResourceType.PERSISTENT_VOLUME_CLAIMS, claim.withStatus(status)));
  }

  /** The claim has lost its volume for good; the reason is reported once. */
  void lost(KubeObject claim, String reason, String message) {
    if (!"Lost".equals(claim.status().get("phase"))) {
      recorder.warning(claimStatus(claim, "Lost", null), reason, message);
    }
  }

  /** Binds both to each other, the volume first. */
  void bind(KubeObject volume, KubeObject claim) {
    KubeObject reserved = PersistentVolumes.reservedFor(volume, claim);
    KubeObject bound = phase(reserved == volume ? volume : volume(reserved), "Bound");
    KubeObject partner = claim;
    if (!volume.name().equals(PersistentVolumes.volumeName(claim))) {
      partner = claim.withSpec(claim.spec().with("volumeName", volume.name()));
      partner = PersistentVolumes.annotated(partner, PersistentVolumes.BOUND_BY_CONTROLLER, "yes");
    }
    if (!claim.annotations().has(PersistentVolumes.BIND_COMPLETED)) {
      partner = PersistentVolumes.annotated(partner, PersistentVolumes.BIND_COMPLETED, "yes");
    }
    claimStatus(partner == claim ? claim : claim(partner), "Bound", bound);
  }

  /** Frees a volume; one that its author meant for a claim stays meant for it. */
  void unbind(KubeObject volume) {
    KubeMap spec = volume.spec();
    KubeObject free =
        volume.annotations().has(PersistentVolumes.BOUND_BY_CONTROLLER)
            ? PersistentVolumes.annotated(
                volume.withSpec(spec.with("claimRef", null)),
                PersistentVolumes.BOUND_BY_CONTROLLER,
                null)
            : volume.withSpec(spec.with("claimRef", spec.mapOrEmpty("claimRef").with("uid", null)));
    phase(volume(free), "Available");
  }
}
