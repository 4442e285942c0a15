package dev.wavetank.core.controller.persistentvolume;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.storage.PersistentVolumes;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binds claims to volumes: a claim gets the smallest volume that suits it, the one that it names,
 * or the one that is reserved for it; without one, the provisioner of its class is asked. A volume
 * whose claim is gone is kept, deleted, or fails, as its policy says.
 *
 * <p>Beside what it hears it looks every 15 s at all claims and volumes, counted from its start. A
 * look that could find nothing does not happen.
 *
 * <p>Follows pkg/controller/volume/persistentvolume/pv_controller_base.go (v1.36).
 */
public final class PersistentVolumeController {

  /** How often it looks at everything: {@code --pvclaimbinder-sync-period}. */
  public static final long RESYNC_NANOS = 15_000_000_000L;

  private static final String NAME = "persistentvolume-binder-controller";
  private static final String COMPONENT = "persistentvolume-controller";

  private final Simulation simulation;
  private final ApiClient client;
  private final long startNanos;
  private final Controller<ObjectKey> claimQueue;
  private final Controller<ObjectKey> volumeQueue;
  private final WrittenObjects claims;
  private final WrittenObjects volumes;
  private final ClaimSync claimSync;
  private final VolumeSync volumeSync;

  /** Claims that wait for something, and volumes that are on their way: the next look is theirs. */
  private final Set<ObjectKey> unsettled = new LinkedHashSet<>();

  private boolean resyncs;

  /** A controller that watches from now on and knows what exists. */
  public PersistentVolumeController(ApiServer server) {
    this.simulation = server.simulation();
    this.client = new ApiClient(server, NAME);
    this.startNanos = simulation.now();
    this.claimQueue = queue("pvc", this::syncClaim);
    this.volumeQueue = queue("pv", this::syncVolume);
    Informer shownVolumes =
        Informer.of(server, ResourceType.PERSISTENT_VOLUMES, NAME, this::volumeChanged);
    Informer shownClaims =
        Informer.of(server, ResourceType.PERSISTENT_VOLUME_CLAIMS, NAME, this::claimChanged);
    this.volumes = new WrittenObjects(ResourceType.PERSISTENT_VOLUMES, shownVolumes);
    this.claims = new WrittenObjects(ResourceType.PERSISTENT_VOLUME_CLAIMS, shownClaims);
    EventRecorder recorder = new EventRecorder(server, COMPONENT, "");
    VolumeWrites writes = new VolumeWrites(client, recorder, claims, volumes);
    this.claimSync =
        new ClaimSync(
            volumes,
            writes,
            recorder,
            silent(server, ResourceType.STORAGE_CLASSES),
            silent(server, ResourceType.PODS));
    this.volumeSync = new VolumeSync(client, claims, writes, recorder, claimQueue::enqueue);
    shownVolumes.replay();
    shownClaims.replay();
  }

  private Controller<ObjectKey> queue(String what, Reconciler<ObjectKey> reconciler) {
    return new Controller<>(
        NAME + "/" + what,
        1,
        client,
        RateLimiter.controllerDefault(),
        Controller.RETRIES_UNBOUNDED,
        reconciler);
  }

  /** A view of a type of which the controller only reads. */
  private static Informer silent(ApiServer server, ResourceType type) {
    return Informer.of(server, type, NAME, commit -> false, (before, after) -> {});
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  private void claimChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject claim = after != null ? after : before;
    if (claim == null) {
      return;
    }
    ObjectKey key = claim.key(ResourceType.PERSISTENT_VOLUME_CLAIMS);
    String volume = PersistentVolumes.volumeName(claim);
    settle(key, after == null || "Bound".equals(claim.status().get("phase")));
    if (after != null) {
      claimQueue.enqueue(key);
    } else if (!volume.isEmpty()) {
      volumeQueue.enqueue(ObjectKey.of(ResourceType.PERSISTENT_VOLUMES, "", volume));
    }
  }

  private void volumeChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject volume = after != null ? after : before;
    if (volume == null) {
      return;
    }
    ObjectKey key = volume.key(ResourceType.PERSISTENT_VOLUMES);
    KubeMap reference = volume.spec().map("claimRef");
    String phase = volume.status().string("phase", "");
    settle(key, after == null || phase.equals("Bound") || phase.equals("Available"));
    if (after != null) {
      volumeQueue.enqueue(key);
    } else if (reference != null) {
      claimQueue.enqueue(VolumeSync.claimKey(reference));
    }
  }

  private void settle(ObjectKey key, boolean settled) {
    if (settled) {
      unsettled.remove(key);
    } else if (unsettled.add(key) && !resyncs) {
      resyncs = true;
      long periods = (simulation.now() - startNanos) / RESYNC_NANOS + 1;
      simulation.at(startNanos + periods * RESYNC_NANOS, NAME + "/resync", "all", this::resync);
    }
  }

  private void resync() {
    resyncs = !unsettled.isEmpty();
    if (!resyncs) {
      return;
    }
    simulation.after(RESYNC_NANOS, NAME + "/resync", "all", this::resync);
    for (ObjectKey key : unsettled) {
      boolean claim = key.type().equals(ResourceType.PERSISTENT_VOLUME_CLAIMS);
      (claim ? claimQueue : volumeQueue).enqueue(key);
    }
  }

  private Result syncClaim(ObjectKey key) {
    KubeObject claim = claims.get(key);
    if (claim != null) {
      claimSync.sync(claim);
    }
    return Result.done();
  }

  private Result syncVolume(ObjectKey key) {
    KubeObject volume = volumes.get(key);
    if (volume != null) {
      volumeSync.sync(volume);
    }
    return Result.done();
  }
}
