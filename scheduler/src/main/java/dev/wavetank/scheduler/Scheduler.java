package dev.wavetank.scheduler;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scheduler.cache.SchedulerCache;
import dev.wavetank.scheduler.framework.ClusterEvent;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.queue.QueuedPod;
import dev.wavetank.scheduler.queue.SchedulingQueue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * kube-scheduler with one profile: takes pods from its queue one at a time, chooses a node on what
 * its watches have shown so far, and binds the pod while the next one is being scheduled.
 *
 * <p>A scheduling cycle sees the cluster as of its beginning and takes effect at its end; how long
 * it takes is a choice.
 *
 * <p>Follows pkg/scheduler/scheduler.go, schedule_one.go and eventhandlers.go (v1.36).
 */
public final class Scheduler {

  /** Shortest scheduling cycle of one pod. */
  static final long CYCLE_NANOS_MIN = 1_000_000L;

  /** Longest scheduling cycle of one pod. */
  static final long CYCLE_NANOS_MAX = 3_000_000L;

  private final ApiServer server;
  private final Simulation simulation;
  private final String schedulerName;
  private final SchedulingSpec.Templates templates = new SchedulingSpec.Templates();
  private final SchedulerCache cache = new SchedulerCache();
  private final SchedulingAlgorithm algorithm;
  private final SchedulingQueue queue;
  private final BindingCycle binding;
  private final AttemptLog attempts = new AttemptLog(cache);
  private final EventRecorder recorder;
  private final ChoiceStream cycleNanos;
  private @Nullable Informer nodes;
  private @Nullable Informer pods;
  private boolean busy;

  /**
   * A scheduler that is not started.
   *
   * @param profile its name and plugins, such as {@code DefaultPlugins.profile()}
   */
  public Scheduler(ApiServer server, Profile profile) {
    this.server = server;
    this.simulation = server.simulation();
    this.schedulerName = profile.schedulerName();
    ApiClient client = new ApiClient(server, "scheduler");
    this.recorder = new EventRecorder(server, schedulerName, "");
    WaitingPods waiting = new WaitingPods(simulation);
    this.algorithm =
        new SchedulingAlgorithm(
            cache,
            profile,
            self -> new PluginHandle(cache, client, self, waiting),
            simulation.choices().stream("scheduler/tie"));
    this.queue = new SchedulingQueue(simulation, algorithm.framework(), this::scheduleNext);
    FailureHandler failures = new FailureHandler(client, recorder, queue, templates, this::newest);
    this.binding =
        new BindingCycle(client, cache, queue, algorithm.framework(), waiting, recorder, failures);
    this.cycleNanos = simulation.choices().stream("scheduler/cycle");
  }

  /** Lists and watches nodes and pods, and begins to schedule. */
  public void start() {
    Informer nodeInformer = Informer.of(server, ResourceType.NODES, "scheduler", this::nodeChanged);
    Informer podInformer =
        Informer.of(
            server, ResourceType.PODS, "scheduler", Scheduler::ofInterest, this::podChanged);
    nodes = nodeInformer;
    pods = podInformer;
    nodeInformer.replay();
    podInformer.replay();
  }

  /** Ends the watches; what is under way comes to its end. */
  public void stop() {
    if (nodes != null && pods != null) {
      nodes.stop();
      pods.stop();
    }
  }

  /** The last attempt to schedule a pod; null when there was none, or it is long ago. */
  public @Nullable Attempt lastAttempt(ObjectKey pod) {
    return attempts.last(pod);
  }

  /** The queue, to be looked at. */
  public SchedulingQueue queue() {
    return queue;
  }

  /** The scheduler's view of nodes and pods, to be looked at. */
  public SchedulerCache cache() {
    return cache;
  }

  private @Nullable KubeObject newest(ObjectKey pod) {
    return pods == null ? null : pods.view().get(pod);
  }

  private void scheduleNext() {
    while (!busy) {
      QueuedPod pod = queue.pop();
      if (pod == null) {
        return;
      }
      if (skip(pod)) {
        queue.done(pod);
        continue;
      }
      busy = true;
      CycleState state = new CycleState();
      ScheduleResult result = algorithm.schedule(state, pod.podInfo());
      long nanos = cycleNanos.between(CYCLE_NANOS_MIN, CYCLE_NANOS_MAX);
      Attempt attempt =
          new Attempt(
              pod.podInfo().key(),
              pod.attempts(),
              simulation.now() + nanos,
              result,
              algorithm,
              attempts.nodeNames());
      simulation.afterCausedBy(
          pod.cause(),
          nanos,
          "scheduler/schedule",
          pod.podInfo().key(),
          () -> finishCycle(state, pod, result, attempt));
    }
  }

  private boolean skip(QueuedPod pod) {
    if (pod.pod().terminating()) {
      recorder.warning(
          pod.pod(),
          "FailedScheduling",
          "skip schedule deleting pod: " + pod.pod().namespace() + "/" + pod.pod().name());
      return true;
    }
    return cache.assumedPod(pod.podInfo().key()) != null;
  }

  private void finishCycle(
      CycleState state, QueuedPod pod, ScheduleResult result, Attempt attempt) {
    attempts.add(attempt);
    binding.begin(state, pod, result);
    busy = false;
    scheduleNext();
  }

  /** Whether a change of a pod can matter to scheduling; a status report does not. */
  private static boolean ofInterest(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    return before == null
        || after == null
        || before.spec() != after.spec()
        || before.terminating() != after.terminating()
        || before.labels() != after.labels()
        || before.annotations() != after.annotations()
        || terminal(before) != terminal(after);
  }

  private static boolean terminal(KubeObject pod) {
    Object phase = pod.status().get("phase");
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  private static boolean assigned(KubeObject pod) {
    return !pod.spec().string("nodeName", "").isEmpty();
  }

  private boolean responsible(KubeObject pod) {
    return pod.spec().string("schedulerName", Profile.DEFAULT_SCHEDULER_NAME).equals(schedulerName);
  }

  private void nodeChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      if (before != null) {
        queue.moveAllToActiveOrBackoffQueue(ClusterEvent.NODE_DELETE, before, null);
        cache.removeNode(before);
      }
    } else if (before == null) {
      cache.addNode(after);
      queue.moveAllToActiveOrBackoffQueue(ClusterEvent.NODE_ADD, null, after);
    } else {
      cache.updateNode(before, after);
      for (ClusterEvent event : ClusterEvents.ofNode(before, after)) {
        queue.moveAllToActiveOrBackoffQueue(event, before, after);
      }
    }
  }

  private void podChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    // Pods that have ended are left out of the watch.
    KubeObject old = before == null || terminal(before) ? null : before;
    KubeObject pod = after == null || terminal(after) ? null : after;
    if (old == null) {
      if (pod != null) {
        podAdded(pod);
      }
    } else if (pod == null) {
      podDeleted(old);
    } else if (assigned(old)) {
      assignedPodUpdated(old, pod);
    } else if (assigned(pod)) {
      assignedPodAdded(pod);
      queue.delete(old.key(ResourceType.PODS));
    } else if (responsible(pod)) {
      waitingPodUpdated(old, pod);
    }
  }

  private void podAdded(KubeObject pod) {
    if (assigned(pod)) {
      assignedPodAdded(pod);
    } else if (responsible(pod)) {
      queue.add(pod, PodInfo.of(pod, templates));
    }
  }

  private void assignedPodAdded(KubeObject pod) {
    cache.addPod(PodInfo.of(pod, templates));
    queue.moveAllToActiveOrBackoffQueue(ClusterEvent.ASSIGNED_POD_ADD, null, pod);
  }

  private void assignedPodUpdated(KubeObject before, KubeObject pod) {
    if (before.spec() != pod.spec()
        || before.labels() != pod.labels()
        || before.annotations() != pod.annotations()) {
      cache.updatePod(PodInfo.of(pod, templates));
    }
    for (ClusterEvent event : ClusterEvents.ofPod(before, pod, templates)) {
      queue.moveAllToActiveOrBackoffQueue(event, before, pod);
    }
  }

  private void waitingPodUpdated(KubeObject before, KubeObject pod) {
    PodInfo info = PodInfo.of(pod, templates);
    if (cache.assumedPod(info.key()) != null) {
      if (pod.terminating() && !before.terminating()) {
        binding.assumedPodDeleted(info.key(), pod);
      }
      return;
    }
    List<ClusterEvent> events = ClusterEvents.ofPod(before, pod, templates);
    queue.update(before, pod, info, events);
  }

  private void podDeleted(KubeObject pod) {
    ObjectKey key = pod.key(ResourceType.PODS);
    if (assigned(pod)) {
      cache.removePod(key);
      queue.moveAllToActiveOrBackoffQueue(ClusterEvent.ASSIGNED_POD_DELETE, pod, null);
    } else if (responsible(pod)) {
      queue.delete(key);
      if (cache.assumedPod(key) != null) {
        binding.assumedPodDeleted(key, pod);
      }
    }
  }
}
