package dev.wavetank.scheduler;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.scheduler.framework.Diagnosis;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.queue.Nominator;
import dev.wavetank.scheduler.queue.QueuedPod;
import dev.wavetank.scheduler.queue.SchedulingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a pod that could not be scheduled: it goes back to the queue, its nomination is
 * brought up to date, and its condition PodScheduled and an event FailedScheduling say why.
 *
 * <p>Follows {@code handleSchedulingFailure} of pkg/scheduler/schedule_one.go (v1.36).
 */
final class FailureHandler {

  private final ApiClient client;
  private final ImmutableMap<String, RunningProfile> profiles;
  private final SchedulingQueue queue;
  private final Nominator nominator;
  private final SchedulingSpec.Templates templates;
  private final Function<ObjectKey, @Nullable KubeObject> newest;

  FailureHandler(
      ApiClient client,
      ImmutableMap<String, RunningProfile> profiles,
      SchedulingQueue queue,
      Nominator nominator,
      SchedulingSpec.Templates templates,
      Function<ObjectKey, @Nullable KubeObject> newest) {
    this.client = client;
    this.profiles = profiles;
    this.queue = queue;
    this.nominator = nominator;
    this.templates = templates;
    this.newest = newest;
  }

  /** Handles a failed attempt. */
  void fail(QueuedPod pod, ScheduleResult result) {
    pod.rejectedBy(result.unschedulablePlugins(), result.pendingPlugins());
    PodInfo info = pod.podInfo();
    KubeObject seen = newest.apply(info.key());
    KubeObject about = pod.pod();
    if (seen == null || !seen.spec().string("nodeName", "").isEmpty()) {
      queue.done(pod);
    } else if (!seen.uid().equals(info.uid())) {
      queue.done(pod);
      return;
    } else {
      about = seen;
      info = PodInfo.of(seen, templates);
      queue.addUnschedulableIfNotPresent(pod, seen, info);
    }
    nominator.add(info, result.nominatedNodeName());
    BindingCycle.profile(profiles, pod)
        .recorder()
        .warning(about, "FailedScheduling", Diagnosis.note(result.message()));
    patchStatus(
        info.key(),
        about.generation(),
        result.error() ? "SchedulerError" : "Unschedulable",
        result);
  }

  private void patchStatus(ObjectKey key, long generation, String reason, ScheduleResult result) {
    KubeObject pod = client.server().find(key);
    if (pod == null) {
      return;
    }
    String nominated = result.nominatedNodeName();
    boolean renominate =
        nominated != null && !nominated.equals(pod.status().string("nominatedNodeName", ""));
    boolean known = known(pod.status(), generation, reason, result.message());
    if (known && !renominate) {
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
            result.message());
    try {
      client.patchStatus(
          key,
          status -> {
            KubeMap changed = known ? status : Conditions.with(status, next);
            return renominate
                ? changed.with(
                    "nominatedNodeName",
                    nominated == null || nominated.isEmpty() ? null : nominated)
                : changed;
          });
    } catch (ApiException e) {
      // The pod went away meanwhile: there is nobody to tell.
      if (!e.notFound()) {
        throw e;
      }
    }
    client.takeElapsedNanos();
  }

  private static boolean known(KubeMap status, long generation, String reason, String message) {
    KubeMap condition = Conditions.find(status, "PodScheduled");
    return condition != null
        && "False".equals(condition.get("status"))
        && reason.equals(condition.get("reason"))
        && message.equals(condition.get("message"))
        && condition.number("observedGeneration", 0) == generation;
  }
}
