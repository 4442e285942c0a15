package dev.wavetank.scheduler.whatif;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.scheduler.Attempt;
import dev.wavetank.scheduler.ScheduleResult;
import dev.wavetank.scheduler.SchedulingAlgorithm;
import dev.wavetank.scheduler.cache.SchedulerCache;
import dev.wavetank.scheduler.config.KubeSchedulerConfiguration;
import dev.wavetank.scheduler.framework.ClusterView;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PodNominator;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.Registry;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.framework.SchedulingTypes;
import dev.wavetank.scheduler.framework.SharedLister;
import dev.wavetank.scheduler.queue.Nominator;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler that only thinks: it chooses nodes in a cluster that is put together by hand. No time
 * passes, nothing is bound or evicted but by its caller.
 */
public final class DryRun {

  private static final ImmutableMap<String, ResourceType> TYPES = types();

  private final SchedulingSpec.Templates templates = new SchedulingSpec.Templates();
  private final SchedulerCache cache = new SchedulerCache();
  private final ObjectView view = new ObjectView();
  private final Nominator nominator = new Nominator(view::find, cache::nominationsChanged);
  private final Choices choices;
  private final SchedulingAlgorithm algorithm;

  /**
   * An empty cluster.
   *
   * @param registry the plugins that the profile may name
   * @param choices decides what the scheduler leaves open, such as ties
   * @throws IllegalArgumentException with upstream's words when the profile cannot be
   */
  public DryRun(Registry registry, Profile profile, Choices choices) {
    this.choices = choices;
    this.algorithm =
        new SchedulingAlgorithm(
            registry, profile, PlanHandle::new, choices.stream("scheduler/tie"));
  }

  /**
   * A copy of a cluster.
   *
   * @param objects all of it; kinds that the scheduler does not read are left out
   * @throws IllegalArgumentException with upstream's words when the profile cannot be
   */
  public static DryRun of(Registry registry, Profile profile, Iterable<KubeObject> objects) {
    DryRun copy = new DryRun(registry, profile, Choices.first());
    objects.forEach(copy::put);
    for (KubeObject pod : copy.view().list(ResourceType.PODS)) {
      String nominated = pod.status().string("nominatedNodeName", "");
      if (!nominated.isEmpty() && pod.spec().string("nodeName", "").isEmpty()) {
        copy.nominator().add(copy.info(pod), nominated);
      }
    }
    return copy;
  }

  /** The objects of a server that a scheduler reads. */
  public static ImmutableList<KubeObject> objects(ApiServer server) {
    ImmutableList.Builder<KubeObject> objects = ImmutableList.builder();
    for (ResourceType type : server.types()) {
      if (SchedulingTypes.all().contains(type)) {
        objects.addAll(server.list(type));
      }
    }
    return objects.build();
  }

  /**
   * Checks that a scheduler can be made of a configuration.
   *
   * @throws IllegalArgumentException with upstream's words when it cannot
   */
  public static void check(KubeSchedulerConfiguration configuration, Registry registry) {
    for (Profile profile : configuration.profiles()) {
      try {
        new DryRun(registry, profile, Choices.first());
      } catch (IllegalArgumentException e) {
        throw profile.notCreated(e);
      }
    }
  }

  private static ImmutableMap<String, ResourceType> types() {
    ImmutableMap.Builder<String, ResourceType> types = ImmutableMap.builder();
    for (ResourceType type : SchedulingTypes.all()) {
      types.put(type.kind(), type);
    }
    return types.buildOrThrow();
  }

  /**
   * Takes over an object in place of an older one of the same name. A pod that names its node is on
   * it from now on; one that has ended is on none. Kinds that the scheduler does not read are left
   * out.
   *
   * @return whether the scheduler reads objects of its kind
   */
  public boolean put(KubeObject object) {
    ResourceType type = TYPES.get(object.kind());
    if (type == null) {
      return false;
    }
    KubeObject before = view.find(object.key(type));
    view.put(type, object);
    if (type.equals(ResourceType.NODES)) {
      if (before == null) {
        cache.addNode(object);
      } else {
        cache.updateNode(before, object);
      }
    } else if (type.equals(ResourceType.PODS)) {
      PodInfo pod = info(object);
      cache.removePod(pod.key());
      if (!pod.nodeName().isEmpty() && !ended(object)) {
        cache.addPod(pod);
      }
    }
    return true;
  }

  /** Whether a pod has run to its end and so takes no room any more. */
  static boolean ended(KubeObject pod) {
    String phase = pod.status().string("phase", "");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** Takes an object away; of a node, the pods that were on it stay where nobody counts them. */
  public void remove(ObjectKey key) {
    KubeObject removed = view.remove(key);
    if (removed == null) {
      return;
    }
    if (key.type().equals(ResourceType.NODES)) {
      cache.removeNode(removed);
    } else if (key.type().equals(ResourceType.PODS)) {
      cache.removePod(key);
    }
  }

  /** Puts a pod that was scheduled onto a node. */
  public void bind(KubeObject pod, String node) {
    put(pod.withSpec(pod.spec().with("nodeName", node)));
  }

  /** What the scheduler makes of a pod. */
  public PodInfo info(KubeObject pod) {
    return PodInfo.of(pod, templates);
  }

  /** Chooses a node; what the algorithm found stays to be looked at until the next pod. */
  public ScheduleResult schedule(PodInfo pod) {
    return schedule(new CycleState(), pod);
  }

  /** The same with a state that the caller can look at afterwards. */
  public ScheduleResult schedule(CycleState state, PodInfo pod) {
    return algorithm.schedule(state, pod);
  }

  /** Tries to schedule a pod; nothing of the cluster changes. */
  public Attempt attempt(KubeObject pod) {
    PodInfo info = info(pod);
    ScheduleResult result = schedule(info);
    return Attempt.of(info.key(), result, algorithm);
  }

  /** The algorithm, to be looked at. */
  public SchedulingAlgorithm algorithm() {
    return algorithm;
  }

  public Framework framework() {
    return algorithm.framework();
  }

  /** Nodes and the pods on them. */
  public SchedulerCache cache() {
    return cache;
  }

  /** All objects. */
  public ClusterView view() {
    return view;
  }

  /** The pods that are nominated to nodes; it is the caller who nominates. */
  public Nominator nominator() {
    return nominator;
  }

  /** What the plugins are given. */
  private final class PlanHandle implements Handle {

    private final SchedulingAlgorithm running;

    PlanHandle(SchedulingAlgorithm running) {
      this.running = running;
    }

    @Override
    public SharedLister snapshotSharedLister() {
      return cache;
    }

    @Override
    public ClusterView view() {
      return view;
    }

    @Override
    public @Nullable ApiClient client() {
      return null;
    }

    @Override
    public @Nullable EventRecorder recorder() {
      return null;
    }

    @Override
    public ChoiceStream choices(String name) {
      return choices.stream("scheduler/" + name);
    }

    @Override
    public Framework framework() {
      return running.framework();
    }

    @Override
    public PodNominator nominator() {
      return nominator;
    }

    @Override
    public void activate(ObjectKey pod) {}

    @Override
    public void allowWaitingPod(PodInfo pod, String plugin) {}

    @Override
    public boolean rejectWaitingPod(PodInfo pod, String plugin, String message) {
      return false;
    }

    @Override
    public boolean preemptAssumedPod(PodInfo pod, String plugin) {
      return false;
    }
  }
}
