package dev.wavetank.scheduler;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.apiserver.controlplane.Bootstrap;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scheduler.config.KubeSchedulerConfiguration;
import dev.wavetank.scheduler.framework.Registry;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An API server with a scheduler and nodes on which nobody runs anything. */
public final class TestCluster {

  public static final long SECOND = 1_000_000_000L;

  public final Simulation simulation;
  public final ApiServer server;
  public final Scheduler scheduler;

  /** Events in the order of their creation, as {@code Type Reason Object: message}. */
  public final List<String> events = new ArrayList<>();

  /** Names of pods in the order in which they got their nodes. */
  public final Set<String> bound = new LinkedHashSet<>();

  public TestCluster() {
    this(Choices.seeded(1), KubeSchedulerConfiguration.DEFAULT, DefaultPlugins.registry());
  }

  public TestCluster(Choices choices, KubeSchedulerConfiguration configuration, Registry registry) {
    this.simulation = new Simulation(choices);
    this.server = new ApiServer(simulation, Latencies.DEFAULT);
    ApiServerConfiguration api = ApiServerConfiguration.at(IpAddress.parse("192.0.2.1"));
    api.install(server);
    new Bootstrap(server, api).create();
    server.listen(
        commit -> {
          KubeObject after = commit.after();
          if (after == null) {
            return;
          }
          if (commit.key().type().equals(ResourceType.EVENTS)) {
            KubeMap event = after.root();
            events.add(
                "%s %s %s: %s"
                    .formatted(
                        event.string("type", ""),
                        event.string("reason", ""),
                        event.mapOrEmpty("involvedObject").string("name", ""),
                        event.string("message", "")));
          } else if (commit.key().type().equals(ResourceType.PODS)
              && after.spec().has("nodeName")) {
            bound.add(after.name());
          }
        });
    this.scheduler = new Scheduler(server, configuration, registry);
    scheduler.start();
  }

  /** Creates the objects of a manifest, or updates those that exist. */
  public TestCluster apply(String manifest) {
    for (Manifest document : Manifests.parse("test.yaml", manifest)) {
      KubeObject object = document.object();
      ResourceType type = server.typeOf(object.apiVersion(), object.kind());
      if (type == null) {
        throw new IllegalArgumentException("no type " + object.kind());
      }
      if (type.namespaced() && object.namespace().isEmpty()) {
        object = object.withMetadata(object.metadata().with("namespace", "default"));
      }
      KubeObject applied = object;
      if (server.find(object.key(type)) == null) {
        server.create(type, object);
        if (type.equals(ResourceType.NODES)) {
          admitPods(object);
        }
      } else {
        server.patch(
            type,
            object.key(type),
            old -> old.withMetadata(applied.metadata()).withSpec(applied.spec()));
      }
    }
    return this;
  }

  /** Takes the taint of new nodes away, as the node controller does when they are ready. */
  private void admitPods(KubeObject node) {
    server.patch(
        ResourceType.NODES,
        node.key(ResourceType.NODES),
        created -> created.withSpec(created.spec().with("taints", node.spec().get("taints"))));
    simulation.runUntil(simulation.now() + SECOND);
  }

  /** A node of that size that takes 110 pods. */
  public TestCluster node(String name, String cpu, String memory) {
    return apply(nodeManifest(name, cpu, memory, ""));
  }

  /** The manifest of a node with the label {@code kubernetes.io/hostname} and others. */
  public static String nodeManifest(String name, String cpu, String memory, String labels) {
    return String.format(
        Locale.ROOT,
        """
        apiVersion: v1
        kind: Node
        metadata:
          name: %1$s
          labels: {kubernetes.io/hostname: %1$s%4$s}
        status:
          allocatable: {cpu: "%2$s", memory: %3$s, pods: "110"}
        """,
        name,
        cpu,
        memory,
        labels.isEmpty() ? "" : ", " + labels);
  }

  /** A pod of one container that asks for that much. */
  public TestCluster pod(String name, String cpu, String memory) {
    return apply(podManifest(name, cpu, memory, ""));
  }

  /** The manifest of a pod; {@code spec} holds more fields of its spec, indented by two. */
  public static String podManifest(String name, String cpu, String memory, String spec) {
    return String.format(
        Locale.ROOT,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          containers:
          - name: main
            image: example.com/app:1
            resources: {requests: {cpu: "%s", memory: %s}}
        %s
        """,
        name,
        cpu,
        memory,
        spec);
  }

  public void delete(String pod) {
    server.delete(key(pod), DeleteOptions.grace(0));
  }

  /** Ends a pod as its kubelet would. */
  public void finish(String pod) {
    server.patchStatus(key(pod), status -> status.with("phase", "Succeeded"));
  }

  public TestCluster run(double seconds) {
    simulation.runUntil(simulation.now() + (long) (seconds * SECOND));
    return this;
  }

  public static ObjectKey key(String pod) {
    return ObjectKey.of(ResourceType.PODS, "default", pod);
  }

  /** The node of a pod; empty when it has none. */
  public String nodeOf(String pod) {
    return server.get(key(pod)).spec().string("nodeName", "");
  }

  /** The condition PodScheduled. */
  public @Nullable KubeMap podScheduled(String pod) {
    return Conditions.find(server.get(key(pod)).status(), "PodScheduled");
  }

  /** The events about an object. */
  public List<String> eventsOf(String name) {
    return events.stream().filter(event -> event.contains(" " + name + ": ")).toList();
  }
}
