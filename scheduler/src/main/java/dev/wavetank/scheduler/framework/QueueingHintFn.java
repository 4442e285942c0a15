package dev.wavetank.scheduler.framework;

import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;

/** Says whether one change may make a pod schedulable that the plugin rejected. */
public interface QueueingHintFn {

  /** Every change of the registered kind is worth another attempt. */
  QueueingHintFn QUEUE = (pod, before, after) -> true;

  /**
   * Whether to queue the pod.
   *
   * @param pod the rejected pod
   * @param before the object before; null when it is new
   * @param after the object after; null when it is gone
   */
  boolean queue(PodInfo pod, @Nullable KubeObject before, @Nullable KubeObject after);
}
