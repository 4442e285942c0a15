package dev.wavetank.core.controller.persistentvolume;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Result;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.storage.PersistentVolumes;
import dev.wavetank.core.storage.StorageClasses;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The provisioner that clusters for learning bring along: a volume is a directory of the node that
 * the scheduler has chosen for the claim's first pod. It deletes the volume when the claim is gone
 * and the policy says so.
 *
 * <p>Follows provisioner.go of rancher/local-path-provisioner and controller/controller.go of
 * kubernetes-sigs/sig-storage-lib-external-provisioner.
 */
public final class LocalPathProvisioner {

  /** The name by which StorageClasses ask for it. */
  public static final String NAME = "rancher.io/local-path";

  /** How long it takes to make or to remove a directory when nobody says otherwise. */
  public static final long DELAY_NANOS = 2_000_000_000L;

  private static final String DIRECTORY = "/opt/local-path-provisioner";
  private static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";
  private static final String COMPONENT = "local-path-provisioner";

  private final Simulation simulation;
  private final ApiClient client;
  private final EventRecorder recorder;
  private final long delayNanos;
  private final Informer claims;
  private final Informer volumes;
  private final Controller<ObjectKey> queue;
  private final Set<ObjectKey> inProgress = new LinkedHashSet<>();

  /**
   * A provisioner that watches from now on and knows what exists.
   *
   * @param delayNanos how long it takes to make or to remove a directory
   */
  public LocalPathProvisioner(ApiServer server, long delayNanos) {
    this.simulation = server.simulation();
    this.client = new ApiClient(server, COMPONENT);
    this.recorder = new EventRecorder(server, NAME, "");
    this.delayNanos = delayNanos;
    this.queue =
        new Controller<>(
            COMPONENT,
            1,
            client,
            RateLimiter.controllerDefault(),
            Controller.RETRIES_UNBOUNDED,
            this::sync);
    this.claims =
        Informer.of(server, ResourceType.PERSISTENT_VOLUME_CLAIMS, COMPONENT, this::changed);
    this.volumes = Informer.of(server, ResourceType.PERSISTENT_VOLUMES, COMPONENT, this::changed);
    claims.replay();
    volumes.replay();
  }

  /** The StorageClass that clusters with this provisioner have as their default. */
  public static KubeObject standardClass() {
    KubeMap metadata =
        KubeMap.of(
            "name",
            "standard",
            "annotations",
            KubeMap.of(StorageClasses.DEFAULT_ANNOTATION, "true"));
    return KubeObject.of(ResourceType.STORAGE_CLASSES, metadata)
        .with(NAME, "provisioner")
        .with("Delete", "reclaimPolicy")
        .with("WaitForFirstConsumer", "volumeBindingMode");
  }

  private void changed(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      return;
    }
    boolean claim = after.kind().equals("PersistentVolumeClaim");
    if (claim ? toProvision(after) : toDelete(after)) {
      queue.enqueue(
          after.key(
              claim ? ResourceType.PERSISTENT_VOLUME_CLAIMS : ResourceType.PERSISTENT_VOLUMES));
    }
  }

  private static boolean toProvision(KubeObject claim) {
    return PersistentVolumes.volumeName(claim).isEmpty()
        && !claim.terminating()
        && NAME.equals(claim.annotations().get(PROVISIONER));
  }

  private static boolean toDelete(KubeObject volume) {
    return "Released".equals(volume.status().get("phase"))
        && "Delete".equals(volume.spec().get("persistentVolumeReclaimPolicy"))
        && NAME.equals(volume.annotations().get(VolumeSync.PROVISIONED_BY))
        && !volume.terminating();
  }

  private Result sync(ObjectKey key) {
    boolean isClaim = key.type().equals(ResourceType.PERSISTENT_VOLUME_CLAIMS);
    KubeObject object = (isClaim ? claims : volumes).view().get(key);
    if (object == null
        || inProgress.contains(key)
        || !(isClaim ? toProvision(object) : toDelete(object))) {
      return Result.done();
    }
    if (isClaim) {
      recorder.normal(
          object,
          "Provisioning",
          "External provisioner is provisioning volume for claim \""
              + key.namespace()
              + "/"
              + key.name()
              + "\"");
    }
    if (isClaim && !object.annotations().has(PersistentVolumes.SELECTED_NODE)) {
      recorder.warning(
          object,
          "ProvisioningFailed",
          "failed to provision volume with StorageClass \""
              + PersistentVolumes.storageClass(object)
              + "\": configuration error, no node was specified");
      return Result.retry();
    }
    inProgress.add(key);
    simulation.after(
        delayNanos, COMPONENT + "/done", key, () -> finish(key, isClaim, object.uid()));
    return Result.done();
  }

  /** The directory is made, or removed. */
  private void finish(ObjectKey key, boolean isClaim, String uid) {
    inProgress.remove(key);
    KubeObject object = client.find(key);
    client.takeElapsedNanos();
    if (object == null || !object.uid().equals(uid)) {
      return;
    }
    if (!isClaim) {
      client.delete(key, DeleteOptions.BACKGROUND);
      client.takeElapsedNanos();
      return;
    }
    KubeObject volume = volume(object);
    if (client.find(volume.key(ResourceType.PERSISTENT_VOLUMES)) == null) {
      client.create(ResourceType.PERSISTENT_VOLUMES, volume);
      recorder.normal(
          object, "ProvisioningSucceeded", "Successfully provisioned volume " + volume.name());
    }
    client.takeElapsedNanos();
  }

  private KubeObject volume(KubeObject claim) {
    String className = PersistentVolumes.storageClass(claim);
    KubeObject storageClass =
        client.find(ObjectKey.of(ResourceType.STORAGE_CLASSES, "", className));
    String policy =
        storageClass == null ? "Delete" : storageClass.root().string("reclaimPolicy", "Delete");
    String node = claim.annotations().string(PersistentVolumes.SELECTED_NODE, "");
    String name = "pvc-" + claim.uid();
    String path = DIRECTORY + "/" + name + "_" + claim.namespace() + "_" + claim.name();
    KubeMap onNode =
        KubeMap.of("key", "kubernetes.io/hostname", "operator", "In", "values", KubeList.of(node));
    KubeMap terms =
        KubeMap.of(
            "nodeSelectorTerms", KubeList.of(KubeMap.of("matchExpressions", KubeList.of(onNode))));
    KubeMap annotations =
        KubeMap.of("local.path.provisioner/selected-node", node, VolumeSync.PROVISIONED_BY, NAME);
    KubeObject volume =
        KubeObject.of(
                ResourceType.PERSISTENT_VOLUMES,
                KubeMap.of("name", name, "annotations", annotations))
            .withSpec(
                KubeMap.builder()
                    .put("accessModes", claim.spec().get("accessModes"))
                    .put("capacity", KubeMap.of("storage", PersistentVolumes.requested(claim)))
                    .put("hostPath", KubeMap.of("path", path, "type", "DirectoryOrCreate"))
                    .put("nodeAffinity", KubeMap.of("required", terms))
                    .put("persistentVolumeReclaimPolicy", policy)
                    .put("storageClassName", className)
                    .put("volumeMode", PersistentVolumes.mode(claim))
                    .build());
    KubeObject reserved = PersistentVolumes.reservedFor(volume, claim);
    return PersistentVolumes.annotated(reserved, PersistentVolumes.BOUND_BY_CONTROLLER, null);
  }
}
