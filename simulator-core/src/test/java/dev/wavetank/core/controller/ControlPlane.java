package dev.wavetank.core.controller;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.apiserver.controlplane.Bootstrap;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * An API server for tests of controllers, with what stands in for scheduler and kubelets: a pod
 * gets a node and an address and becomes ready after a time that a test may set.
 */
public final class ControlPlane {

  public static final long SECOND = 1_000_000_000L;
  public static final long MILLI = 1_000_000L;

  /** Requests take their time, watches none: every cache is as fresh as it can be. */
  public static final Latencies FRESH = new Latencies(2 * MILLI, 10 * MILLI, 0, 0);

  private static final class Graceful implements ResourceStrategy {
    @Override
    public boolean statusSubresource() {
      return true;
    }

    @Override
    public KubeObject prepareForCreate(KubeObject object) {
      return object.withStatus(KubeMap.of("phase", "Pending"));
    }

    @Override
    public long graceSeconds(KubeObject object, long asked) {
      return asked >= 0 ? asked : 30;
    }
  }

  private static final ResourceStrategy WITH_STATUS =
      new ResourceStrategy() {
        @Override
        public boolean statusSubresource() {
          return true;
        }
      };

  public final Simulation simulation;
  public final ApiServer server;

  /** Events, as {@code Type Reason Message}, in order. */
  public final List<String> events = new ArrayList<>();

  /** Nanoseconds from creation to ready; negative for never. */
  public ToLongFunction<KubeObject> readyAfter = pod -> SECOND;

  /** Nanoseconds from the request of deletion to the pod's end. */
  public long stopNanos = SECOND;

  private int pods;

  public ControlPlane() {
    this(Choices.seeded(1), Latencies.DEFAULT);
  }

  public ControlPlane(Choices choices, Latencies latencies) {
    this.simulation = new Simulation(choices);
    this.server = new ApiServer(simulation, latencies);
    server.serve(ResourceType.DEPLOYMENTS, WITH_STATUS);
    server.serve(ResourceType.REPLICA_SETS, WITH_STATUS);
    server.serve(ResourceType.PODS, new Graceful());
    server.listen(
        commit -> {
          if (commit.key().type().equals(ResourceType.EVENTS)) {
            KubeMap event = commit.object().root();
            events.add(
                event.string("type", "")
                    + " "
                    + event.string("reason", "")
                    + " "
                    + event.string("message", ""));
          }
        });
  }

  /** Serves all types as a real API server does, and creates what every cluster begins with. */
  public ControlPlane withRegistry() {
    ApiServerConfiguration configuration =
        ApiServerConfiguration.at(IpAddress.parse("172.18.0.10"));
    configuration.install(server);
    new Bootstrap(server, configuration).create();
    return this;
  }

  /** Starts what stands in for scheduler and kubelets. */
  public ControlPlane withKubelets() {
    Informer.of(server, ResourceType.PODS, "kubelets", this::podChanged);
    return this;
  }

  private void podChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      return;
    }
    ObjectKey key = after.key(ResourceType.PODS);
    if (before == null) {
      int number = pods++;
      server.bind(key, "node-" + number % 3);
      String ip = "10." + number / 62_500 + "." + number / 250 % 250 + "." + (number % 250 + 2);
      server.patchStatus(
          key,
          status -> status.with("podIP", ip).with("podIPs", KubeList.of(KubeMap.of("ip", ip))));
      long nanos = readyAfter.applyAsLong(after);
      if (nanos >= 0) {
        simulation.after(nanos, "kubelet/ready", key, () -> ready(key, true));
      }
    } else if (after.terminating() && !before.terminating()) {
      simulation.after(stopNanos, "kubelet/stop", key, () -> stop(key, after.uid()));
    }
  }

  private void stop(ObjectKey key, String uid) {
    KubeObject pod = server.find(key);
    if (pod != null && pod.uid().equals(uid)) {
      server.delete(key, DeleteOptions.grace(0));
    }
  }

  /** Sets a pod's readiness, if it still exists. */
  public void ready(ObjectKey key, boolean ready) {
    KubeObject pod = server.find(key);
    if (pod == null || pod.terminating()) {
      return;
    }
    KubeMap condition =
        KubeMap.of(
            "type",
            "Ready",
            "status",
            ready ? "True" : "False",
            "lastTransitionTime",
            server.timestamp());
    server.patchStatus(key, status -> Conditions.with(status.with("phase", "Running"), condition));
  }

  public void phase(ObjectKey key, String phase) {
    server.patchStatus(key, status -> status.with("phase", phase));
  }

  /** Runs the simulation on. */
  public void run(double seconds) {
    simulation.runUntil(simulation.now() + (long) (seconds * SECOND));
  }

  public KubeObject replicaSet(String name, long replicas) {
    KubeMap labels = KubeMap.of("app", name);
    return server.create(
        ResourceType.REPLICA_SETS,
        KubeObject.of(ResourceType.REPLICA_SETS, KubeMap.of("name", name, "labels", labels))
            .withSpec(
                KubeMap.of(
                    "replicas", replicas,
                    "selector", KubeMap.of("matchLabels", labels),
                    "template", template(labels, "img:1"))));
  }

  /** Creates a Service that selects {@code app: name}. */
  public KubeObject serviceOn(String name, KubeMap... ports) {
    return service(name, KubeMap.of("clusterIP", "10.96.0.50"), ports);
  }

  /** Creates a Service that selects {@code app: name} and has more in its spec. */
  public KubeObject service(String name, KubeMap more, KubeMap... ports) {
    KubeMap spec =
        KubeMap.of("selector", KubeMap.of("app", name), "ports", KubeList.of((Object[]) ports));
    for (int i = 0; i < more.size(); i++) {
      spec = spec.with(more.keyAt(i), more.valueAt(i));
    }
    return server.create(
        ResourceType.SERVICES,
        KubeObject.of(ResourceType.SERVICES, KubeMap.of("name", name)).withSpec(spec));
  }

  /**
   * Creates a pod that Service {@code web} selects, with an address and a node.
   *
   * @param spec what else its spec has
   */
  public KubeObject webPod(String name, String ip, boolean ready, String node, KubeMap spec) {
    ObjectKey key = ObjectKey.of(ResourceType.PODS, "default", name);
    server.create(
        ResourceType.PODS,
        KubeObject.of(
                ResourceType.PODS, KubeMap.of("name", name, "labels", KubeMap.of("app", "web")))
            .withSpec(spec.with("nodeName", node)));
    server.patchStatus(
        key, status -> status.with("podIP", ip).with("podIPs", KubeList.of(KubeMap.of("ip", ip))));
    ready(key, ready);
    return server.get(key);
  }

  /** The spec of a pod whose container has one named port. */
  public static KubeMap containerPort(String name, int number) {
    KubeMap port = KubeMap.of("name", name, "containerPort", number, "protocol", "TCP");
    return KubeMap.of(
        "containers", KubeList.of(KubeMap.of("name", "c", "ports", KubeList.of(port))));
  }

  /** A port of a Service, of TCP. */
  public static KubeMap port(@Nullable String name, int port, Object targetPort) {
    return KubeMap.of("name", name, "protocol", "TCP", "port", port, "targetPort", targetPort);
  }

  public static KubeMap template(KubeMap labels, String image) {
    return KubeMap.of(
        "metadata",
        KubeMap.of("labels", labels),
        "spec",
        KubeMap.of("containers", KubeList.of(KubeMap.of("name", "c", "image", image))));
  }

  /** Creates Deployment {@code web} with surge and unavailability as given. */
  public KubeObject deployment(long replicas, Object maxSurge, Object maxUnavailable) {
    KubeMap knobs = KubeMap.of("maxSurge", maxSurge, "maxUnavailable", maxUnavailable);
    return deployment(
        replicas, KubeMap.of("type", "RollingUpdate", "rollingUpdate", knobs), KubeMap.EMPTY);
  }

  public KubeObject deployment(long replicas, KubeMap strategy, KubeMap more) {
    KubeMap labels = KubeMap.of("app", "web");
    KubeMap spec =
        KubeMap.of(
            "replicas",
            replicas,
            "selector",
            KubeMap.of("matchLabels", labels),
            "strategy",
            strategy,
            "revisionHistoryLimit",
            10L,
            "progressDeadlineSeconds",
            600L,
            "template",
            template(labels, "img:1"));
    for (int i = 0; i < more.size(); i++) {
      spec = spec.with(more.keyAt(i), more.valueAt(i));
    }
    return server.create(
        ResourceType.DEPLOYMENTS,
        KubeObject.of(ResourceType.DEPLOYMENTS, KubeMap.of("name", "web")).withSpec(spec));
  }

  public KubeObject deployment() {
    return server.get(ObjectKey.of(ResourceType.DEPLOYMENTS, "default", "web"));
  }

  /** Changes Deployment {@code web}. */
  public void change(Object value, String... path) {
    server.patch(
        ResourceType.DEPLOYMENTS,
        deployment().key(ResourceType.DEPLOYMENTS),
        found -> found.with(value, path));
  }

  public void image(String image) {
    change(
        KubeList.of(KubeMap.of("name", "c", "image", image)),
        "spec",
        "template",
        "spec",
        "containers");
  }

  /** Creates a namespace. */
  public KubeObject namespace(String name) {
    return server.create(
        ResourceType.NAMESPACES, KubeObject.of(ResourceType.NAMESPACES, KubeMap.of("name", name)));
  }

  /** Registers a node as its kubelet does, ready. */
  public KubeObject node(String name) {
    server.create(ResourceType.NODES, KubeObject.of(ResourceType.NODES, KubeMap.of("name", name)));
    KubeMap ready =
        KubeMap.of(
            "type", "Ready",
            "status", "True",
            "lastHeartbeatTime", server.timestamp(),
            "lastTransitionTime", server.timestamp(),
            "reason", "KubeletReady",
            "message", "kubelet is posting ready status");
    ObjectKey key = ObjectKey.of(ResourceType.NODES, "", name);
    return server.patchStatus(key, status -> Conditions.with(status, ready));
  }

  /** Creates a pod of one container. */
  public KubeObject pod(String namespace, String name, long graceSeconds) {
    KubeMap metadata = KubeMap.of("name", name, "namespace", namespace);
    return server.create(
        ResourceType.PODS,
        KubeObject.of(ResourceType.PODS, metadata)
            .withSpec(
                template(KubeMap.EMPTY, "img:1")
                    .mapOrEmpty("spec")
                    .with("terminationGracePeriodSeconds", graceSeconds)));
  }

  public List<KubeObject> list(ResourceType type) {
    return server.list(type);
  }

  public List<KubeObject> pods(Predicate<KubeObject> which) {
    List<KubeObject> found = new ArrayList<>(server.list(ResourceType.PODS));
    found.removeIf(which.negate());
    return found;
  }

  public List<KubeObject> activePods() {
    return pods(Pods::active);
  }
}
