package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.Memo;
import dev.wavetank.core.apiserver.registry.QosClass;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ImageReference;
import dev.wavetank.core.container.image.ImageRegistry;
import dev.wavetank.core.kubelet.prober.RestartRules;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes the status of a pod from what its kubelet has seen of it.
 *
 * <p>Follows generateAPIPodStatus and convertToAPIContainerStatuses of pkg/kubelet/kubelet_pods.go
 * (v1.36).
 */
final class StatusTrees {

  private static final int TERMINATION_MESSAGES_LENGTH_MAX = 12 * 1024;
  private static final String NEVER = "1970-01-01T00:00:00Z";
  private static final KubeMap CREATING = waitingState("ContainerCreating", "");
  private static final KubeMap INITIALIZING = waitingState("PodInitializing", "");

  private final Simulation simulation;
  private final ImageRegistry images;
  private final SharedTrees shared;
  private final Memo<KubeMap> containerParts = new Memo<>(StatusTrees::containerParts);
  private final Memo<KubeMap> podParts = new Memo<>(StatusTrees::podParts);
  private final Map<String, String> imageNames = new LinkedHashMap<>();

  StatusTrees(Simulation simulation, ImageRegistry images, SharedTrees shared) {
    this.simulation = simulation;
    this.images = images;
    this.shared = shared;
  }

  static KubeMap waitingState(String reason, String message) {
    return KubeMap.of(
        "waiting", KubeMap.of("message", message.isEmpty() ? null : message, "reason", reason));
  }

  /**
   * The status that follows from what was seen.
   *
   * @param terminal whether the containers will not be restarted whatever the policy says
   */
  KubeMap generate(ObservedPod worker, boolean terminal) {
    KubeObject pod = worker.pod();
    KubeMap spec = pod.spec();
    KubeMap old = worker.oldStatus();
    KubeList containers = containers(worker, old.listOrEmpty("containerStatuses"), false);
    KubeList inits = containers(worker, old.listOrEmpty("initContainerStatuses"), true);
    KubeMap lists =
        KubeMap.of(
            "containerStatuses",
            containers,
            "initContainerStatuses",
            inits.isEmpty() ? null : inits,
            "conditions",
            old.list("conditions"));
    String phase = PodPhase.of(spec, lists, terminal, worker.anyRegularSeen());
    String oldPhase = old.string("phase", "");
    String apiPhase = pod.status().string("phase", "");
    if (!PodPhase.terminal(phase)) {
      if (PodPhase.terminal(oldPhase)) {
        phase = oldPhase;
      } else if (PodPhase.terminal(apiPhase)) {
        phase = apiPhase;
      }
    }
    String reason = "";
    String message = "";
    if (phase.equals(oldPhase)) {
      reason = old.string("reason", pod.status().string("reason", ""));
      message = old.string("message", pod.status().string("message", ""));
    }
    if (worker.pastActiveDeadline()) {
      phase = PodPhase.FAILED;
      reason = "DeadlineExceeded";
      message = "Pod was active on the node longer than the specified deadline";
      worker.kubelet().recorder().event(pod, "", "Normal", reason, message);
    }
    if (PodPhase.terminal(apiPhase)) {
      phase = apiPhase;
    }
    return assemble(worker, lists, phase, reason, message);
  }

  private KubeMap assemble(
      ObservedPod worker, KubeMap lists, String phase, String reason, String message) {
    KubeObject pod = worker.pod();
    KubeMap old = worker.oldStatus();
    long generation = pod.generation();
    KubeList ips = worker.seenIps();
    KubeMap ofSpec = podParts.of(worker.allocated());
    return KubeMap.of(
        "allocatedResources",
        ofSpec.get("allocatedResources"),
        "conditions",
        shared.share(conditions(worker, lists, phase)),
        "containerStatuses",
        lists.get("containerStatuses"),
        "ephemeralContainerStatuses",
        ephemeral(worker, old.listOrEmpty("ephemeralContainerStatuses")),
        "hostIP",
        worker.kubelet().hostIp(),
        "hostIPs",
        worker.kubelet().hostIps(),
        "initContainerStatuses",
        lists.get("initContainerStatuses"),
        "message",
        message.isEmpty() ? null : message,
        "observedGeneration",
        generation == 0 ? null : generation,
        "phase",
        phase,
        "podIP",
        ips.isEmpty() ? null : PodIps.first(ips),
        "podIPs",
        ips.isEmpty() ? null : ips,
        "qosClass",
        qosClass(worker, old),
        "reason",
        reason.isEmpty() ? null : reason,
        "resources",
        podResources(worker, ofSpec),
        "startTime",
        Objects.requireNonNullElseGet(old.get("startTime"), worker.kubelet()::timestamp));
  }

  private KubeList conditions(ObservedPod worker, KubeMap lists, String phase) {
    KubeObject pod = worker.pod();
    KubeMap spec = worker.allocated();
    KubeList oldConditions = worker.oldStatus().listOrEmpty("conditions");
    List<Object> conditions = new ArrayList<>(6);
    KubeList foreign = pod.status().listOrEmpty("conditions");
    for (int i = 0; i < foreign.size(); i++) {
      if (!PodConditions.byKubelet(foreign.map(i).string("type", ""))) {
        conditions.add(foreign.get(i));
      }
    }
    if (worker.resizeSaid()) {
      if (PodPhase.terminal(phase)) {
        worker.resize().clearInProgress();
        worker.resize().clearPending();
      }
      worker.resize().addTo(conditions);
    }
    for (PodCondition condition :
        List.of(
            PodConditions.readyToStartContainers(worker.sandboxSeen()),
            PodConditions.initialized(spec, lists, phase),
            PodConditions.ready(spec, lists, foreign, phase),
            PodConditions.containersReady(spec, lists, phase),
            PodConditions.scheduled())) {
      conditions.add(withTime(oldConditions, condition, pod.generation()));
    }
    return KubeList.copyOf(conditions);
  }

  /** Of the whole pod, as its containers run. */
  private static @Nullable Object podResources(ObservedPod worker, KubeMap ofSpec) {
    KubeMap spec = worker.allocated();
    KubeMap actual = spec;
    for (ContainerRecord record : worker.records()) {
      KubeMap resources = resources(record);
      if (resources != record.spec().mapOrEmpty("resources")) {
        actual = ContainerSizes.with(actual, record, resources);
      }
    }
    return actual == spec ? ofSpec.get("resources") : podParts(actual).get("resources");
  }

  /** What a container that runs may use as seen; else what it has been given. */
  private static KubeMap resources(ContainerRecord record) {
    KubeMap given = record.spec().mapOrEmpty("resources");
    KubeMap seen = record.seenResources();
    if (record.seen == null || record.seenExited || ContainerSizes.same(given, seen)) {
      return given;
    }
    KubeMap made = given;
    for (String part : new String[] {"limits", "requests"}) {
      KubeMap amounts = given.mapOrEmpty(part);
      for (String resource : ContainerSizes.RESOURCES) {
        Object actual = seen.mapOrEmpty(part).get(resource);
        if (!amounts.isEmpty() && actual != null) {
          amounts = amounts.with(resource, actual);
        }
      }
      made = amounts.isEmpty() ? made : made.with(part, amounts);
    }
    return made;
  }

  private static Object qosClass(ObservedPod worker, KubeMap old) {
    Object known = old.get("qosClass");
    if (known == null) {
      known = worker.pod().status().get("qosClass");
    }
    return known != null ? known : QosClass.of(worker.pod().spec());
  }

  /** The condition with its time: the old one while the status value stays. */
  private KubeMap withTime(KubeList conditions, PodCondition condition, long generation) {
    KubeMap old = conditions.find("type", condition.type());
    if (old != null && condition.saidBy(old, generation)) {
      return old;
    }
    Object time =
        old != null && condition.sameStatus(old)
            ? old.get("lastTransitionTime")
            : shared.second(simulation.now());
    return shared.share(condition.tree(generation).with("lastTransitionTime", time));
  }

  private KubeList containers(ObservedPod worker, KubeList old, boolean init) {
    List<KubeMap> statuses = new ArrayList<>(1);
    for (ContainerRecord record : worker.records()) {
      if (record.init() == init) {
        KubeMap before = old.find("name", record.name());
        KubeMap now = container(worker, record, before);
        statuses.add(before != null && before.equals(now) ? before : now);
      }
    }
    if (!init && statuses.size() > 1) {
      statuses.sort((a, b) -> a.string("name", "").compareTo(b.string("name", "")));
    }
    KubeList list = KubeList.copyOf(statuses);
    return list.equals(old) ? old : list;
  }

  private @Nullable KubeList ephemeral(ObservedPod worker, KubeList old) {
    if (worker.ephemeral().isEmpty()) {
      return null;
    }
    List<KubeMap> statuses = new ArrayList<>(1);
    for (ContainerRecord record : worker.ephemeral()) {
      KubeMap before = old.find("name", record.name());
      statuses.add(container(worker, record, before).with("ready", false).with("started", null));
    }
    KubeList list = KubeList.copyOf(statuses);
    return list.equals(old) ? old : list;
  }

  private KubeMap container(ObservedPod worker, ContainerRecord record, @Nullable KubeMap old) {
    Container seen = record.seen;
    KubeMap state;
    KubeMap last = old == null ? null : old.map("lastState");
    long restarts = old == null ? 0 : old.number("restartCount", 0);
    if (seen == null) {
      state = worker.hasInitContainers() ? INITIALIZING : CREATING;
      KubeMap oldState = old == null ? null : old.map("state");
      if (oldState != null && oldState.has("terminated")) {
        state = oldState;
      }
    } else {
      restarts = Math.max(restarts, seen.attempt());
      state = record.seenExited ? terminated(worker, seen) : running(seen);
      if (record.previousState() != null) {
        last = record.previousState();
      } else if (old != null
          && !seen.id().equals(old.get("containerID"))
          && old.mapOrEmpty("state").has("terminated")) {
        last = old.map("state");
      }
    }
    if (startFailed(worker, record)) {
      if (state.has("terminated")) {
        last = state;
      }
      state = waitingState(record.waitingReason(), record.waitingMessage());
    }
    boolean started = PodProbes.started(record, old != null && old.bool("started", false));
    return assemble(record, state, last == null ? KubeMap.EMPTY : last, restarts, started);
  }

  private static boolean startFailed(ObservedPod worker, ContainerRecord record) {
    if (record.waitingReason().isEmpty() || worker.pod().terminating()) {
      return false;
    }
    Container seen = record.seen;
    if (seen == null) {
      return true;
    }
    if (!record.seenExited || (record.init() && seen.exitCode() == 0)) {
      return false;
    }
    return RestartRules.shouldRestart(record.spec(), worker.pod().spec(), seen.exitCode());
  }

  private KubeMap assemble(
      ContainerRecord record, KubeMap state, KubeMap last, long restarts, boolean started) {
    Container seen = record.seen;
    boolean ready = PodProbes.ready(record, started);
    String image = record.spec().string("image", "");
    KubeMap parts = containerParts.of(record.spec());
    return KubeMap.of(
        "allocatedResources",
        seen == null ? null : parts.get("allocatedResources"),
        "containerID",
        seen == null ? null : seen.id(),
        "image",
        seen == null ? image : imageName(seen.spec().string("image", "")),
        "imageID",
        seen == null ? "" : images.imageId(seen.spec().string("image", "")),
        "lastState",
        last,
        "name",
        record.name(),
        "ready",
        ready,
        "resources",
        seen == null ? null : resources(record),
        "restartCount",
        restarts,
        "started",
        started,
        "state",
        state,
        "volumeMounts",
        parts.get("volumeMounts"));
  }

  private String imageName(String image) {
    return imageNames.computeIfAbsent(image, i -> ImageReference.of(i).canonical());
  }

  private KubeMap running(Container container) {
    return shared.share(
        KubeMap.of(
            "running",
            shared.share(KubeMap.of("startedAt", shared.second(container.startedNanos())))));
  }

  private KubeMap terminated(ObservedPod worker, Container container) {
    String message = container.terminationMessage();
    int longest = TERMINATION_MESSAGES_LENGTH_MAX / Math.max(1, worker.records().length);
    return terminatedState(
        container, message.length() > longest ? message.substring(0, longest) : message);
  }

  KubeMap terminatedState(Container container, String message) {
    return KubeMap.of(
        "terminated",
        KubeMap.of(
            "containerID",
            container.id(),
            "exitCode",
            (long) container.exitCode(),
            "finishedAt",
            shared.second(container.finishedNanos()),
            "message",
            message.isEmpty() ? null : message,
            "reason",
            container.reason(),
            "startedAt",
            container.startedNanos() < 0 ? NEVER : shared.second(container.startedNanos())));
  }

  /** What a pod's status repeats of its spec. */
  private static KubeMap podParts(KubeMap spec) {
    KubeMap requests = PodResources.requests(spec);
    KubeMap limits = PodResources.limits(spec);
    KubeMap none = KubeMap.EMPTY;
    return KubeMap.of(
        "allocatedResources",
        requests.isEmpty() ? null : requests,
        "resources",
        requests.isEmpty() && limits.isEmpty()
            ? none
            : KubeMap.of(
                "limits", limits.isEmpty() ? null : limits,
                "requests", requests.isEmpty() ? null : requests));
  }

  /** What a container's status repeats of its spec. */
  private static KubeMap containerParts(KubeMap container) {
    KubeMap resources = container.mapOrEmpty("resources");
    List<KubeMap> mounts = new ArrayList<>();
    for (KubeMap mount : container.listOrEmpty("volumeMounts").maps()) {
      boolean readOnly = mount.bool("readOnly", false);
      mounts.add(
          KubeMap.of(
              "mountPath",
              mount.string("mountPath", ""),
              "name",
              mount.string("name", ""),
              "readOnly",
              readOnly ? true : null,
              "recursiveReadOnly",
              readOnly ? "Disabled" : null));
    }
    return KubeMap.of(
        "allocatedResources",
        resources.map("requests"),
        "resources",
        resources,
        "volumeMounts",
        mounts.isEmpty() ? null : KubeList.copyOf(mounts));
  }

  /** The status of a pod that its node refuses. */
  static KubeMap rejected(KubeObject pod, String reason, String message, String now) {
    return KubeMap.of(
        "message",
        "Pod was rejected: " + message,
        "phase",
        PodPhase.FAILED,
        "qosClass",
        QosClass.of(pod.spec()),
        "reason",
        reason,
        "startTime",
        now);
  }

  // One thing changed

  /** The status with the condition that the sandbox stands. */
  KubeMap sandboxReady(ObservedPod pod) {
    return withCondition(
        pod.oldStatus(), PodConditions.readyToStartContainers(true), pod.pod().generation());
  }

  /** The status with the readiness of one container, and what follows for the pod. */
  KubeMap withReadiness(ObservedPod pod, KubeMap status, String containerId, boolean ready) {
    KubeMap changed = with(status, containerId, "ready", ready);
    if (changed == status) {
      return status;
    }
    KubeMap spec = pod.pod().spec();
    String phase = status.string("phase", "");
    long generation = pod.pod().generation();
    KubeList conditions = status.listOrEmpty("conditions");
    changed =
        withCondition(changed, PodConditions.ready(spec, changed, conditions, phase), generation);
    return withCondition(changed, PodConditions.containersReady(spec, changed, phase), generation);
  }

  /** The status with one container started or not. */
  KubeMap withStarted(KubeMap status, String containerId, boolean started) {
    return with(status, containerId, "started", started);
  }

  private static KubeMap with(KubeMap status, String containerId, String field, boolean value) {
    for (String list : new String[] {"containerStatuses", "initContainerStatuses"}) {
      KubeList containers = status.listOrEmpty(list);
      for (int i = 0; i < containers.size(); i++) {
        KubeMap container = containers.map(i);
        if (containerId.equals(container.get("containerID"))) {
          KubeMap changed = container.with(field, value);
          return changed == container ? status : status.with(list, containers.with(i, changed));
        }
      }
    }
    return status;
  }

  private KubeMap withCondition(KubeMap status, PodCondition condition, long generation) {
    KubeList conditions = status.listOrEmpty("conditions");
    KubeMap timed = withTime(conditions, condition, generation);
    for (int i = 0; i < conditions.size(); i++) {
      if (condition.type().equals(conditions.map(i).get("type"))) {
        return status.with("conditions", shared.share(conditions.with(i, timed)));
      }
    }
    return status.with("conditions", shared.share(conditions.plus(timed)));
  }

  /** Whether the API's condition {@code Ready} is not what readiness gates make of it. */
  static boolean readinessDiffers(KubeObject pod) {
    KubeMap status = pod.status();
    KubeList conditions = status.listOrEmpty("conditions");
    KubeMap stored = conditions.find("type", "Ready");
    if (stored == null) {
      return false;
    }
    PodCondition made =
        PodConditions.ready(pod.spec(), status, conditions, status.string("phase", ""));
    return !made.sameStatus(stored) || !made.message().equals(stored.string("message", ""));
  }
}
