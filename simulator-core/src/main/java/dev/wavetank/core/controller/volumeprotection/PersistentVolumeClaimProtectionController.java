package dev.wavetank.core.controller.volumeprotection;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.PodVolumes;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.admission.StorageObjectInUseProtection;
import dev.wavetank.core.controller.Pods;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets a deleted PersistentVolumeClaim go once no pod that is assigned to a node names it.
 *
 * <p>Follows pkg/controller/volume/pvcprotection/pvc_protection_controller.go (v1.36).
 */
public final class PersistentVolumeClaimProtectionController implements Reconciler<ObjectKey> {

  private static final String NAME = "persistentvolumeclaim-protection-controller";
  private static final String FINALIZER = StorageObjectInUseProtection.CLAIM;

  private final ApiClient client;
  private final Controller<ObjectKey> controller;
  private final Informer claims;
  private final Informer pods;

  /** A controller that watches from now on and knows what exists. */
  public PersistentVolumeClaimProtectionController(ApiServer server) {
    this.client = new ApiClient(server, NAME);
    this.controller =
        new Controller<>(
            NAME, 1, client, RateLimiter.controllerDefault(), Controller.RETRIES_UNBOUNDED, this);
    this.claims =
        Informer.of(server, ResourceType.PERSISTENT_VOLUME_CLAIMS, NAME, this::claimChanged);
    this.pods =
        Informer.of(
            server,
            ResourceType.PODS,
            NAME,
            PersistentVolumeClaimProtectionController::matters,
            this::podChanged);
    claims.replay();
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  private void claimChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after != null
        && (Finalizers.isDeletionCandidate(after, FINALIZER)
            || Finalizers.needToAdd(after, FINALIZER))) {
      controller.enqueue(after.key(ResourceType.PERSISTENT_VOLUME_CLAIMS));
    }
  }

  /** Only the end of a pod can help a claim to go. */
  private static boolean matters(Commit commit) {
    KubeObject after = commit.after();
    return after == null || (Pods.terminal(after) && !wasTerminal(commit.before()));
  }

  private static boolean wasTerminal(@Nullable KubeObject before) {
    return before != null && Pods.terminal(before);
  }

  private void podChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject pod = after != null ? after : before;
    if (pod == null) {
      return;
    }
    for (KubeMap volume : pod.spec().listOrEmpty("volumes").maps()) {
      String name = PodVolumes.claimName(pod.name(), volume);
      if (!name.isEmpty()) {
        controller.enqueue(
            ObjectKey.of(ResourceType.PERSISTENT_VOLUME_CLAIMS, pod.namespace(), name));
      }
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject claim = claims.view().get(key);
    if (claim == null) {
      return Result.done();
    }
    if (Finalizers.isDeletionCandidate(claim, FINALIZER)) {
      // The server is asked too, since the cache may not have seen a pod's assignment yet.
      List<KubeObject> seen =
          pods.view().list(ResourceType.PODS, claim.namespace(), LabelSelector.everything());
      if (!used(claim, seen) && !used(claim, client.list(ResourceType.PODS, claim.namespace()))) {
        client.update(key.type(), Finalizers.without(claim, FINALIZER));
      }
    } else if (Finalizers.needToAdd(claim, FINALIZER)) {
      client.update(key.type(), Finalizers.with(claim, FINALIZER));
    }
    return Result.done();
  }

  private static boolean used(KubeObject claim, List<KubeObject> pods) {
    for (KubeObject pod : pods) {
      if (!pod.spec().string("nodeName", "").isEmpty() && names(pod, claim)) {
        return true;
      }
    }
    return false;
  }

  /** A claim that was made for a volume of a pod belongs to that pod, which must not have ended. */
  private static boolean names(KubeObject pod, KubeObject claim) {
    for (KubeMap volume : pod.spec().listOrEmpty("volumes").maps()) {
      if (claim.name().equals(PodVolumes.claimName(pod.name(), volume))) {
        KubeMap owner = claim.controllerRef();
        boolean made = owner != null && pod.uid().equals(owner.get("uid"));
        if (!volume.has("ephemeral") || (made && !Pods.terminal(pod))) {
          return true;
        }
      }
    }
    return false;
  }
}
