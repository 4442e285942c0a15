package dev.wavetank.core.controller.volumeprotection;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.admission.StorageObjectInUseProtection;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import org.jspecify.annotations.Nullable;

/**
 * Lets a deleted PersistentVolume go once its phase is not Bound.
 *
 * <p>Follows pkg/controller/volume/pvprotection/pv_protection_controller.go (v1.36).
 */
public final class PersistentVolumeProtectionController implements Reconciler<ObjectKey> {

  private static final String NAME = "persistentvolume-protection-controller";
  private static final String FINALIZER = StorageObjectInUseProtection.VOLUME;

  private final ApiClient client;
  private final Controller<ObjectKey> controller;
  private final Informer volumes;

  /** A controller that watches from now on and knows what exists. */
  public PersistentVolumeProtectionController(ApiServer server) {
    this.client = new ApiClient(server, NAME);
    this.controller =
        new Controller<>(
            NAME, 1, client, RateLimiter.controllerDefault(), Controller.RETRIES_UNBOUNDED, this);
    this.volumes = Informer.of(server, ResourceType.PERSISTENT_VOLUMES, NAME, this::volumeChanged);
    volumes.replay();
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  private void volumeChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after != null
        && (Finalizers.isDeletionCandidate(after, FINALIZER)
            || Finalizers.needToAdd(after, FINALIZER))) {
      controller.enqueue(after.key(ResourceType.PERSISTENT_VOLUMES));
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject volume = volumes.view().get(key);
    if (volume == null) {
      return Result.done();
    }
    boolean bound = "Bound".equals(volume.status().get("phase"));
    if (Finalizers.isDeletionCandidate(volume, FINALIZER) && !bound) {
      client.update(key.type(), Finalizers.without(volume, FINALIZER));
    } else if (Finalizers.needToAdd(volume, FINALIZER)) {
      client.update(key.type(), Finalizers.with(volume, FINALIZER));
    }
    return Result.done();
  }
}
