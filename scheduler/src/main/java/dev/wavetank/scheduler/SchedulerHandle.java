package dev.wavetank.scheduler;

import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.scheduler.framework.ClusterView;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PodNominator;
import dev.wavetank.scheduler.framework.SharedLister;

/** What the plugins of one profile of a running scheduler may use of it. */
final class SchedulerHandle implements Handle {

  private final Scheduler scheduler;
  private final SchedulingAlgorithm algorithm;
  private final EventRecorder recorder;

  SchedulerHandle(Scheduler scheduler, SchedulingAlgorithm algorithm, EventRecorder recorder) {
    this.scheduler = scheduler;
    this.algorithm = algorithm;
    this.recorder = recorder;
  }

  @Override
  public SharedLister snapshotSharedLister() {
    return scheduler.cache();
  }

  @Override
  public ClusterView view() {
    return scheduler.view();
  }

  @Override
  public ApiClient client() {
    return scheduler.client();
  }

  @Override
  public EventRecorder recorder() {
    return recorder;
  }

  @Override
  public ChoiceStream choices(String name) {
    return scheduler.choices(name);
  }

  @Override
  public Framework framework() {
    return algorithm.framework();
  }

  @Override
  public PodNominator nominator() {
    return scheduler.nominator();
  }

  @Override
  public void activate(ObjectKey pod) {
    scheduler.queue().activate(pod);
  }

  @Override
  public void allowWaitingPod(PodInfo pod, String plugin) {
    scheduler.waitingPods().allow(pod, plugin);
  }

  @Override
  public boolean rejectWaitingPod(PodInfo pod, String plugin, String message) {
    return scheduler.waitingPods().reject(pod, plugin, message);
  }

  @Override
  public boolean preemptAssumedPod(PodInfo pod, String plugin) {
    return scheduler.preemptAssumedPod(pod, plugin);
  }
}
