package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.kubelet.prober.ProbeResult;
import dev.wavetank.core.kubelet.prober.ProbeType;
import dev.wavetank.core.kubelet.prober.RestartRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sync has to do to a pod: sandbox, containers to kill and to start.
 *
 * <p>Follows computePodActions of pkg/kubelet/kuberuntime/kuberuntime_manager.go and
 * computeInitContainerActions of kuberuntime_container.go (v1.36).
 */
public final class PodActions {

  /** Why a container is killed, as far as its grace period depends on it. */
  public enum KillReason {
    NONE,
    STARTUP_PROBE,
    LIVENESS_PROBE,
    FAILED_POST_START,
    UNKNOWN
  }

  /** State of a container in the runtime. */
  public enum State {
    CREATED("created"),
    RUNNING("running"),
    EXITED("exited"),
    UNKNOWN("unknown");

    private final String label;

    State(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /**
   * A container as the runtime reports it.
   *
   * @param changed whether the spec has changed since it was created
   * @param liveness cached result, or null
   * @param startup cached result, or null
   * @param resources what it may use; null when that is what the spec says
   */
  public record RuntimeContainer(
      String name,
      String id,
      State state,
      long exitCode,
      boolean changed,
      @Nullable ProbeResult liveness,
      @Nullable ProbeResult startup,
      @Nullable KubeMap resources) {

    /** A container that may use what the spec says. */
    public RuntimeContainer(
        String name,
        String id,
        State state,
        long exitCode,
        boolean changed,
        @Nullable ProbeResult liveness,
        @Nullable ProbeResult startup) {
      this(name, id, state, exitCode, changed, liveness, startup, null);
    }
  }

  /** A sandbox as the runtime reports it. */
  public record RuntimeSandbox(String id, int attempt, boolean ready, String ip) {}

  /**
   * A pod as the runtime reports it.
   *
   * @param sandboxes newest first
   */
  public record RuntimePod(List<RuntimeSandbox> sandboxes, List<RuntimeContainer> containers) {

    /** The pod of a worker, as its kubelet has seen it. */
    static RuntimePod of(ObservedPod worker, @Nullable PodSandbox seen) {
      List<RuntimeSandbox> sandboxes = new ArrayList<>(1);
      if (seen != null) {
        sandboxes.add(
            new RuntimeSandbox(seen.id(), seen.attempt(), seen.ready(), seen.ip().toString()));
      }
      List<RuntimeContainer> containers = new ArrayList<>(worker.records().length);
      for (ContainerRecord record : worker.records()) {
        Container container = record.seen;
        if (container != null) {
          containers.add(
              new RuntimeContainer(
                  record.name(),
                  container.id(),
                  state(record, container),
                  container.exitCode(),
                  record.specChanged(),
                  PodProbes.result(record, ProbeType.LIVENESS, container),
                  PodProbes.result(record, ProbeType.STARTUP, container),
                  record.actuated()));
        }
      }
      return new RuntimePod(sandboxes, containers);
    }

    private static State state(ContainerRecord record, Container container) {
      if (record.seenExited) {
        return State.EXITED;
      }
      return container.startedNanos() < 0 ? State.CREATED : State.RUNNING;
    }

    @Nullable RuntimeContainer find(String name) {
      for (RuntimeContainer container : containers) {
        if (container.name().equals(name)) {
          return container;
        }
      }
      return null;
    }
  }

  /** A container to kill. */
  public record Kill(String id, String name, String message, KillReason reason) {}

  /** Nothing to do. */
  static final PodActions NONE =
      new PodActions(KubeMap.EMPTY, new RuntimePod(List.of(), List.of()), false);

  private final KubeMap spec;
  private final RuntimePod runtime;
  private final boolean deleted;

  private boolean killPod;
  private boolean createSandbox;
  private String sandboxId = "";
  private int attempt;
  private List<Integer> initToStart = new ArrayList<>(1);
  private List<Integer> toStart = new ArrayList<>(1);
  private final List<Kill> toKill = new ArrayList<>(1);
  private final List<String> toResize = new ArrayList<>(0);

  private PodActions(KubeMap spec, RuntimePod runtime, boolean deleted) {
    this.spec = spec;
    this.runtime = runtime;
    this.deleted = deleted;
  }

  /**
   * Compares what runs with what should.
   *
   * @param deleted whether the pod's deletion was asked for: then nothing is started
   */
  public static PodActions compute(KubeMap spec, RuntimePod runtime, boolean deleted) {
    PodActions actions = new PodActions(spec, runtime, deleted);
    actions.compute();
    return actions;
  }

  public boolean killPod() {
    return killPod;
  }

  public boolean createSandbox() {
    return createSandbox;
  }

  /** The sandbox before; empty when there was none. */
  public String sandboxId() {
    return sandboxId;
  }

  /** The number of the sandbox to create, from 0. */
  public int attempt() {
    return attempt;
  }

  /** Positions among the init containers, in order. */
  public List<Integer> initToStart() {
    return initToStart;
  }

  /** Positions among the regular containers, in order. */
  public List<Integer> toStart() {
    return toStart;
  }

  public List<Kill> toKill() {
    return toKill;
  }

  /** Names of containers that get other resources while they run, those that shrink first. */
  public List<String> toResize() {
    return toResize;
  }

  /** Whether there is nothing to do. */
  public boolean none() {
    return !killPod
        && !createSandbox
        && initToStart.isEmpty()
        && toStart.isEmpty()
        && toKill.isEmpty()
        && toResize.isEmpty();
  }

  private void compute() {
    sandbox();
    if (createSandbox) {
      killPod = true;
      anew();
      return;
    }
    boolean initialized = initContainers();
    if (killPod || !initialized) {
      return;
    }
    int kept = 0;
    KubeList containers = spec.listOrEmpty("containers");
    for (int i = 0; i < containers.size(); i++) {
      if (regular(containers.map(i), i)) {
        kept++;
      }
    }
    if (kept == 0 && toStart.isEmpty()) {
      killPod = true;
      initToStart = new ArrayList<>();
    }
  }

  private void sandbox() {
    if (runtime.sandboxes().isEmpty()) {
      createSandbox = true;
      return;
    }
    int readyCount = 0;
    for (RuntimeSandbox sandbox : runtime.sandboxes()) {
      readyCount += sandbox.ready() ? 1 : 0;
    }
    RuntimeSandbox newest = runtime.sandboxes().get(0);
    sandboxId = newest.id();
    createSandbox =
        readyCount > 1
            || !newest.ready()
            || (!spec.bool("hostNetwork", false) && newest.ip().isEmpty());
    attempt = newest.attempt() + (createSandbox ? 1 : 0);
  }

  private boolean restartsOnFailure() {
    return !spec.string("restartPolicy", "Always").equals("Never");
  }

  /** Everything from the beginning, in a new sandbox. */
  private void anew() {
    if (!restartsOnFailure() && attempt != 0 && !runtime.containers().isEmpty()) {
      createSandbox = false;
      return;
    }
    List<Integer> starts = new ArrayList<>();
    KubeList containers = spec.listOrEmpty("containers");
    boolean anyCreated = false;
    for (int i = 0; i < containers.size(); i++) {
      KubeMap container = containers.map(i);
      RuntimeContainer seen = runtime.find(container.string("name", ""));
      anyCreated |= seen != null;
      String own = container.string("restartPolicy", "");
      String policy = own.isEmpty() ? spec.string("restartPolicy", "Always") : own;
      boolean succeeded = seen != null && seen.state() == State.EXITED && seen.exitCode() == 0;
      if (!policy.equals("OnFailure") || !succeeded) {
        starts.add(i);
      }
    }
    if (starts.isEmpty() && anyCreated) {
      createSandbox = false;
      return;
    }
    if (!spec.listOrEmpty("initContainers").isEmpty()) {
      initToStart.add(0);
      return;
    }
    toStart = starts;
  }

  /** Looks at a regular container; true when it is kept as it is. */
  private boolean regular(KubeMap container, int position) {
    String name = container.string("name", "");
    RuntimeContainer seen = runtime.find(name);
    if (seen == null || seen.state() != State.RUNNING) {
      if (shouldRestart(container, seen)) {
        toStart.add(position);
        if (seen != null && seen.state() == State.UNKNOWN) {
          toKill.add(
              new Kill(
                  seen.id(),
                  name,
                  "Container is in \"unknown\" state, try killing it before restart",
                  KillReason.UNKNOWN));
        }
      }
      return false;
    }
    boolean restart = RestartRules.restartsAfterKill(container, spec);
    String message;
    KillReason reason = KillReason.NONE;
    if (seen.changed()) {
      message = "Container " + name + " definition changed";
      restart = true;
    } else if (seen.liveness() == ProbeResult.FAILURE) {
      message = "Container " + name + " failed liveness probe";
      reason = KillReason.LIVENESS_PROBE;
    } else if (seen.startup() == ProbeResult.FAILURE) {
      message = "Container " + name + " failed startup probe";
      reason = KillReason.STARTUP_PROBE;
    } else if (resizeRestarts(container, seen)) {
      toKill.add(new Kill(seen.id(), name, resizeMessage(name), KillReason.NONE));
      toStart.add(position);
      return false;
    } else {
      return true;
    }
    if (restart) {
      message += ", will be restarted";
      toStart.add(position);
    }
    toKill.add(new Kill(seen.id(), name, message, reason));
    return false;
  }

  private static String resizeMessage(String name) {
    return "Container " + name + " resize requires restart";
  }

  /**
   * Compares what a running container may use with what it was given; true when it has to be
   * started anew for that, by its resize policy.
   */
  private boolean resizeRestarts(KubeMap container, RuntimeContainer seen) {
    KubeMap wanted = container.mapOrEmpty("resources");
    KubeMap has = seen.resources() == null ? wanted : seen.resources();
    boolean resizes = false;
    boolean shrinks = false;
    for (String resource : ContainerSizes.RESOURCES) {
      if (ContainerSizes.differ(wanted, has, resource)) {
        KubeMap policy = container.listOrEmpty("resizePolicy").find("resourceName", resource);
        if (policy != null && "RestartContainer".equals(policy.get("restartPolicy"))) {
          return true;
        }
        resizes = true;
        shrinks |=
            ContainerSizes.amount(wanted, "limits", resource)
                    .cmp(ContainerSizes.amount(has, "limits", resource))
                < 0;
      }
    }
    if (resizes) {
      toResize.add(shrinks ? 0 : toResize.size(), seen.name());
    }
    return false;
  }

  private boolean shouldRestart(KubeMap container, @Nullable RuntimeContainer seen) {
    if (deleted) {
      return false;
    }
    return seen == null
        || (seen.state() != State.RUNNING
            && (seen.state() != State.EXITED
                || RestartRules.shouldRestart(container, spec, seen.exitCode())));
  }

  private boolean anyRegularRuns() {
    for (KubeMap container : spec.listOrEmpty("containers").maps()) {
      RuntimeContainer seen = runtime.find(container.string("name", ""));
      if (seen != null && (seen.state() == State.RUNNING || seen.state() == State.CREATED)) {
        return true;
      }
    }
    return false;
  }

  /** Looks at the init containers from the last to the first; true when the pod is initialized. */
  private boolean initContainers() {
    KubeList containers = spec.listOrEmpty("initContainers");
    if (containers.isEmpty()) {
      return true;
    }
    boolean initialized = anyRegularRuns();
    boolean before = initialized;
    for (int i = containers.size() - 1; i >= 0; i--) {
      KubeMap container = containers.map(i);
      boolean sidecar = PodPhase.isSidecar(container);
      RuntimeContainer seen = runtime.find(container.string("name", ""));
      if (seen == null) {
        if (before && sidecar) {
          initToStart.add(i);
        }
        continue;
      }
      if (before && !sidecar) {
        continue;
      }
      boolean last = i == containers.size() - 1;
      boolean done;
      switch (seen.state()) {
        case CREATED -> {
          initToStart.add(i);
          done = false;
        }
        case RUNNING -> done = sidecar && runningSidecar(container, seen, i, last, before);
        case EXITED -> {
          if (sidecar) {
            initToStart.add(i);
            done = false;
          } else {
            done = exited(container, seen, i, last);
          }
        }
        default -> {
          unknownInit(container, seen, i, sidecar);
          done = false;
        }
      }
      if (killPod) {
        return false;
      }
      initialized |= done && last;
      before = true;
    }
    if (!before) {
      initToStart.add(0);
    }
    Collections.reverse(initToStart);
    return initialized;
  }

  /** A sidecar that runs; true when it counts as initialized. */
  private boolean runningSidecar(
      KubeMap container, RuntimeContainer seen, int position, boolean last, boolean before) {
    String name = seen.name();
    if (container.has("startupProbe") && seen.startup() != ProbeResult.SUCCESS) {
      if (seen.startup() == ProbeResult.FAILURE) {
        toKill.add(
            new Kill(
                seen.id(),
                name,
                "Init container " + name + " failed startup probe",
                KillReason.STARTUP_PROBE));
        initToStart.add(position);
      }
      return false;
    }
    if (!last && !before) {
      initToStart.add(position + 1);
    }
    if (seen.changed()) {
      toKill.add(
          new Kill(
              seen.id(), name, "Init container " + name + " definition changed", KillReason.NONE));
      initToStart.add(position);
    } else if (container.has("livenessProbe") && seen.liveness() == ProbeResult.FAILURE) {
      toKill.add(
          new Kill(
              seen.id(),
              name,
              "Init container " + name + " failed liveness probe",
              KillReason.LIVENESS_PROBE));
      initToStart.add(position);
    } else if (resizeRestarts(container, seen)) {
      toKill.add(new Kill(seen.id(), name, resizeMessage(name), KillReason.NONE));
      initToStart.add(position);
    }
    return true;
  }

  /** A plain init container that exited; true when it succeeded. */
  private boolean exited(KubeMap container, RuntimeContainer seen, int position, boolean last) {
    if (seen.exitCode() != 0) {
      if (!shouldRestart(container, seen)) {
        giveUp();
      } else {
        initToStart.add(position);
      }
      return false;
    }
    if (!last) {
      initToStart.add(position + 1);
    }
    return true;
  }

  private void unknownInit(
      KubeMap container, RuntimeContainer seen, int position, boolean sidecar) {
    if (!sidecar && !RestartRules.restartsAfterKill(container, spec)) {
      giveUp();
      return;
    }
    toKill.add(
        new Kill(
            seen.id(),
            seen.name(),
            "Init container is in \"unknown\" state, try killing it before restart",
            KillReason.UNKNOWN));
    initToStart.add(position);
  }

  private void giveUp() {
    killPod = true;
    initToStart = new ArrayList<>();
  }
}
