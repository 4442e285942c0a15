package dev.wavetank.scheduler.framework;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * A pod as the scheduler sees it. It does not hold the pod object, so that an assigned pod keeps no
 * old revision alive.
 */
public final class PodInfo {

  private final ObjectKey key;
  private final String uid;
  private final KubeMap labels;
  private final @Nullable KubeMap owner;
  private final SchedulingSpec spec;
  private final String nodeName;
  private final String nominatedNodeName;
  private final String startTime;
  private final boolean terminating;

  private PodInfo(PodInfo other, String nodeName) {
    this.key = other.key;
    this.uid = other.uid;
    this.labels = other.labels;
    this.owner = other.owner;
    this.spec = other.spec;
    this.nodeName = nodeName;
    this.nominatedNodeName = other.nominatedNodeName;
    this.startTime = other.startTime;
    this.terminating = other.terminating;
  }

  private PodInfo(KubeObject pod, SchedulingSpec spec) {
    this.key = pod.key(ResourceType.PODS);
    this.uid = pod.uid();
    this.labels = pod.labels();
    this.owner = pod.controllerRef();
    this.spec = spec;
    this.nodeName = pod.spec().string("nodeName", "");
    KubeMap status = pod.status();
    this.nominatedNodeName = status.string("nominatedNodeName", "");
    this.startTime = status.string("startTime", "");
    this.terminating = pod.terminating();
  }

  public static PodInfo of(KubeObject pod, SchedulingSpec.Templates templates) {
    return new PodInfo(pod, templates.of(EffectiveRequests.spec(pod)));
  }

  /** This pod assigned to a node. */
  public PodInfo onNode(String node) {
    return new PodInfo(this, node);
  }

  public ObjectKey key() {
    return key;
  }

  public String uid() {
    return uid;
  }

  public KubeMap labels() {
    return labels;
  }

  /** The owner reference of its controller, or null. */
  public @Nullable KubeMap owner() {
    return owner;
  }

  public SchedulingSpec spec() {
    return spec;
  }

  /** {@code spec.nodeName}; empty for a pod that is not assigned. */
  public String nodeName() {
    return nodeName;
  }

  /** {@code status.nominatedNodeName}; empty when it has none. */
  public String nominatedNodeName() {
    return nominatedNodeName;
  }

  /** {@code status.startTime} as written; empty when the kubelet has not seen the pod. */
  public String startTime() {
    return startTime;
  }

  /** Whether its deletion was asked for. */
  public boolean terminating() {
    return terminating;
  }

  @Override
  public String toString() {
    return key.toString();
  }
}
