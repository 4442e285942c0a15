package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerLog;
import dev.wavetank.core.kubelet.prober.ProbeType;
import dev.wavetank.core.kubelet.prober.Worker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a kubelet remembers of one container of a pod. */
final class ContainerRecord {

  /** What only a container has that was restarted or that could not be started. */
  private static final class Past {
    int attempts;
    @Nullable KubeMap state;
    @Nullable ContainerLog log;
    long finishedNanos = -1;
    String waitingReason = "";
    String waitingMessage = "";
    @Nullable CrashLoop crashLoop;
    String crashLoopImage = "";
  }

  private KubeMap spec;
  private final boolean init;
  private final boolean ephemeral;
  private @Nullable Past past;
  private @Nullable Worker startup;
  private @Nullable Worker readiness;
  private @Nullable Worker liveness;

  /** The newest container of that name in the runtime. */
  @Nullable Container current;

  /** The newest container that the kubelet has seen when it last looked. */
  @Nullable Container seen;

  /** Whether that one had exited when it looked. */
  boolean seenExited;

  /** What it was allowed to use when it looked. */
  private KubeMap seenResources = KubeMap.EMPTY;

  private ContainerRecord(KubeMap spec, boolean init, boolean ephemeral) {
    this.spec = spec;
    this.init = init;
    this.ephemeral = ephemeral;
  }

  /** The ephemeral containers of a pod: those that are known, and those that came since. */
  static List<ContainerRecord> ephemeral(List<ContainerRecord> known, KubeMap podSpec) {
    KubeList containers = podSpec.listOrEmpty("ephemeralContainers");
    if (containers.size() == known.size()) {
      return known;
    }
    List<ContainerRecord> records = new ArrayList<>(known);
    for (int i = known.size(); i < containers.size(); i++) {
      records.add(new ContainerRecord(containers.map(i), false, true));
    }
    return records;
  }

  /** One for each container of a pod, the init containers first. */
  static ContainerRecord[] all(KubeMap podSpec) {
    KubeList inits = podSpec.listOrEmpty("initContainers");
    KubeList containers = podSpec.listOrEmpty("containers");
    ContainerRecord[] records = new ContainerRecord[inits.size() + containers.size()];
    for (int i = 0; i < records.length; i++) {
      boolean init = i < inits.size();
      records[i] =
          new ContainerRecord(init ? inits.map(i) : containers.map(i - inits.size()), init, false);
    }
    return records;
  }

  KubeMap spec() {
    return spec;
  }

  void respec(KubeMap changed) {
    spec = changed;
  }

  String name() {
    return spec.string("name", "");
  }

  private String image() {
    return spec.string("image", "");
  }

  boolean init() {
    return init;
  }

  /** In which list of the pod's spec it is; not of an ephemeral container. */
  String list() {
    return init ? "initContainers" : "containers";
  }

  boolean sidecar() {
    return init && PodPhase.isSidecar(spec);
  }

  /** Part of the pod, as events name it. */
  String fieldPath() {
    String list = init ? "initContainers" : ephemeral ? "ephemeralContainers" : "containers";
    return "spec." + list + "{" + name() + "}";
  }

  /** The worker of a probe of it, while there is one. */
  @Nullable Worker worker(ProbeType type) {
    return switch (type) {
      case STARTUP -> startup;
      case READINESS -> readiness;
      case LIVENESS -> liveness;
    };
  }

  void worker(ProbeType type, @Nullable Worker worker) {
    switch (type) {
      case STARTUP -> startup = worker;
      case READINESS -> readiness = worker;
      case LIVENESS -> liveness = worker;
    }
  }

  boolean running() {
    return current != null && current.running();
  }

  /** Looks at the runtime; true when something is new. */
  boolean relist() {
    Container now = current;
    if (now == null) {
      return false;
    }
    boolean exited = now.exited();
    KubeMap resources = now.spec().mapOrEmpty("resources");
    if (seen == now && seenExited == exited && seenResources == resources) {
      return false;
    }
    seen = now;
    seenExited = exited;
    seenResources = resources;
    return true;
  }

  /** What the container was allowed to use when the kubelet last looked. */
  KubeMap seenResources() {
    return seenResources;
  }

  /** Whether it may be resized while it runs: not a plain init container. */
  boolean resizable() {
    return !ephemeral && (!init || sidecar());
  }

  /** Whether it runs, as seen, with other resources than the pod has been given for it. */
  boolean resizeInProgress() {
    Container known = seen;
    return known != null
        && !seenExited
        && known.startedNanos() >= 0
        && !ContainerSizes.same(actuated(), spec.mapOrEmpty("resources"));
  }

  /** What the newest container is allowed to use now. */
  KubeMap actuated() {
    Container now = current;
    return now == null ? KubeMap.EMPTY : now.spec().mapOrEmpty("resources");
  }

  /** Whether the spec has changed so that the container as seen has to be made anew. */
  boolean specChanged() {
    Container known = seen;
    return known != null && !known.spec().string("image", "").equals(image());
  }

  // What was before

  private Past past() {
    Past known = past;
    if (known == null) {
      known = new Past();
      past = known;
    }
    return known;
  }

  /** How often a container of that name was created before. */
  int nextAttempt() {
    Container last = current;
    if (last != null) {
      return last.attempt() + 1;
    }
    return past == null ? 0 : past.attempts;
  }

  /** The runtime forgets it, as it does with init containers when a new sandbox is made. */
  void purge() {
    if (current != null) {
      Past known = past();
      known.attempts = nextAttempt();
      known.state = null;
      known.log = null;
      known.finishedNanos = -1;
      current = null;
      seen = null;
      seenExited = false;
    }
  }

  /** A new container was created. */
  void created(Container container, StatusTrees trees) {
    Container last = current;
    if (last != null && last.exited()) {
      Past known = past();
      known.state = trees.terminatedState(last, last.terminationMessage());
      known.finishedNanos = last.finishedNanos();
      known.log = last.logLines();
    }
    current = container;
  }

  /** The log of the container before the newest one; null when there was none. */
  @Nullable ContainerLog previousLog() {
    return past == null ? null : past.log;
  }

  /** How the container before the newest one ended, as a container state; null when unknown. */
  @Nullable KubeMap previousState() {
    return past == null ? null : past.state;
  }

  /** When the newest container that was seen exited did so; -1 when none was. */
  long seenFinishedNanos() {
    Container known = seen;
    if (known != null && seenExited) {
      return known.finishedNanos();
    }
    return known == null || past == null ? -1 : past.finishedNanos;
  }

  /** The waits between its restarts; another image begins without. */
  CrashLoop crashLoop() {
    Past known = past();
    CrashLoop loop = known.crashLoop;
    if (loop == null || !known.crashLoopImage.equals(image())) {
      loop = new CrashLoop();
      known.crashLoop = loop;
      known.crashLoopImage = image();
    }
    return loop;
  }

  /** Why it could not be started at the last sync, such as {@code CrashLoopBackOff}; else empty. */
  String waitingReason() {
    return past == null ? "" : past.waitingReason;
  }

  String waitingMessage() {
    return past == null ? "" : past.waitingMessage;
  }

  void fail(String reason, String message) {
    Past known = past();
    known.waitingReason = reason;
    known.waitingMessage = message;
  }

  void clearFailure() {
    if (past != null) {
      past.waitingReason = "";
      past.waitingMessage = "";
    }
  }
}
