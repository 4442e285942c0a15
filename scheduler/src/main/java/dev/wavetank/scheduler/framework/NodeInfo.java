package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node with the sums over its pods, kept up to date one pod at a time.
 *
 * <p>Follows {@code NodeInfo} of pkg/scheduler/framework/types.go (v1.36).
 */
public final class NodeInfo {

  private static final Taint[] NO_TAINTS = {};

  private final String name;
  private @Nullable KubeObject node;
  private KubeMap labels = KubeMap.EMPTY;
  private boolean unschedulable;
  private Taint[] doNotScheduleTaints = NO_TAINTS;
  private Taint[] preferNoScheduleTaints = NO_TAINTS;
  private Resource allocatable = new Resource();
  private final Resource requested;
  private final Resource nonZeroRequested;
  private final List<PodInfo> pods;
  private final List<HostPort> usedPorts;
  private Map<String, ImageState> imageStates = ImmutableMap.of();
  private Map<String, Integer> claimUses = ImmutableMap.of();
  private int position = -1;

  /** A node of which only the name is known yet. */
  public NodeInfo(String name) {
    this(name, new Resource(), new Resource(), new ArrayList<>(), new ArrayList<>(0));
  }

  private NodeInfo(
      String name,
      Resource requested,
      Resource nonZeroRequested,
      List<PodInfo> pods,
      List<HostPort> usedPorts) {
    this.name = name;
    this.requested = requested;
    this.nonZeroRequested = nonZeroRequested;
    this.pods = pods;
    this.usedPorts = usedPorts;
  }

  /** A node without pods. */
  public static NodeInfo of(KubeObject node) {
    NodeInfo info = new NodeInfo(node.name());
    info.setNode(node);
    return info;
  }

  /**
   * Takes over the node object; null when it is gone while pods of it are left.
   *
   * @return whether labels or taints are others than before
   */
  public boolean setNode(@Nullable KubeObject changed) {
    KubeObject before = node;
    node = changed;
    if (changed == null) {
      labels = KubeMap.EMPTY;
      return true;
    }
    boolean topology =
        before == null
            || !labels.equals(changed.labels())
            || !before.spec().listOrEmpty("taints").equals(changed.spec().listOrEmpty("taints"));
    labels = changed.labels();
    KubeMap spec = changed.spec();
    unschedulable = spec.bool("unschedulable", false);
    doNotScheduleTaints = Taint.of(spec.listOrEmpty("taints"), true);
    preferNoScheduleTaints = Taint.of(spec.listOrEmpty("taints"), false);
    KubeMap amounts = changed.status().mapOrEmpty("allocatable");
    if (before == null || before.status().mapOrEmpty("allocatable") != amounts) {
      allocatable = Resource.of(amounts);
    }
    return topology;
  }

  public void addPod(PodInfo pod) {
    pods.add(pod);
    account(pod.spec(), 1);
    for (HostPort port : pod.spec().hostPorts()) {
      if (!usedPorts.contains(port)) {
        usedPorts.add(port);
      }
    }
    countClaims(pod, 1);
  }

  /** Takes a pod out. Returns whether it was there. */
  public boolean removePod(ObjectKey key) {
    for (int i = 0; i < pods.size(); i++) {
      PodInfo pod = pods.get(i);
      if (pod.key().equals(key)) {
        int last = pods.size() - 1;
        pods.set(i, pods.get(last));
        pods.remove(last);
        account(pod.spec(), -1);
        for (HostPort port : pod.spec().hostPorts()) {
          usedPorts.remove(port);
        }
        countClaims(pod, -1);
        return true;
      }
    }
    return false;
  }

  private void countClaims(PodInfo pod, int sign) {
    if (pod.spec().claims().isEmpty()) {
      return;
    }
    Map<String, Integer> counted = new LinkedHashMap<>(claimUses);
    for (String claim : pod.spec().claims()) {
      counted.merge(pod.key().namespace() + "/" + claim, sign, Integer::sum);
    }
    counted.values().removeIf(count -> count == 0);
    claimUses = counted;
  }

  private void account(SchedulingSpec spec, int sign) {
    requested.add(spec.requests(), sign);
    nonZeroRequested.addCpuAndMemory(sign * spec.nonZeroMilliCpu(), sign * spec.nonZeroMemory());
  }

  /** A copy whose pods can be added and removed without touching this one. */
  public NodeInfo snapshot() {
    NodeInfo copy =
        new NodeInfo(
            name,
            requested.copy(),
            nonZeroRequested.copy(),
            new ArrayList<>(pods),
            new ArrayList<>(usedPorts));
    copy.node = node;
    copy.labels = labels;
    copy.unschedulable = unschedulable;
    copy.doNotScheduleTaints = doNotScheduleTaints;
    copy.preferNoScheduleTaints = preferNoScheduleTaints;
    copy.allocatable = allocatable;
    copy.imageStates = imageStates;
    copy.claimUses = claimUses;
    copy.position = position;
    return copy;
  }

  public void setImageStates(Map<String, ImageState> states) {
    imageStates = states;
  }

  public String name() {
    return name;
  }

  /** Its position among the nodes of the cycle; -1 while it is none of them. */
  public int position() {
    return position;
  }

  /** Sets the position; for the cache alone. */
  public void position(int changed) {
    position = changed;
  }

  /** The node object; null when only pods of it are known. */
  public @Nullable KubeObject node() {
    return node;
  }

  public KubeMap labels() {
    return labels;
  }

  /** {@code spec.unschedulable}. */
  public boolean unschedulable() {
    return unschedulable;
  }

  /** Taints with effect NoSchedule or NoExecute; not to be changed. */
  public Taint[] doNotScheduleTaints() {
    return doNotScheduleTaints;
  }

  /** Taints with effect PreferNoSchedule; not to be changed. */
  public Taint[] preferNoScheduleTaints() {
    return preferNoScheduleTaints;
  }

  public Resource allocatable() {
    return allocatable;
  }

  /** The sum of what its pods ask for. */
  public Resource requested() {
    return requested;
  }

  /** The same with at least 100m CPU and 200Mi memory a container; only CPU and memory. */
  public Resource nonZeroRequested() {
    return nonZeroRequested;
  }

  /** Its pods, assumed ones included; not to be changed. */
  public List<PodInfo> pods() {
    return pods;
  }

  /**
   * Host ports in use, each once: when one of two pods with the same port goes, the port counts as
   * free, as upstream. Not to be changed.
   */
  public List<HostPort> usedPorts() {
    return usedPorts;
  }

  /** How many of its pods use a PersistentVolumeClaim, by {@code namespace/name}. */
  public int claimUses(String claim) {
    return claimUses.getOrDefault(claim, 0);
  }

  /** Images on the node by name. */
  public Map<String, ImageState> imageStates() {
    return imageStates;
  }
}
