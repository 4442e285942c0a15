package dev.wavetank.scheduler;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.scheduler.framework.Diagnosis;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.queue.QueuedPod;
import dev.wavetank.scheduler.queue.SchedulingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a pod that could not be scheduled: it goes back to the queue, and its condition
 * PodScheduled and an event FailedScheduling say why.
 *
 * <p>Follows {@code handleSchedulingFailure} of pkg/scheduler/schedule_one.go (v1.36).
 */
final class FailureHandler {

  private final ApiClient client;
  private final EventRecorder recorder;
  private final SchedulingQueue queue;
  private final SchedulingSpec.Templates templates;
  private final Function<ObjectKey, @Nullable KubeObject> newest;

  FailureHandler(
      ApiClient client,
      EventRecorder recorder,
      SchedulingQueue queue,
      SchedulingSpec.Templates templates,
      Function<ObjectKey, @Nullable KubeObject> newest) {
    this.client = client;
    this.recorder = recorder;
    this.queue = queue;
    this.templates = templates;
    this.newest = newest;
  }

  /** Handles a failed attempt. */
  void fail(QueuedPod pod, ScheduleResult result) {
    pod.rejectedBy(result.unschedulablePlugins(), result.pendingPlugins());
    ObjectKey key = pod.podInfo().key();
    KubeObject seen = newest.apply(key);
    KubeObject about = pod.pod();
    if (seen == null || !seen.spec().string("nodeName", "").isEmpty()) {
      queue.done(pod);
    } else if (!seen.uid().equals(pod.podInfo().uid())) {
      queue.done(pod);
      return;
    } else {
      about = seen;
      queue.addUnschedulableIfNotPresent(pod, seen, PodInfo.of(seen, templates));
    }
    recorder.warning(about, "FailedScheduling", Diagnosis.note(result.message()));
    patchCondition(
        key,
        about.generation(),
        result.error() ? "SchedulerError" : "Unschedulable",
        result.message());
  }

  private void patchCondition(ObjectKey key, long generation, String reason, String message) {
    KubeObject pod = client.server().find(key);
    if (pod == null) {
      return;
    }
    KubeMap condition = Conditions.find(pod.status(), "PodScheduled");
    if (condition != null
        && "False".equals(condition.get("status"))
        && reason.equals(condition.get("reason"))
        && message.equals(condition.get("message"))
        && condition.number("observedGeneration", 0) == generation) {
      return;
    }
    KubeMap next =
        KubeMap.of(
            "type",
            "PodScheduled",
            "observedGeneration",
            generation == 0 ? null : generation,
            "status",
            "False",
            "lastTransitionTime",
            client.server().timestamp(),
            "reason",
            reason,
            "message",
            message);
    try {
      client.patchStatus(key, status -> Conditions.with(status, next));
    } catch (ApiException e) {
      // The pod went away meanwhile: there is nobody to tell.
      if (!e.notFound()) {
        throw e;
      }
    }
    client.takeElapsedNanos();
  }
}
