package dev.wavetank.scheduler;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scheduler.cache.SchedulerCache;
import dev.wavetank.scheduler.config.KubeSchedulerConfiguration;
import dev.wavetank.scheduler.framework.ClusterView;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.Registry;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.queue.Nominator;
import dev.wavetank.scheduler.queue.QueuedPod;
import dev.wavetank.scheduler.queue.SchedulingQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * kube-scheduler: takes pods from its queue one at a time, chooses a node on what its watches have
 * shown so far, and binds the pod while the next one is being scheduled.
 *
 * <p>A scheduling cycle sees the cluster as of its beginning and takes effect at its end; how long
 * it takes is a choice.
 *
 * <p>Follows pkg/scheduler/scheduler.go and schedule_one.go (v1.36).
 */
public final class Scheduler {

  /** Shortest scheduling cycle of one pod. */
  static final long CYCLE_NANOS_MIN = 1_000_000L;

  /** Longest scheduling cycle of one pod. */
  static final long CYCLE_NANOS_MAX = 3_000_000L;

  private final ApiServer server;
  private final Simulation simulation;
  private final String component;
  private final ApiClient client;
  private final SchedulingSpec.Templates templates = new SchedulingSpec.Templates();
  private final SchedulerCache cache = new SchedulerCache();
  private final InformedView view = new InformedView();
  private final ImmutableMap<String, RunningProfile> profiles;
  private final Nominator nominator;
  private final SchedulingQueue queue;
  private final WaitingPods waiting;
  private final BindingCycle binding;
  private final EventHandlers handlers;
  private final AttemptLog attempts = new AttemptLog();
  private final ChoiceStream cycleNanos;
  private Consumer<Attempt> attemptListener = attempt -> {};
  private boolean busy;
  private boolean stopped;

  /** The scheduler that a cluster has when nobody configures it; it is not started. */
  public Scheduler(ApiServer server) {
    this(server, KubeSchedulerConfiguration.DEFAULT, DefaultPlugins.registry());
  }

  /**
   * A scheduler that is not started.
   *
   * @param registry the plugins that its profiles may name
   * @throws IllegalArgumentException with upstream's words when a profile cannot be
   */
  public Scheduler(ApiServer server, KubeSchedulerConfiguration configuration, Registry registry) {
    this.server = server;
    this.simulation = server.simulation();
    String first = configuration.profiles().get(0).schedulerName();
    this.component = first.equals(Profile.DEFAULT_SCHEDULER_NAME) ? "scheduler" : first;
    this.client = new ApiClient(server, component);
    this.waiting = new WaitingPods(simulation);
    this.nominator = new Nominator(this::newest, cache::nominationsChanged);
    this.profiles = profiles(configuration, registry);
    List<Framework> frameworks = new ArrayList<>();
    profiles.values().forEach(profile -> frameworks.add(profile.framework()));
    this.queue =
        new SchedulingQueue(
            simulation, frameworks, configuration.backoff(), nominator, this::scheduleNext);
    FailureHandler failures =
        new FailureHandler(client, profiles, queue, nominator, templates, this::newest);
    this.binding = new BindingCycle(client, cache, queue, profiles, nominator, waiting, failures);
    this.handlers = new EventHandlers(cache, queue, binding, templates, profiles.keySet());
    this.cycleNanos = choices("cycle");
  }

  private ImmutableMap<String, RunningProfile> profiles(
      KubeSchedulerConfiguration configuration, Registry registry) {
    SearchStart start = new SearchStart();
    ImmutableMap.Builder<String, RunningProfile> built = ImmutableMap.builder();
    for (Profile profile : configuration.profiles()) {
      EventRecorder recorder = new EventRecorder(server, profile.schedulerName(), "");
      built.put(
          profile.schedulerName(),
          new RunningProfile(algorithm(registry, profile, recorder, start), recorder));
    }
    return built.buildOrThrow();
  }

  private SchedulingAlgorithm algorithm(
      Registry registry, Profile profile, EventRecorder recorder, SearchStart start) {
    try {
      return new SchedulingAlgorithm(
          registry,
          profile,
          self -> new SchedulerHandle(this, self, recorder),
          start,
          choices("tie"));
    } catch (IllegalArgumentException e) {
      throw profile.notCreated(e);
    }
  }

  /** Lists and watches what it needs, and begins to schedule. */
  public void start() {
    watch(ResourceType.NODES, handlers::nodeChanged);
    for (ResourceType type : WatchedTypes.READ) {
      watch(type, (before, after) -> {});
    }
    for (ResourceType type : WatchedTypes.MOVING.keySet()) {
      watch(
          type,
          (before, after) ->
              queue.moveAllToActiveOrBackoffQueue(
                  WatchedTypes.event(type, before, after), before, after));
    }
    watch(ResourceType.PODS, handlers::podChanged);
    view.replay();
  }

  private void watch(ResourceType type, Informer.Listener listener) {
    if (!isServed(type)) {
      return;
    }
    Informer informer =
        Informer.of(
            server,
            type,
            component,
            EventHandlers.interest(type),
            (before, after) -> {
              view.changed(type);
              listener.changed(before, after);
            });
    view.watch(type, informer);
  }

  private boolean isServed(ResourceType type) {
    for (ResourceType served : server.types()) {
      if (served.equals(type)) {
        return true;
      }
    }
    return false;
  }

  /** Ends the watches and takes no further pod; what is under way comes to its end. */
  public void stop() {
    stopped = true;
    view.stop();
  }

  /** Whether a pod waits for a node, is being scheduled or being bound. */
  public boolean idle() {
    return !busy && queue.activePods() == 0 && queue.backoffPods() == 0 && binding.idle();
  }

  /** The last attempt to schedule a pod; null when there was none, or it is long ago. */
  public @Nullable Attempt lastAttempt(ObjectKey pod) {
    return attempts.last(pod);
  }

  /** The profile of that scheduler name, or null. */
  public @Nullable Profile profile(String schedulerName) {
    RunningProfile profile = profiles.get(schedulerName);
    return profile == null ? null : profile.framework().profile();
  }

  /** Sets who hears of every attempt when it ends; there is one listener. */
  public void listen(Consumer<Attempt> listener) {
    attemptListener = listener;
  }

  /** The queue, to be looked at. */
  public SchedulingQueue queue() {
    return queue;
  }

  /** The scheduler's view of nodes and pods, to be looked at. */
  public SchedulerCache cache() {
    return cache;
  }

  /** The scheduler's view of other kinds, to be looked at. */
  public ClusterView view() {
    return view;
  }

  /** The pods that are nominated to nodes. */
  public Nominator nominator() {
    return nominator;
  }

  ApiClient client() {
    return client;
  }

  WaitingPods waitingPods() {
    return waiting;
  }

  ChoiceStream choices(String name) {
    return simulation.choices().stream(component + "/" + name);
  }

  boolean preemptAssumedPod(PodInfo pod, String plugin) {
    return binding.preempt(pod, plugin);
  }

  private @Nullable KubeObject newest(ObjectKey pod) {
    return view.find(pod);
  }

  private void scheduleNext() {
    while (!busy && !stopped) {
      QueuedPod pod = queue.pop();
      if (pod == null) {
        return;
      }
      RunningProfile profile = profile(pod);
      if (skip(pod, profile)) {
        queue.done(pod);
        continue;
      }
      busy = true;
      CycleState state = new CycleState();
      ScheduleResult result = profile.algorithm().schedule(state, pod.podInfo());
      long nanos = cycleNanos.between(CYCLE_NANOS_MIN, CYCLE_NANOS_MAX);
      Attempt attempt =
          new Attempt(
              pod.podInfo().key(),
              pod.attempts(),
              simulation.now() + nanos,
              result,
              profile.algorithm(),
              profile.algorithm().nodeNames());
      simulation.afterCausedBy(
          pod.cause(),
          nanos,
          "scheduler/schedule",
          pod.podInfo().key(),
          () -> finishCycle(state, pod, result, attempt));
    }
  }

  private RunningProfile profile(QueuedPod pod) {
    return BindingCycle.profile(profiles, pod);
  }

  private boolean skip(QueuedPod pod, RunningProfile profile) {
    if (pod.pod().terminating()) {
      profile
          .recorder()
          .warning(
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
    attemptListener.accept(attempt);
    busy = false;
    scheduleNext();
  }
}
