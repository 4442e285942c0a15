package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.GoDuration;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.container.ContainerRuntime;
import dev.wavetank.core.container.ContainerRuntime.Pulled;
import dev.wavetank.core.container.ImageReference;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sees to it that a container's image is on the node, with a back-off for each pod and image.
 *
 * <p>Follows pkg/kubelet/images/image_manager.go (v1.36).
 */
final class ImageManager {

  /** Hears how it went: the waiting reason, empty when the image is there, and its message. */
  interface Done {
    void image(String reason, String message);
  }

  private static final class Failure {
    final BackOff backOff = new BackOff();
    String error = "";
  }

  private static final int FAILURES_MAX = 10_000;
  private static final int IMAGES_MAX = 4096;
  private static final long MILLI = 1_000_000L;

  private final Simulation simulation;
  private final ContainerRuntime runtime;
  private final EventRecorder recorder;
  private final Map<String, Failure> failures = new LinkedHashMap<>();
  private final Map<String, String> presentMessages = new LinkedHashMap<>();

  ImageManager(Simulation simulation, ContainerRuntime runtime, EventRecorder recorder) {
    this.simulation = simulation;
    this.runtime = runtime;
    this.recorder = recorder;
  }

  void ensure(ObservedPod worker, ContainerRecord record, Done done) {
    String image = record.spec().string("image", "");
    String error = ImageReference.parseError(image);
    if (!error.isEmpty()) {
      String message =
          "Failed to apply default image tag "
              + GoQuote.quote(image)
              + ": couldn't parse image name "
              + GoQuote.quote(image)
              + ": "
              + error;
      event(worker, record, "Warning", "InspectFailed", message);
      done.image("InvalidImageName", message);
      return;
    }
    String policy = policy(record, image);
    boolean present = runtime.present(image);
    if (policy.equals("Never") && !present) {
      String message = "Container image \"" + image + "\" is not present with pull policy of Never";
      event(worker, record, "Warning", "ErrImageNeverPull", message);
      done.image("ErrImageNeverPull", message);
    } else if (present && !policy.equals("Always")) {
      event(worker, record, "Normal", "Pulled", presentMessage(image));
      done.image("", "");
    } else {
      pull(worker, record, image, done);
    }
  }

  /** One text for all pods of an image. */
  private String presentMessage(String image) {
    if (presentMessages.size() >= IMAGES_MAX) {
      presentMessages.clear();
    }
    return presentMessages.computeIfAbsent(
        image,
        name ->
            "Container image "
                + GoQuote.quote(name)
                + " already present on machine and can be accessed by the pod");
  }

  private static String policy(ContainerRecord record, String image) {
    String set = record.spec().string("imagePullPolicy", "");
    if (!set.isEmpty()) {
      return set;
    }
    return ImageReference.of(image).tag().equals("latest") ? "Always" : "IfNotPresent";
  }

  private void event(
      ObservedPod worker, ContainerRecord record, String type, String reason, String message) {
    recorder.event(worker.pod(), record.fieldPath(), type, reason, message);
  }

  private void pull(ObservedPod worker, ContainerRecord record, String image, Done done) {
    String key = worker.uid() + "_" + image;
    Failure failure = failures.get(key);
    if (failure != null && failure.backOff.holdsSinceUpdate(simulation.now())) {
      String message = "Back-off pulling image \"" + image + "\"";
      event(worker, record, "Normal", "BackOff", message);
      done.image(
          "ImagePullBackOff", failure.error.isEmpty() ? message : message + ": " + failure.error);
      return;
    }
    event(worker, record, "Normal", "Pulling", "Pulling image \"" + image + "\"");
    int boot = worker.kubelet().boot();
    runtime.pull(
        image,
        pulled -> {
          if (boot == worker.kubelet().boot()) {
            pulled(worker, record, image, key, pulled, done);
          }
        });
  }

  private void pulled(
      ObservedPod worker,
      ContainerRecord record,
      String image,
      String key,
      Pulled pulled,
      Done done) {
    if (!pulled.error().isEmpty()) {
      event(
          worker,
          record,
          "Warning",
          "Failed",
          "Failed to pull image \"" + image + "\": " + pulled.error());
      Failure failure = failures.computeIfAbsent(key, k -> new Failure());
      failure.backOff.next(simulation.now(), simulation.now());
      failure.error = "ErrImagePull: " + pulled.error();
      forgetOldest();
      done.image("ErrImagePull", pulled.error());
      return;
    }
    failures.remove(key);
    event(
        worker,
        record,
        "Normal",
        "Pulled",
        "Successfully pulled image \""
            + image
            + "\" in "
            + GoDuration.of(pulled.nanos() / MILLI * MILLI)
            + " ("
            + GoDuration.of(pulled.totalNanos() / MILLI * MILLI)
            + " including waiting). Image size: "
            + pulled.sizeBytes()
            + " bytes.");
    done.image("", "");
  }

  private void forgetOldest() {
    if (failures.size() > FAILURES_MAX) {
      Iterator<String> oldest = failures.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }
}
