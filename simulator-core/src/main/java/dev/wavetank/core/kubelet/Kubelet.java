package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerLog;
import dev.wavetank.core.container.ContainerRuntime;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.kubelet.prober.ProberManager;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The agent of one node: registers it, runs the pods that are bound to it, reports.
 *
 * <p>Its periodic work costs no events: leases and heartbeats are brought up to date when someone
 * looks ({@link #refresh}), and relists happen when there is something to find, at the times at
 * which they would.
 *
 * <p>Follows pkg/kubelet/kubelet.go (v1.36).
 */
public final class Kubelet {

  private static final long SECOND = 1_000_000_000L;

  private final Kubelets cluster;
  private final NodeConfig config;
  private final Simulation simulation;
  private final ApiServer server;
  private final ContainerRuntime runtime;
  private final EventRecorder recorder;
  private final StatusManager statusManager;
  private final StatusTrees trees;
  private final ProberManager proberManager;
  private final ImageManager images;
  private final VolumeFiles volumeFiles;
  private final VolumeManager volumeManager;
  private final LifecycleHooks hooks = new LifecycleHooks();
  private final ContainerEnvironment environment;
  private final NodeRegistration registration;
  private final PodAdmission admission;
  private final AllocationManager allocation;
  private final PodIpAllocator podIps;
  private final @Nullable PodIpAllocator secondaryPodIps;
  private final ChoiceStream jitter;
  private final String hostIp;
  private final KubeList hostIps;
  private final long phaseNanos;
  private final Map<String, PodWorker> workers = new LinkedHashMap<>();
  private boolean down;
  private int boot;

  Kubelet(Kubelets cluster, NodeConfig config) {
    this.cluster = cluster;
    this.config = config;
    this.server = cluster.server();
    this.simulation = server.simulation();
    String node = config.name();
    this.runtime = new ContainerRuntime(simulation, node, cluster.images(), cluster.network());
    this.recorder = new EventRecorder(server, "kubelet", node);
    ApiClient client = new ApiClient(server, "kubelet/" + node);
    this.statusManager = new StatusManager(simulation, client, node);
    this.trees = new StatusTrees(simulation, cluster.images(), cluster.sharedTrees());
    this.proberManager =
        new ProberManager(simulation, recorder, node, simulation.now() - config.uptimeNanos());
    this.images = new ImageManager(simulation, runtime, recorder);
    this.hostIp = config.address().toString();
    this.hostIps = PodIps.list(config.addresses());
    this.environment =
        new ContainerEnvironment(
            server, cluster.services(), hostIps, NodeRegistration.allocatable(config));
    this.volumeFiles =
        new VolumeFiles(this, new VolumePayload(server, environment), cluster.volumes());
    this.volumeManager = new VolumeManager(server, recorder, volumeFiles);
    this.registration = new NodeRegistration(server, config, recorder);
    this.admission = new PodAdmission(config);
    this.allocation = new AllocationManager(this);
    this.podIps = new PodIpAllocator(config.podNetwork(), config.podPrefixLength());
    NodeConfig.Secondary secondary = config.secondary();
    this.secondaryPodIps =
        secondary == null
            ? null
            : new PodIpAllocator(secondary.podNetwork(), secondary.podPrefixLength());
    this.jitter = simulation.choices().stream("kubelet/" + node + "/requeue");
    this.phaseNanos =
        simulation.choices().stream("kubelet/" + node + "/relist").between(0, SECOND - 1);
    config.images().forEach(runtime::preload);
  }

  void start() {
    runtime.listen(
        new ContainerRuntime.Listener() {
          @Override
          public void exited(Container container) {
            PodWorker worker = workers.get(container.sandbox().podUid());
            if (worker != null) {
              worker.exited(container);
            }
          }

          @Override
          public void changed(Container container) {
            PodWorker worker = workers.get(container.sandbox().podUid());
            if (worker != null) {
              PodProbes.wake(worker);
            }
          }
        });
    registration.register();
    server.watchPodsOfNode(name(), "kubelet/" + name(), this::interesting, this::observe);
    server.head().podsOnNode(name()).forEach(pod -> observe(pod.key(ResourceType.PODS), pod));
  }

  // Its parts

  public String name() {
    return config.name();
  }

  public NodeConfig config() {
    return config;
  }

  public IpAddress address() {
    return config.address();
  }

  public ContainerRuntime runtime() {
    return runtime;
  }

  Simulation simulation() {
    return simulation;
  }

  EventRecorder recorder() {
    return recorder;
  }

  StatusManager statusManager() {
    return statusManager;
  }

  StatusTrees trees() {
    return trees;
  }

  SharedTrees sharedTrees() {
    return cluster.sharedTrees();
  }

  ProberManager proberManager() {
    return proberManager;
  }

  ImageManager images() {
    return images;
  }

  ApiServer server() {
    return server;
  }

  VolumeFiles volumeFiles() {
    return volumeFiles;
  }

  VolumeManager volumeManager() {
    return volumeManager;
  }

  LifecycleHooks hooks() {
    return hooks;
  }

  ContainerEnvironment environment() {
    return environment;
  }

  String hostIp() {
    return hostIp;
  }

  KubeList hostIps() {
    return hostIps;
  }

  String timestamp() {
    return server.timestamp();
  }

  /** Counts the times that the node was started. */
  int boot() {
    return boot;
  }

  // Its clocks

  /** The first relist after that time; a relist looks at the runtime each second. */
  long nextRelistNanos(long nanos) {
    return nanos + SECOND - Math.floorMod(nanos - phaseNanos, SECOND);
  }

  /** The first tick of the sync loop at or after that time. */
  long nextSyncTickNanos(long nanos) {
    long rest = Math.floorMod(nanos - phaseNanos, SECOND);
    return rest == 0 ? nanos : nanos + SECOND - rest;
  }

  /** That much or up to half more. */
  long jitter(long nanos) {
    return nanos + jitter.between(0, nanos / 2);
  }

  // Pods

  /** A pod's commit that the kubelet made itself tells it nothing. */
  private boolean interesting(Commit commit) {
    KubeObject after = commit.after();
    KubeObject before = commit.before();
    if (after == null || before == null) {
      return true;
    }
    PodWorker worker = workers.get(after.uid());
    if (worker == null || !worker.wrote(after.status()) || before.spec() != after.spec()) {
      return true;
    }
    KubeMap was = before.metadata();
    KubeMap is = after.metadata();
    return was.has("deletionTimestamp") != is.has("deletionTimestamp")
        || was.number("deletionGracePeriodSeconds", -1)
            != is.number("deletionGracePeriodSeconds", -1)
        || was.get("labels") != is.get("labels")
        || was.get("annotations") != is.get("annotations")
        || was.number("generation", 0) != is.number("generation", 0);
  }

  private void observe(Commit commit) {
    if (down) {
      return;
    }
    KubeObject after = commit.after();
    if (after == null) {
      PodWorker worker = workers.get(commit.object().uid());
      if (worker != null) {
        worker.removed();
      }
    } else {
      observe(commit.key(), after);
    }
  }

  private void observe(ObjectKey key, KubeObject pod) {
    PodWorker worker = workers.get(pod.uid());
    if (worker != null) {
      worker.update(pod);
      return;
    }
    if (PodPhase.terminal(pod.status().string("phase", ""))) {
      return;
    }
    PodWorker added = new PodWorker(this, key, pod);
    if (!pod.terminating()) {
      PodAdmission.Refusal refusal = admission.check(pod, registration.stored(), workers.values());
      if (refusal != null) {
        workers.put(pod.uid(), added);
        added.reject(refusal.reason(), refusal.message());
        return;
      }
    }
    workers.put(pod.uid(), added);
    admission.take(pod.spec());
    added.update(pod);
  }

  AllocationManager allocation() {
    return allocation;
  }

  /** Why a pod cannot get what it asks for now; null when it can, and then it counts with that. */
  PodAdmission.@Nullable Refusal refusalOfResize(PodWorker worker) {
    List<PodWorker> others = new ArrayList<>(workers.values());
    others.remove(worker);
    PodAdmission.Refusal refusal =
        admission.checkResize(worker.pod(), worker.counted(), registration.stored(), others);
    if (refusal == null) {
      count(worker, ContainerSizes.larger(worker.pod().spec(), worker.counted()));
    }
    return refusal;
  }

  /** A pod's resize is over: it counts with what it has. */
  void recount(PodWorker worker) {
    if (!worker.stopped()) {
      count(worker, worker.allocated());
    }
  }

  private void count(PodWorker worker, KubeMap spec) {
    admission.release(worker.counted());
    worker.counted(spec);
    admission.take(spec);
  }

  /** The containers of a pod that was taken have stopped for good: others may have its room. */
  void stopped(PodWorker worker) {
    admission.release(worker.counted());
    allocation.removed(worker);
  }

  /** A pod that was taken has ended. */
  void ended(PodWorker worker) {
    volumeManager.forget(worker);
    volumeFiles.forget(worker.uid());
  }

  void forget(PodWorker worker) {
    workers.remove(worker.uid());
  }

  Collection<PodWorker> workers() {
    return workers.values();
  }

  /** The next address of each range of the node; none when one of the ranges has none left. */
  List<IpAddress> allocatePodIps() {
    IpAddress first = podIps.allocate();
    if (first == null || secondaryPodIps == null) {
      return first == null ? List.of() : List.of(first);
    }
    IpAddress second = secondaryPodIps.allocate();
    if (second == null) {
      podIps.release(first);
      return List.of();
    }
    return List.of(first, second);
  }

  /** The first range that has no address left, by its number, as the plugin's error names it. */
  String exhaustedRange() {
    PodIpAllocator second = secondaryPodIps;
    return second == null || podIps.full()
        ? "0: no IP addresses available in range set: " + podIps.range()
        : "1: no IP addresses available in range set: " + second.range();
  }

  /** Makes that address the next one that a pod gets, if it is free. */
  public void nextPodIp(IpAddress address) {
    podIps.continueAt(address);
  }

  void sandboxCreated(PodSandbox sandbox) {
    cluster.created(sandbox);
  }

  void removeSandbox(PodSandbox sandbox) {
    runtime.removeSandbox(sandbox);
    forgetSandbox(sandbox);
  }

  private void forgetSandbox(PodSandbox sandbox) {
    if (!sandbox.hostNetwork()) {
      podIps.release(sandbox.ip());
      IpAddress second = sandbox.secondaryIp();
      if (secondaryPodIps != null && second != null) {
        secondaryPodIps.release(second);
      }
    }
    cluster.removed(sandbox);
  }

  /** The running container of a pod, or null; an empty name means the first one. */
  public @Nullable Container container(String namespace, String pod, String container) {
    for (PodSandbox sandbox : sandboxes()) {
      if (sandbox.namespace().equals(namespace) && sandbox.podName().equals(pod)) {
        for (Container running : sandbox.running()) {
          if (container.isEmpty() || running.name().equals(container)) {
            return running;
          }
        }
      }
    }
    return null;
  }

  /** Containers of a pod, the newest run of each, running or not. */
  public List<Container> containers(String namespace, String pod) {
    List<Container> found = new ArrayList<>();
    for (PodWorker worker : workers.values()) {
      if (worker.key().namespace().equals(namespace) && worker.key().name().equals(pod)) {
        for (ContainerRecord record : worker.records()) {
          if (record.current != null) {
            found.add(record.current);
          }
        }
        for (ContainerRecord record : worker.ephemeral()) {
          if (record.current != null) {
            found.add(record.current);
          }
        }
      }
    }
    return found;
  }

  /** The log of a container's run before its newest; null when there was none. */
  public @Nullable ContainerLog previousLog(String namespace, String pod, String container) {
    for (PodWorker worker : workers.values()) {
      if (worker.key().namespace().equals(namespace) && worker.key().name().equals(pod)) {
        for (ContainerRecord record : worker.records()) {
          if (record.name().equals(container)) {
            return record.previousLog();
          }
        }
      }
    }
    return null;
  }

  /** Sandboxes that stand, in the order of their pods. */
  public List<PodSandbox> sandboxes() {
    List<PodSandbox> standing = new ArrayList<>(workers.size());
    for (PodWorker worker : workers.values()) {
      PodSandbox sandbox = worker.sandbox();
      if (sandbox != null && sandbox.ready()) {
        standing.add(sandbox);
      }
    }
    return standing;
  }

  // Faults

  /** Whether the node is down. */
  public boolean down() {
    return down;
  }

  /** A fault: kills a container of a pod with SIGKILL. Returns false when it does not run. */
  public boolean killContainer(String namespace, String pod, String container) {
    Container running = container(namespace, pod, container);
    if (running == null) {
      return false;
    }
    running.kill();
    return true;
  }

  /** A fault: the node loses power. Its containers are gone, its lease is renewed no more. */
  public void crash() {
    if (down) {
      return;
    }
    registration.refresh();
    down = true;
    boot++;
    statusManager.crash();
    List<PodSandbox> standing = sandboxes();
    for (PodWorker worker : workers.values()) {
      worker.crash();
    }
    runtime.powerOff(standing);
    for (PodSandbox sandbox : standing) {
      forgetSandbox(sandbox);
    }
  }

  /** Ends {@link #crash}: the node starts, its kubelet reads its pods and starts them again. */
  public void recover() {
    if (!down) {
      return;
    }
    down = false;
    statusManager.recover();
    proberManager.restarted();
    registration.restarted();
    for (PodWorker worker : new ArrayList<>(workers.values())) {
      KubeObject newest = server.find(worker.key());
      if (newest == null || !newest.uid().equals(worker.uid())) {
        worker.removed();
      } else if (!worker.finished()) {
        worker.recover(newest);
      }
    }
    for (KubeObject pod : server.head().podsOnNode(name())) {
      if (!workers.containsKey(pod.uid())) {
        observe(pod.key(ResourceType.PODS), pod);
      }
    }
  }

  // The node object

  void cordonChanged() {
    if (!down) {
      registration.cordonChanged();
    }
  }

  /** When the lease was renewed last, had it been renewed every 10 s; virtual nanoseconds. */
  public long lastRenewNanos() {
    return registration.lastRenewNanos(down);
  }

  /**
   * Brings lease and heartbeat times in the API up to what they would be by now. For who is about
   * to look at them; a kubelet that is up never lets them grow old.
   */
  public void refresh() {
    if (!down) {
      registration.refresh();
    }
  }
}
