package dev.wavetank.scheduler.framework;

import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.ChoiceStream;
import org.jspecify.annotations.Nullable;

/**
 * What a plugin is given when it is built.
 *
 * <p>Follows {@code Handle} of staging/src/k8s.io/kube-scheduler/framework/interface.go (v1.36).
 */
public interface Handle {

  /** The nodes as the scheduler sees them in this cycle. */
  SharedLister snapshotSharedLister();

  /** Objects of other kinds as the scheduler's watches have shown them. */
  ClusterView view();

  /**
   * The scheduler's connection to the API server; null where nothing can be written, as in dry
   * runs.
   */
  @Nullable ApiClient client();

  /** Reports events in the name of the profile; null where nothing can be written. */
  @Nullable EventRecorder recorder();

  /** The plugin's own source of choices, named after the scheduler and this name. */
  ChoiceStream choices(String name);

  /** What runs the plugins of the profile. */
  Framework framework();

  /** Runs the filter plugins on a node, real or supposed. */
  default Status runFilterPluginsWithNominatedPods(CycleState state, PodInfo pod, NodeInfo node) {
    return framework().runFilterPluginsWithNominatedPods(state, pod, node);
  }

  /** Tells the pre-filter plugins of a pod that is supposed on a node. */
  default Status runPreFilterExtensionAddPod(
      CycleState state, PodInfo podToSchedule, PodInfo podToAdd, NodeInfo node) {
    return framework().runPreFilterExtensionAddPod(state, podToSchedule, podToAdd, node);
  }

  /** Tells the pre-filter plugins of a pod that is supposed to be gone from a node. */
  default Status runPreFilterExtensionRemovePod(
      CycleState state, PodInfo podToSchedule, PodInfo podToRemove, NodeInfo node) {
    return framework().runPreFilterExtensionRemovePod(state, podToSchedule, podToRemove, node);
  }

  /**
   * Whether a filter takes part in the cycle whose verdict on a node depends on more than the pod's
   * spec, the node, its pods and the pods nominated to it.
   */
  default boolean filtersNeedMoreThanTheNode(CycleState state) {
    return framework().needsMoreThanTheNode(state);
  }

  /** The pods that are nominated to nodes. */
  PodNominator nominator();

  /** Moves a pod to the active queue, whatever it waits for. */
  void activate(ObjectKey pod);

  /** Lets a pod go on that a permit plugin told to wait. */
  void allowWaitingPod(PodInfo pod, String plugin);

  /** Rejects a pod that waits for a permit plugin. Returns whether it was waiting. */
  boolean rejectWaitingPod(PodInfo pod, String plugin, String message);

  /**
   * Takes an assumed pod back that is not yet being bound, so that another can have its place.
   *
   * @return whether it was one; else it must be deleted
   */
  boolean preemptAssumedPod(PodInfo pod, String plugin);
}
