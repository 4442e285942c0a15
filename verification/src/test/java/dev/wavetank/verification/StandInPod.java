package dev.wavetank.verification;

import com.google.common.hash.Hashing;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Conditions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One pod of the {@link StandInKubelet}: which containers run, and the status that says so. */
final class StandInPod {

  private static final long RETRY_NANOS = 2_000 * StandInKubelet.MILLI;
  private static final long BACK_OFF_NANOS = 1_000 * StandInKubelet.MILLI;

  /** A container's state, as its status shows it. */
  private static final class Run {
    KubeMap state;
    boolean started;
    boolean ready;
    boolean ended;
    String id = "";

    Run(String waiting) {
      state = waiting(waiting, "");
    }
  }

  private final StandInKubelet kubelet;
  private final KubeObject pod;
  private final int number;
  private final String startTime;
  private final Map<String, Run> initRuns = new LinkedHashMap<>();
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private boolean hasAddress;
  private boolean terminating;
  private boolean stopped;

  StandInPod(StandInKubelet kubelet, KubeObject pod, int number) {
    this.kubelet = kubelet;
    this.pod = pod;
    this.number = number;
    this.startTime = kubelet.server.timestamp();
    boolean init = !pod.spec().listOrEmpty("initContainers").isEmpty();
    for (KubeMap container : pod.spec().listOrEmpty("initContainers").maps()) {
      initRuns.put(container.string("name", ""), new Run("PodInitializing"));
    }
    for (KubeMap container : pod.spec().listOrEmpty("containers").maps()) {
      runs.put(
          container.string("name", ""), new Run(init ? "PodInitializing" : "ContainerCreating"));
    }
  }

  private static KubeMap waiting(String reason, String message) {
    return KubeMap.of(
        "waiting",
        KubeMap.of("reason", reason).with("message", message.isEmpty() ? null : message));
  }

  void start() {
    publish();
    mount();
  }

  /** Begins the end; whether this is the first time. */
  boolean terminate() {
    boolean first = !terminating;
    terminating = true;
    return first;
  }

  void stop() {
    stopped = true;
  }

  private void after(long nanos, Runnable action) {
    kubelet.after(
        nanos,
        pod,
        () -> {
          if (!stopped && !terminating) {
            action.run();
          }
        });
  }

  private void event(String container, String type, String reason, String message) {
    kubelet
        .recorder(pod)
        .event(
            pod,
            container.isEmpty() ? "" : "spec.containers{" + container + "}",
            type,
            reason,
            message);
  }

  private void mount() {
    for (KubeMap volume : pod.spec().listOrEmpty("volumes").maps()) {
      String secret = volume.mapOrEmpty("secret").string("secretName", "");
      String configMap = volume.mapOrEmpty("configMap").string("name", "");
      String missing =
          !secret.isEmpty() && !kubelet.exists(ResourceType.SECRETS, pod, secret)
              ? "secret \"" + secret + "\""
              : !configMap.isEmpty() && !kubelet.exists(ResourceType.CONFIG_MAPS, pod, configMap)
                  ? "configmap \"" + configMap + "\""
                  : "";
      if (!missing.isEmpty()) {
        event(
            "",
            "Warning",
            "FailedMount",
            "MountVolume.SetUp failed for volume \""
                + volume.string("name", "")
                + "\" : "
                + missing
                + " not found");
        after(RETRY_NANOS, this::mount);
        return;
      }
    }
    hasAddress = true;
    List<KubeMap> init = new ArrayList<>();
    pod.spec().listOrEmpty("initContainers").maps().forEach(init::add);
    runInit(init, 0);
  }

  private void runInit(List<KubeMap> containers, int next) {
    if (next == containers.size()) {
      if (!containers.isEmpty()) {
        publish();
      }
      List<KubeMap> all = new ArrayList<>();
      pod.spec().listOrEmpty("containers").maps().forEach(all::add);
      runNext(all, 0);
      return;
    }
    KubeMap container = containers.get(next);
    Run run = run(initRuns, container);
    pull(
        container,
        run,
        () -> {
          started(container, run);
          publish();
          after(
              StandInKubelet.INIT_NANOS,
              () -> {
                ended(run);
                runInit(containers, next + 1);
              });
        });
  }

  private void runNext(List<KubeMap> containers, int next) {
    if (next == containers.size()) {
      publish();
      return;
    }
    KubeMap container = containers.get(next);
    Run run = run(runs, container);
    pull(
        container,
        run,
        () -> {
          started(container, run);
          probe(container, run);
          runNext(containers, next + 1);
        });
  }

  private static Run run(Map<String, Run> runs, KubeMap container) {
    Run run = runs.get(container.string("name", ""));
    if (run == null) {
      throw new IllegalStateException("no container " + container);
    }
    return run;
  }

  private void pull(KubeMap container, Run run, Runnable then) {
    String image = container.string("image", "");
    String name = container.string("name", "");
    if (image.endsWith(":doesnotexist") || image.endsWith(":1.91")) {
      event(name, "Normal", "Pulling", "Pulling image \"" + image + "\"");
      after(StandInKubelet.PULL_NANOS, () -> fail(name, image, run, "ErrImagePull"));
    } else if (kubelet.pull(pod, image)) {
      event(name, "Normal", "Pulling", "Pulling image \"" + image + "\"");
      after(
          StandInKubelet.PULL_NANOS,
          () -> {
            event(
                name,
                "Normal",
                "Pulled",
                "Successfully pulled image \""
                    + image
                    + "\" in 300ms (300ms including waiting). Image size: 12345678 bytes.");
            then.run();
          });
    } else {
      event(
          name,
          "Normal",
          "Pulled",
          "Container image \""
              + image
              + "\" already present on machine and can be accessed by the pod");
      then.run();
    }
  }

  private void fail(String name, String image, Run run, String reason) {
    event(name, "Warning", "Failed", "Error: " + reason);
    run.state = waiting(reason, "failed to pull image \"" + image + "\"");
    publish();
    if (reason.equals("ErrImagePull")) {
      after(BACK_OFF_NANOS, () -> fail(name, image, run, "ImagePullBackOff"));
    }
  }

  private void started(KubeMap container, Run run) {
    String name = container.string("name", "");
    event(name, "Normal", "Created", "Container created");
    event(name, "Normal", "Started", "Container started");
    run.started = true;
    run.id = "containerd://" + sha256(pod.uid() + "/" + name);
    run.state = KubeMap.of("running", KubeMap.of("startedAt", kubelet.server.timestamp()));
  }

  private void ended(Run run) {
    KubeMap running = run.state.mapOrEmpty("running");
    run.started = false;
    run.ended = true;
    run.ready = true;
    run.state =
        KubeMap.of(
            "terminated",
            KubeMap.builder()
                .put("containerID", run.id)
                .put("exitCode", 0)
                .put("finishedAt", kubelet.server.timestamp())
                .put("reason", "Completed")
                .put("startedAt", running.string("startedAt", ""))
                .build());
  }

  private void probe(KubeMap container, Run run) {
    KubeMap probe = container.map("readinessProbe");
    if (probe == null) {
      run.ready = true;
    } else if (!"/nope".equals(probe.at("httpGet", "path"))) {
      long delay = probe.number("initialDelaySeconds", 0) * 1_000 * StandInKubelet.MILLI;
      after(
          delay + StandInKubelet.PROBE_NANOS,
          () -> {
            run.ready = true;
            publish();
          });
    }
  }

  private static String sha256(String text) {
    return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
  }

  private void publish() {
    try {
      kubelet.server.patchStatus(pod.key(ResourceType.PODS), this::status);
    } catch (ApiException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
  }

  private KubeMap status(KubeMap before) {
    String address = kubelet.address(pod);
    String ip = hasAddress ? "10.244." + number % 3 + "." + (number / 3 + 2) : "";
    long generation = pod.generation();
    boolean initialized = initRuns.values().stream().allMatch(run -> run.ended);
    List<String> unready = new ArrayList<>();
    runs.forEach(
        (name, run) -> {
          if (!run.ready) {
            unready.add(name);
          }
        });
    boolean running = runs.values().stream().allMatch(run -> run.started);
    List<KubeMap> conditions = new ArrayList<>();
    conditions.add(condition(before, "PodReadyToStartContainers", hasAddress, "", ""));
    conditions.add(
        condition(
            before,
            "Initialized",
            initialized,
            "ContainersNotInitialized",
            "containers with incomplete status: [" + String.join(" ", unfinished()) + "]"));
    String notReady = "containers with unready status: [" + String.join(" ", unready) + "]";
    for (String type : List.of("Ready", "ContainersReady")) {
      conditions.add(condition(before, type, unready.isEmpty(), "ContainersNotReady", notReady));
    }
    conditions.add(condition(before, "PodScheduled", true, "", ""));
    KubeMap.Builder status =
        KubeMap.builder()
            .put("conditions", KubeList.copyOf(conditions))
            .put("containerStatuses", statuses("containers", runs))
            .put("hostIP", address)
            .put("hostIPs", KubeList.of(KubeMap.of("ip", address)))
            .put("initContainerStatuses", statuses("initContainers", initRuns))
            .put("observedGeneration", generation)
            .put("phase", running ? "Running" : "Pending")
            .put("podIP", ip.isEmpty() ? null : ip)
            .put("podIPs", ip.isEmpty() ? null : KubeList.of(KubeMap.of("ip", ip)))
            .put("qosClass", before.get("qosClass"))
            .put("startTime", startTime);
    return status.build();
  }

  private List<String> unfinished() {
    List<String> names = new ArrayList<>();
    initRuns.forEach(
        (name, run) -> {
          if (!run.ended) {
            names.add(name);
          }
        });
    return names;
  }

  private KubeMap condition(
      KubeMap before, String type, boolean holds, String reason, String message) {
    KubeMap old = Conditions.find(before, type);
    String status = holds ? "True" : "False";
    boolean same = old != null && status.equals(old.get("status"));
    KubeMap.Builder condition =
        KubeMap.builder()
            .put("lastProbeTime", KubeNull.NULL)
            .put(
                "lastTransitionTime",
                same && old != null ? old.get("lastTransitionTime") : kubelet.server.timestamp());
    condition.put("message", holds || message.isEmpty() ? null : message);
    return condition
        .put("observedGeneration", pod.generation())
        .put("reason", holds || reason.isEmpty() ? null : reason)
        .put("status", status)
        .put("type", type)
        .build();
  }

  private @Nullable KubeList statuses(String list, Map<String, Run> all) {
    List<KubeMap> statuses = new ArrayList<>();
    for (KubeMap container : pod.spec().listOrEmpty(list).maps()) {
      statuses.add(status(container, run(all, container)));
    }
    return statuses.isEmpty() ? null : KubeList.copyOf(statuses);
  }

  private static KubeMap status(KubeMap container, Run run) {
    String image = container.string("image", "");
    boolean known = run.started || run.ended;
    String full = image.contains("/") ? image : "docker.io/library/" + image;
    String repository = full.substring(0, Math.max(full.lastIndexOf(':'), full.lastIndexOf('/')));
    KubeMap.Builder status = KubeMap.builder();
    status.put("containerID", run.id.isEmpty() ? null : run.id);
    List<KubeMap> mounts = new ArrayList<>();
    for (KubeMap mount : container.listOrEmpty("volumeMounts").maps()) {
      mounts.add(
          mount.bool("readOnly", false) ? mount.with("recursiveReadOnly", "Disabled") : mount);
    }
    return status
        .put("image", known ? full : image)
        .put("imageID", known ? repository + "@sha256:" + sha256(image) : "")
        .put("lastState", KubeMap.EMPTY)
        .put("name", container.string("name", ""))
        .put("ready", run.ready)
        .put("resources", container.mapOrEmpty("resources"))
        .put("restartCount", 0)
        .put("started", run.started)
        .put("state", run.state)
        .put("volumeMounts", mounts.isEmpty() ? null : KubeList.copyOf(mounts))
        .build();
  }
}
