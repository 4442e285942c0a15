package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mounts the volumes of a node's pods. What can go wrong here is a ConfigMap or a Secret that is
 * not there, or a path of the node that is not what it should be: it is tried again after growing
 * waits.
 *
 * <p>Follows pkg/kubelet/volumemanager/volume_manager.go and
 * pkg/util/goroutinemap/exponentialbackoff/exponential_backoff.go (v1.36).
 */
final class VolumeManager {

  /** Hears whether the volumes were mounted in time. */
  interface Done {
    void mounted(boolean inTime);
  }

  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000_000_000L;

  /** How often who waits looks whether the volumes are mounted, or unmounted. */
  static final long POLL_NANOS = 300 * MILLI;

  private static final long TIMEOUT_NANOS = 123 * SECOND;
  private static final long RETRY_NANOS_MIN = 500 * MILLI;
  private static final long RETRY_NANOS_MAX = 122 * SECOND;

  /** When a mount that failed is tried again. */
  private static final class Retry {
    private long delayNanos;
    private long nextNanos;
  }

  private final ApiServer server;
  private final Simulation simulation;
  private final EventRecorder recorder;
  private final VolumeFiles files;
  private final Map<String, Retry> failing = new LinkedHashMap<>();

  VolumeManager(ApiServer server, EventRecorder recorder, VolumeFiles files) {
    this.server = server;
    this.files = files;
    this.simulation = server.simulation();
    this.recorder = recorder;
  }

  /** Whether a container of the pod mounts a volume. */
  static boolean expectsVolumes(ObservedPod pod) {
    for (ContainerRecord record : pod.records()) {
      if (!record.spec().listOrEmpty("volumeMounts").isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** The pod is gone: nothing of it is tried any more. */
  void forget(ObservedPod pod) {
    failing.remove(pod.uid());
  }

  /** Mounts the volumes of a pod; the answer comes later, unless it is cancelled before. */
  Wait waitForAttachAndMount(ObservedPod pod, Done done) {
    Wait wait = new Wait(pod, done);
    wait.attempt();
    return wait;
  }

  /** One wait for the volumes of a pod. */
  final class Wait {
    private final ObservedPod pod;
    private final Done done;
    private final long begunNanos = simulation.now();
    private @Nullable Timer timer;

    private Wait(ObservedPod pod, Done done) {
      this.pod = pod;
      this.done = done;
    }

    void cancel() {
      if (timer != null) {
        timer.cancel();
      }
    }

    private void attempt() {
      long now = simulation.now();
      Retry retry = failing.get(pod.uid());
      if (retry == null || retry.nextNanos <= now) {
        List<String> errors = errors(pod.pod());
        if (errors.isEmpty()) {
          failing.remove(pod.uid());
          long polls = Math.max(1, (now - begunNanos + POLL_NANOS - 1) / POLL_NANOS);
          later(begunNanos + polls * POLL_NANOS, () -> done.mounted(true));
          return;
        }
        for (String error : errors) {
          recorder.event(pod.pod(), "", "Warning", "FailedMount", error);
        }
        retry = failing.computeIfAbsent(pod.uid(), uid -> new Retry());
        retry.delayNanos =
            Math.min(Math.max(RETRY_NANOS_MIN, retry.delayNanos * 2), RETRY_NANOS_MAX);
        retry.nextNanos = now + retry.delayNanos;
      }
      long end = begunNanos + TIMEOUT_NANOS;
      if (retry.nextNanos < end) {
        later(retry.nextNanos, this::attempt);
      } else {
        later(end, () -> done.mounted(false));
      }
    }

    private void later(long nanos, Runnable action) {
      timer = simulation.at(nanos, "kubelet/mount", pod.key(), action);
    }
  }

  /** Why volumes of the pod cannot be mounted, one text each. */
  private List<String> errors(KubeObject pod) {
    List<String> errors = new ArrayList<>(0);
    for (KubeMap volume : pod.spec().listOrEmpty("volumes").maps()) {
      String name = volume.string("name", "");
      String error = mounted(pod, name) ? error(pod.namespace(), volume) : "";
      if (!error.isEmpty()) {
        errors.add("MountVolume.SetUp failed for volume \"" + name + "\" : " + error);
      }
    }
    return errors;
  }

  private static boolean mounted(KubeObject pod, String volume) {
    for (String list : new String[] {"containers", "initContainers"}) {
      for (KubeMap container : pod.spec().listOrEmpty(list).maps()) {
        if (container.listOrEmpty("volumeMounts").find("name", volume) != null) {
          return true;
        }
      }
    }
    return false;
  }

  private String error(String namespace, KubeMap volume) {
    KubeMap projected = volume.map("projected");
    KubeMap hostPath = volume.map("hostPath");
    if (projected == null) {
      return hostPath == null ? source(namespace, volume) : files.hostPathError(hostPath);
    }
    List<String> errors = new ArrayList<>(0);
    for (KubeMap source : projected.listOrEmpty("sources").maps()) {
      String error = source(namespace, source);
      if (!error.isEmpty()) {
        errors.add(error);
      }
    }
    return errors.size() <= 1 ? String.join("", errors) : "[" + String.join(", ", errors) + "]";
  }

  private String source(String namespace, KubeMap volume) {
    KubeMap configMap = volume.map("configMap");
    KubeMap secret = volume.map("secret");
    if (configMap != null) {
      return source(namespace, configMap, ConfigSource.CONFIG_MAP, configMap.string("name", ""));
    }
    return secret == null
        ? ""
        : source(
            namespace,
            secret,
            ConfigSource.SECRET,
            secret.string("secretName", secret.string("name", "")));
  }

  private String source(String namespace, KubeMap volume, ConfigSource source, String name) {
    if (volume.bool("optional", false)) {
      return "";
    }
    KubeObject object = source.find(server, namespace, name);
    if (object == null) {
      return source.notFound(name);
    }
    KubeList items = volume.listOrEmpty("items");
    for (int i = 0; i < items.size(); i++) {
      String key = items.map(i).string("key", "");
      if (!source.has(object, key)) {
        return source.keyNotInVolume(key);
      }
    }
    return "";
  }
}
