package dev.wavetank.scheduler.framework;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;

/**
 * A pod as the scheduler sees it. It does not hold the pod object, so that an assigned pod keeps no
 * old revision alive.
 */
public final class PodInfo {

  private final ObjectKey key;
  private final String uid;
  private final KubeMap labels;
  private final KubeMap annotations;
  private final SchedulingSpec spec;
  private final String nodeName;

  private PodInfo(
      ObjectKey key,
      String uid,
      KubeMap labels,
      KubeMap annotations,
      SchedulingSpec spec,
      String nodeName) {
    this.key = key;
    this.uid = uid;
    this.labels = labels;
    this.annotations = annotations;
    this.spec = spec;
    this.nodeName = nodeName;
  }

  public static PodInfo of(KubeObject pod, SchedulingSpec.Templates templates) {
    return new PodInfo(
        pod.key(ResourceType.PODS),
        pod.uid(),
        pod.labels(),
        pod.annotations(),
        templates.of(pod.spec()),
        pod.spec().string("nodeName", ""));
  }

  /** This pod assigned to a node. */
  public PodInfo onNode(String node) {
    return new PodInfo(key, uid, labels, annotations, spec, node);
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

  public KubeMap annotations() {
    return annotations;
  }

  public SchedulingSpec spec() {
    return spec;
  }

  /** {@code spec.nodeName}; empty for a pod that is not assigned. */
  public String nodeName() {
    return nodeName;
  }

  @Override
  public String toString() {
    return key.toString();
  }
}
