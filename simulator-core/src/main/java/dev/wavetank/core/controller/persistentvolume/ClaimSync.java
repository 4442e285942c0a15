package dev.wavetank.core.controller.persistentvolume;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.PodVolumes;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.controller.Pods;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.storage.PersistentVolumes;
import dev.wavetank.core.storage.StorageClasses;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Moves one claim towards its volume.
 *
 * <p>Follows pkg/controller/volume/persistentvolume/pv_controller.go and index.go (v1.36).
 */
final class ClaimSync {

  private static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";
  private static final String BETA_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";

  private final WrittenObjects volumes;
  private final VolumeWrites writes;
  private final EventRecorder recorder;
  private final Informer classes;
  private final Informer pods;

  ClaimSync(
      WrittenObjects volumes,
      VolumeWrites writes,
      EventRecorder recorder,
      Informer classes,
      Informer pods) {
    this.volumes = volumes;
    this.writes = writes;
    this.recorder = recorder;
    this.classes = classes;
    this.pods = pods;
  }

  /**
   * Syncs a claim.
   *
   * @throws ApiException when a write was refused, or the claim cannot be bound
   */
  void sync(KubeObject claim) {
    String volumeName = PersistentVolumes.volumeName(claim);
    if (claim.annotations().has(PersistentVolumes.BIND_COMPLETED)) {
      bound(claim, volumeName);
    } else if (volumeName.isEmpty()) {
      unbound(claim);
    } else {
      asked(claim, volumeName);
    }
  }

  private @Nullable KubeObject volume(String name) {
    return volumes.get(ObjectKey.of(ResourceType.PERSISTENT_VOLUMES, "", name));
  }

  /** The claim takes any volume that suits it. */
  private void unbound(KubeObject claim) {
    boolean delayed = delayed(claim);
    KubeObject volume = bestMatch(claim, delayed);
    if (volume != null) {
      writes.bind(volume, claim);
      return;
    }
    KubeObject given = StorageClasses.defaultOf(classes.view().list(ResourceType.STORAGE_CLASSES));
    if (given != null && !PersistentVolumes.hasStorageClass(claim)) {
      writes.claim(claim.withSpec(claim.spec().with("storageClassName", given.name())));
      return;
    }
    if (delayed && !claim.annotations().has(PersistentVolumes.SELECTED_NODE)) {
      waits(claim);
    } else if (!PersistentVolumes.storageClass(claim).isEmpty()) {
      provision(claim);
      return;
    } else {
      recorder.normal(
          claim,
          "FailedBinding",
          "no persistent volumes available for this claim and no storage class is set");
    }
    writes.claimStatus(claim, "Pending", null);
  }

  private @Nullable KubeObject storageClass(KubeObject claim) {
    String name = PersistentVolumes.storageClass(claim);
    return name.isEmpty()
        ? null
        : classes.view().get(ObjectKey.of(ResourceType.STORAGE_CLASSES, "", name));
  }

  private boolean delayed(KubeObject claim) {
    KubeObject found = storageClass(claim);
    return found != null && "WaitForFirstConsumer".equals(found.root().get("volumeBindingMode"));
  }

  /** Volumes with few access modes come first, so that those with many are left for others. */
  private @Nullable KubeObject bestMatch(KubeObject claim, boolean reservedOnly) {
    Map<Set<String>, List<KubeObject>> byModes = new LinkedHashMap<>();
    for (KubeObject volume : volumes.list()) {
      if (PersistentVolumes.hasAccessModes(volume, claim)) {
        Set<String> modes = new TreeSet<>();
        volume.spec().listOrEmpty("accessModes").forEach(mode -> modes.add(mode.toString()));
        byModes.computeIfAbsent(modes, absent -> new ArrayList<>()).add(volume);
      }
    }
    List<Set<String>> fewestFirst = new ArrayList<>(byModes.keySet());
    fewestFirst.sort(Comparator.comparingInt(Set::size));
    for (Set<String> modes : fewestFirst) {
      List<KubeObject> alike = byModes.getOrDefault(modes, List.of());
      KubeObject found =
          PersistentVolumes.match(claim, alike, volume -> true, ImmutableSet.of(), reservedOnly);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private void waits(KubeObject claim) {
    List<String> waiting = new ArrayList<>();
    for (KubeObject pod :
        pods.view().list(ResourceType.PODS, claim.namespace(), LabelSelector.everything())) {
      if (!Pods.terminal(pod)
          && pod.spec().string("nodeName", "").isEmpty()
          && names(pod, claim.name())) {
        waiting.add(pod.name());
      }
    }
    if (waiting.isEmpty()) {
      recorder.normal(
          claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
    } else {
      recorder.normal(
          claim,
          "WaitForPodScheduled",
          (waiting.size() > 1 ? "waiting for pods " : "waiting for pod ")
              + String.join(",", waiting)
              + " to be scheduled");
    }
  }

  private static boolean names(KubeObject pod, String claim) {
    for (KubeMap volume : pod.spec().listOrEmpty("volumes").maps()) {
      if (claim.equals(PodVolumes.claimName(pod.name(), volume))) {
        return true;
      }
    }
    return false;
  }

  /** Asks the provisioner of the claim's class for a volume. */
  private void provision(KubeObject claim) {
    KubeObject found = storageClass(claim);
    if (found == null) {
      String name = PersistentVolumes.storageClass(claim);
      recorder.warning(
          claim, "ProvisioningFailed", "storageclass.storage.k8s.io \"" + name + "\" not found");
      return;
    }
    String provisioner = found.root().string("provisioner", "");
    if (provisioner.startsWith("kubernetes.io/")) {
      recorder.warning(
          claim, "ProvisioningFailed", "no volume plugin matched name: " + provisioner);
      return;
    }
    KubeObject told = claim;
    if (!provisioner.equals(claim.annotations().get(PROVISIONER))) {
      told = PersistentVolumes.annotated(told, BETA_PROVISIONER, provisioner);
      told = writes.claim(PersistentVolumes.annotated(told, PROVISIONER, provisioner));
    }
    recorder.normal(
        told,
        "ExternalProvisioning",
        "Waiting for a volume to be created either by the external provisioner '"
            + provisioner
            + "' or manually by the system administrator. If volume creation is delayed, please"
            + " verify that the provisioner is running and correctly registered.");
  }

  /** The claim names its volume. */
  private void asked(KubeObject claim, String volumeName) {
    KubeObject volume = volume(volumeName);
    if (volume == null) {
      writes.claimStatus(claim, "Pending", null);
    } else if (!volume.spec().has("claimRef")) {
      String mismatch = mismatch(volume, claim);
      if (mismatch.isEmpty()) {
        writes.bind(volume, claim);
      } else {
        recorder.warning(
            claim,
            "VolumeMismatch",
            "Cannot bind to requested volume \"" + volumeName + "\": " + mismatch);
        writes.claimStatus(claim, "Pending", null);
      }
    } else if (PersistentVolumes.boundTo(volume, claim)) {
      writes.bind(volume, claim);
    } else {
      String message = "volume \"" + volumeName + "\" already bound to a different claim.";
      recorder.warning(claim, "FailedBinding", message);
      if (claim.annotations().has(PersistentVolumes.BOUND_BY_CONTROLLER)) {
        throw new ApiException(Status.internalError(message));
      }
      writes.claimStatus(claim, "Pending", null);
    }
  }

  /** Why a volume that a claim asks for cannot be its; empty when it can. */
  private static String mismatch(KubeObject volume, KubeObject claim) {
    if (volume.terminating()) {
      return "the volume is marked for deletion \"" + volume.name() + "\"";
    }
    if (!PersistentVolumes.largeEnough(volume, claim)) {
      return "requested PV is too small";
    }
    if (!PersistentVolumes.storageClass(volume).equals(PersistentVolumes.storageClass(claim))) {
      return "storageClassName does not match";
    }
    if (!PersistentVolumes.attributesClass(volume)
        .equals(PersistentVolumes.attributesClass(claim))) {
      return "volumeAttributesClassName does not match";
    }
    if (!PersistentVolumes.mode(volume).equals(PersistentVolumes.mode(claim))) {
      return "incompatible volumeMode";
    }
    return PersistentVolumes.hasAccessModes(volume, claim) ? "" : "incompatible accessMode";
  }

  /** The claim was bound before. */
  private void bound(KubeObject claim, String volumeName) {
    if (volumeName.isEmpty()) {
      writes.lost(
          claim,
          "ClaimLost",
          "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
      return;
    }
    KubeObject volume = volume(volumeName);
    if (volume == null) {
      writes.lost(
          claim,
          "ClaimLost",
          "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
      return;
    }
    KubeMap reference = volume.spec().map("claimRef");
    if (reference == null || claim.uid().equals(reference.get("uid"))) {
      writes.bind(volume, claim);
    } else {
      writes.lost(
          claim,
          "ClaimMisbound",
          "Two claims are bound to the same volume, this one is bound incorrectly");
    }
  }
}
