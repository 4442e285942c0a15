package dev.wavetank.core.controller.ephemeral;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.PodVolumes;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import dev.wavetank.core.record.EventRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Makes a PersistentVolumeClaim for each generic ephemeral volume of a pod; it belongs to the pod
 * and goes with it.
 *
 * <p>Follows pkg/controller/volume/ephemeral/controller.go (v1.36).
 */
public final class EphemeralVolumeController implements Reconciler<ObjectKey> {

  private static final String NAME = "ephemeral-volume-controller";
  private static final String COMPONENT = "ephemeral_volume";

  private final ApiClient client;
  private final EventRecorder recorder;
  private final Controller<ObjectKey> controller;
  private final Informer pods;
  private final Informer claims;

  /** A controller that watches from now on and knows what exists. */
  public EphemeralVolumeController(ApiServer server) {
    this.client = new ApiClient(server, NAME);
    this.recorder = new EventRecorder(server, COMPONENT, "");
    this.controller =
        new Controller<>(
            NAME, 10, client, RateLimiter.controllerDefault(), Controller.RETRIES_UNBOUNDED, this);
    this.pods =
        Informer.of(
            server,
            ResourceType.PODS,
            NAME,
            commit -> commit.before() == null,
            (before, after) -> podAdded(after));
    this.claims =
        Informer.of(server, ResourceType.PERSISTENT_VOLUME_CLAIMS, NAME, this::claimChanged);
    pods.replay();
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  private void podAdded(@Nullable KubeObject pod) {
    if (pod == null) {
      return;
    }
    for (KubeMap volume : pod.spec().listOrEmpty("volumes").maps()) {
      if (volume.has("ephemeral")) {
        controller.enqueue(pod.key(ResourceType.PODS));
        return;
      }
    }
  }

  /** A claim that is gone may have stood in the way, or is to be made again. */
  private void claimChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeMap owner = after == null && before != null ? before.controllerRef() : null;
    if (owner != null && before != null && "Pod".equals(owner.get("kind"))) {
      controller.enqueue(
          ObjectKey.of(ResourceType.PODS, before.namespace(), owner.string("name", "")));
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject pod = pods.view().get(key);
    if (pod == null || pod.terminating()) {
      return Result.done();
    }
    for (KubeMap volume : pod.spec().listOrEmpty("volumes").maps()) {
      KubeMap ephemeral = volume.map("ephemeral");
      String error = ephemeral == null ? "" : handle(pod, volume, ephemeral);
      if (!error.isEmpty()) {
        recorder.warning(
            pod, "FailedBinding", "ephemeral volume " + volume.string("name", "") + ": " + error);
        return Result.retry();
      }
    }
    return Result.done();
  }

  /** Makes the claim unless it is there; why there is none, or the empty text. */
  private String handle(KubeObject pod, KubeMap volume, KubeMap ephemeral) {
    String name = PodVolumes.claimName(pod.name(), volume);
    ObjectKey key = ObjectKey.of(ResourceType.PERSISTENT_VOLUME_CLAIMS, pod.namespace(), name);
    KubeObject known = claims.view().get(key);
    if (known != null) {
      KubeMap owner = known.controllerRef();
      return owner != null && pod.uid().equals(owner.get("uid"))
          ? ""
          : "PVC "
              + key.namespace()
              + "/"
              + name
              + " was not created for pod "
              + pod.namespace()
              + "/"
              + pod.name()
              + " (pod is not owner)";
    }
    try {
      client.create(ResourceType.PERSISTENT_VOLUME_CLAIMS, claim(pod, name, ephemeral));
      return "";
    } catch (ApiException e) {
      return "create PVC " + name + ": " + e.status().message();
    }
  }

  private static KubeObject claim(KubeObject pod, String name, KubeMap ephemeral) {
    KubeMap template = ephemeral.mapOrEmpty("volumeClaimTemplate");
    KubeMap given = template.mapOrEmpty("metadata");
    KubeMap metadata =
        KubeMap.builder()
            .put("name", name)
            .put("namespace", pod.namespace())
            .put("labels", given.get("labels"))
            .put("annotations", given.get("annotations"))
            .put("ownerReferences", KubeList.of(pod.asControllerRef()))
            .build();
    return KubeObject.of(ResourceType.PERSISTENT_VOLUME_CLAIMS, metadata)
        .withSpec(template.mapOrEmpty("spec"));
  }
}
