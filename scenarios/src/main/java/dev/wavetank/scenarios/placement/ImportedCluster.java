package dev.wavetank.scenarios.placement;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.apiserver.controlplane.Bootstrap;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.Registry;
import dev.wavetank.scheduler.whatif.DryRun;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster as files tell it, for dry runs: nodes, pods on them and what else a scheduler reads.
 * Pods of workloads are completed as an API server would, so that requests, priorities and
 * tolerations are those that a scheduler would see.
 */
public final class ImportedCluster {

  private static final int REPLICAS_MAX = 100_000;

  private final List<KubeObject> objects = new ArrayList<>();
  private final ApiServer server;

  /** A cluster without nodes. */
  public ImportedCluster() {
    server = new ApiServer(new Simulation(Choices.first()), Latencies.DEFAULT);
    ApiServerConfiguration configuration = ApiServerConfiguration.at(IpAddress.parse("192.0.2.1"));
    configuration.install(server);
    new Bootstrap(server, configuration).create();
  }

  /**
   * Takes over the objects of a file, Lists opened up. Of other clusters they may have fields that
   * are not known here; those have no effect.
   *
   * @param file as errors name it
   * @throws dev.wavetank.core.api.ManifestException when the text is no manifest
   */
  public void add(String file, String text) {
    for (Manifest manifest : Manifests.parse(file, text)) {
      KubeObject object = manifest.object();
      objects.add(object);
      if (object.kind().equals(ResourceType.PRIORITY_CLASSES.kind())
          && server.find(object.key(ResourceType.PRIORITY_CLASSES)) == null) {
        server.create(ResourceType.PRIORITY_CLASSES, plain(object));
      }
    }
  }

  /** Without what a server would refuse on create. */
  private static KubeObject plain(KubeObject object) {
    KubeMap metadata = object.metadata().without("resourceVersion").without("uid");
    return KubeObject.of(object.root().with("metadata", metadata));
  }

  /** The names of the nodes, in the order of the files. */
  public ImmutableList<String> nodes() {
    return ofKind("Node").stream().map(KubeObject::name).collect(ImmutableList.toImmutableList());
  }

  /** The names of the nodes whose label {@code topology.kubernetes.io/zone} is the zone. */
  public ImmutableList<String> nodesOfZone(String zone) {
    return ofKind("Node").stream()
        .filter(node -> zone.equals(node.labels().get("topology.kubernetes.io/zone")))
        .map(KubeObject::name)
        .collect(ImmutableList.toImmutableList());
  }

  private List<KubeObject> ofKind(String kind) {
    return objects.stream().filter(object -> object.kind().equals(kind)).toList();
  }

  /** The pods that have no node yet, in the order of the files. */
  public ImmutableList<KubeObject> pendingPods() {
    return ofKind("Pod").stream()
        .filter(pod -> pod.spec().string("nodeName", "").isEmpty())
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * A scheduler that thinks in a copy of the cluster.
   *
   * @throws IllegalArgumentException with upstream's words when the profile cannot be
   */
  public DryRun dryRun(Registry registry, Profile profile) {
    return DryRun.of(registry, profile, objects);
  }

  /**
   * The pods of a file: pods themselves, and as many as their replicas of the templates of
   * workloads.
   *
   * @throws dev.wavetank.core.api.ManifestException when the text is no manifest
   * @throws ApiException when an API server would refuse a pod
   */
  public ImmutableList<KubeObject> workload(String file, String text) {
    ImmutableList.Builder<KubeObject> pods = ImmutableList.builder();
    for (Manifest manifest : Manifests.read(file, text)) {
      KubeObject object = manifest.object();
      KubeMap template = object.spec().map("template");
      if (object.kind().equals("Pod")) {
        pods.add(completed(object, object.name()));
      } else if (template != null) {
        long replicas = Math.min(object.spec().number("replicas", 1), REPLICAS_MAX);
        for (long i = 0; i < replicas; i++) {
          pods.add(ofTemplate(object, template, object.name() + "-" + i));
        }
      } else if (object.kind().equals(ResourceType.PRIORITY_CLASSES.kind())) {
        add(file, Manifests.toYaml(object));
      }
    }
    return pods.build();
  }

  private KubeObject ofTemplate(KubeObject workload, KubeMap template, String name) {
    KubeMap metadata = template.mapOrEmpty("metadata").with("namespace", workload.namespace());
    return completed(
        KubeObject.of(
            KubeMap.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                metadata,
                "spec",
                template.mapOrEmpty("spec"))),
        name);
  }

  /** The pod as an API server stores it, without a node. */
  private KubeObject completed(KubeObject pod, String name) {
    String namespace = pod.namespace().isEmpty() ? "default" : pod.namespace();
    if (server.find(ObjectKey.of(ResourceType.NAMESPACES, "", namespace)) == null) {
      server.create(
          ResourceType.NAMESPACES,
          KubeObject.of(ResourceType.NAMESPACES, KubeMap.of("name", namespace)));
    }
    return server.create(
        ResourceType.PODS,
        pod.withSpec(pod.spec().without("nodeName"))
            .with(name, "metadata", "name")
            .with(namespace, "metadata", "namespace"));
  }
}
