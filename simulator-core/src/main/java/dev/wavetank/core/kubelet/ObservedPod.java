package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.kubelet.prober.ProbedPod;
import dev.wavetank.core.sim.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pod as its kubelet knows it: the API's version, what it has made of it in the runtime, what it
 * has seen there at its last look, and the status that follows.
 */
abstract class ObservedPod implements ProbedPod {

  private static final long SECOND = 1_000_000_000L;

  private final Kubelet kubelet;
  private final ObjectKey key;
  private final ContainerRecord[] records;
  private List<ContainerRecord> ephemeral;
  private KubeObject pod;
  private KubeMap allocated;
  private @Nullable ResizeConditions resize;
  private @Nullable KubeMap status;
  private @Nullable KubeMap written;
  private @Nullable PodSandbox sandbox;
  private @Nullable PodSandbox seenSandbox;

  ObservedPod(Kubelet kubelet, ObjectKey key, KubeObject pod) {
    this.kubelet = kubelet;
    this.pod = pod;
    this.allocated = pod.spec();
    this.key = key;
    this.records = ContainerRecord.all(pod.spec());
    this.ephemeral = ContainerRecord.ephemeral(List.of(), pod.spec());
  }

  final Kubelet kubelet() {
    return kubelet;
  }

  final Simulation simulation() {
    return kubelet.simulation();
  }

  final ObjectKey key() {
    return key;
  }

  final String uid() {
    return pod.uid();
  }

  /** The pod as kubelet messages name it. */
  final String label() {
    return pod.name() + "_" + pod.namespace() + "(" + uid() + ")";
  }

  /** The init containers first. */
  final ContainerRecord[] records() {
    return records;
  }

  /** Those of the containers that were added later; they begin once and are not looked after. */
  final List<ContainerRecord> ephemeral() {
    return ephemeral;
  }

  final boolean hasInitContainers() {
    return records.length > 0 && records[0].init();
  }

  // The API

  @Override
  public final KubeObject pod() {
    return pod;
  }

  /** Takes a newer version of the pod, but for resources that it has not been given yet. */
  final void take(KubeObject newer) {
    KubeMap before = pod.spec();
    pod = newer;
    if (before != newer.spec()) {
      allocated(ContainerSizes.withThoseOf(newer.spec(), allocated));
      ephemeral = ContainerRecord.ephemeral(ephemeral, newer.spec());
    }
  }

  private void allocated(KubeMap spec) {
    allocated = spec;
    for (ContainerRecord record : records) {
      KubeMap changed = spec.listOrEmpty(record.list()).find("name", record.name());
      if (changed != null) {
        record.respec(changed);
      }
    }
  }

  /** The pod's spec with the resources that it has been given; mostly the API's own. */
  final KubeMap allocated() {
    return allocated;
  }

  /** Whether the API's version asks for other resources than the pod has been given. */
  final boolean asksForOther() {
    return !allocated.equals(pod.spec());
  }

  /** The pod with the resources that it has been given. */
  final KubeObject allocatedPod() {
    return allocated == pod.spec() ? pod : pod.withSpec(allocated);
  }

  /** Gives the pod the resources that it asks for. */
  final void allocate() {
    allocated(pod.spec());
  }

  /** What is said about its resize. */
  final ResizeConditions resize() {
    ResizeConditions known = resize;
    if (known == null) {
      known = new ResizeConditions();
      resize = known;
    }
    return known;
  }

  /** Whether anything was ever said about its resize. */
  final boolean resizeSaid() {
    return resize != null;
  }

  /** Whether a container runs with other resources than it has been given. */
  final boolean resizeInProgress() {
    for (ContainerRecord record : records) {
      if (record.resizable() && record.resizeInProgress()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public final @Nullable KubeMap status() {
    return status;
  }

  final void keepStatus(@Nullable KubeMap changed) {
    status = changed;
    PodProbes.wake(this);
  }

  /** The status before the next one: the kubelet's, or the API's when it has none yet. */
  final KubeMap oldStatus() {
    return status != null ? status : pod.status();
  }

  final void keepWritten(KubeMap sent) {
    written = sent;
  }

  /**
   * The kubelet's own write has made a newer version, which it need not wait for.
   *
   * @param before the version that it was made from
   */
  final void adopt(KubeObject before, KubeObject after) {
    if (before.resourceVersion().equals(pod.resourceVersion())) {
      pod = after;
    }
  }

  /** Whether the API's status is the one that this kubelet wrote last. */
  final boolean wrote(KubeMap apiStatus) {
    return written == apiStatus;
  }

  final boolean pastActiveDeadline() {
    return deadlineNanos() <= simulation().now();
  }

  /** When the pod's active deadline is over; the end of time when it has none. */
  final long deadlineNanos() {
    long seconds = pod.spec().number("activeDeadlineSeconds", -1);
    Instant start = seconds < 0 ? null : Timestamps.parse(oldStatus().get("startTime"));
    return start == null
        ? Long.MAX_VALUE
        : Duration.between(simulation().start(), start).toNanos() + seconds * SECOND;
  }

  // The runtime

  final @Nullable PodSandbox sandbox() {
    return sandbox;
  }

  final void sandbox(PodSandbox created) {
    sandbox = created;
  }

  final @Nullable PodSandbox seenSandbox() {
    return seenSandbox;
  }

  final boolean sandboxSeen() {
    PodSandbox seen = seenSandbox;
    return seen != null && seen.ready();
  }

  /** Looks at the runtime; true when something is new. */
  final boolean look() {
    boolean changed = seenSandbox != sandbox;
    seenSandbox = sandbox;
    for (ContainerRecord record : records) {
      changed |= record.relist();
    }
    for (int i = 0; i < ephemeral.size(); i++) {
      changed |= ephemeral.get(i).relist();
    }
    return changed;
  }

  @Override
  public final @Nullable Container container(String id) {
    for (ContainerRecord record : records) {
      Container current = record.current;
      if (current != null && current.id().equals(id)) {
        return current;
      }
    }
    return null;
  }

  /**
   * The pod's addresses as seen, as in {@code status.podIPs}; the node's in the host network; none
   * before there is a sandbox.
   */
  final KubeList seenIps() {
    if (pod.spec().bool("hostNetwork", false)) {
      return kubelet.hostIps();
    }
    PodSandbox seen = seenSandbox;
    KubeList known = oldStatus().listOrEmpty("podIPs");
    if (seen == null) {
      return known;
    }
    boolean same = known.size() == seen.ips().size();
    for (int i = 0; i < known.size() && same; i++) {
      same = seen.ips().get(i).toString().equals(known.map(i).get("ip"));
    }
    return same ? known : PodIps.list(seen.ips());
  }

  /** Whether a regular container of the sandbox that was seen last has been created. */
  final boolean anyRegularSeen() {
    for (ContainerRecord record : records) {
      Container seen = record.seen;
      if (!record.init() && seen != null && seen.sandbox() == seenSandbox) {
        return true;
      }
    }
    return false;
  }
}
