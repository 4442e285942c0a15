package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import org.jspecify.annotations.Nullable;

/** What a kubelet remembers of one container of a pod. */
final class ContainerRecord {

  private KubeMap spec;
  private final boolean init;

  /** The newest container of that name in the runtime. */
  @Nullable Container current;

  /** The newest container that the kubelet has seen when it last looked. */
  @Nullable Container seen;

  /** Whether that one had exited when it looked. */
  boolean seenExited;

  /** How the container before {@link #seen} ended, as a container state; null when unknown. */
  @Nullable KubeMap previousState;

  /** The container of the pod's spec that {@link #current} was created from. */
  @Nullable KubeMap createdFrom;

  /** Why it could not be started at the last sync, such as {@code CrashLoopBackOff}; else empty. */
  String waitingReason = "";

  String waitingMessage = "";

  /** Waits between restarts; null before the first. */
  private @Nullable CrashLoop crashLoop;

  /** The spec that the waits belong to: another one begins without. */
  private @Nullable KubeMap crashLoopSpec;

  private ContainerRecord(KubeMap spec, boolean init) {
    this.spec = spec;
    this.init = init;
  }

  /** One for each container of a pod, the init containers first. */
  static ContainerRecord[] all(KubeMap podSpec) {
    KubeList inits = podSpec.listOrEmpty("initContainers");
    KubeList containers = podSpec.listOrEmpty("containers");
    ContainerRecord[] records = new ContainerRecord[inits.size() + containers.size()];
    for (int i = 0; i < records.length; i++) {
      boolean init = i < inits.size();
      records[i] =
          new ContainerRecord(init ? inits.map(i) : containers.map(i - inits.size()), init);
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

  boolean init() {
    return init;
  }

  boolean sidecar() {
    return init && PodPhase.isSidecar(spec);
  }

  /** Part of the pod, as events name it. */
  String fieldPath() {
    return (init ? "spec.initContainers{" : "spec.containers{") + name() + "}";
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
    if (seen == now && seenExited == exited) {
      return false;
    }
    seen = now;
    seenExited = exited;
    return true;
  }

  CrashLoop crashLoop() {
    CrashLoop known = crashLoop;
    if (known == null || (crashLoopSpec != spec && !spec.equals(crashLoopSpec))) {
      known = new CrashLoop();
      crashLoop = known;
    }
    crashLoopSpec = spec;
    return known;
  }

  void fail(String reason, String message) {
    waitingReason = reason;
    waitingMessage = message;
  }

  void clearFailure() {
    waitingReason = "";
    waitingMessage = "";
  }
}
