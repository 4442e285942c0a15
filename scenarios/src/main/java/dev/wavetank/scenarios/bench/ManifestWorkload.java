package dev.wavetank.scenarios.bench;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.Place;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.core.kubelet.NodeConfig;
import dev.wavetank.scenarios.cluster.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The user's own manifests are applied in their order, until no more pods become Ready. Their Nodes
 * join with the capacity, labels and taints that they have; namespaces that they name and do not
 * bring are created. A manifest that the API server refuses is an error of its place.
 *
 * @param nodes how many nodes there are when the manifests bring none
 */
public record ManifestWorkload(ImmutableList<Manifest> manifests, int nodes, long seed)
    implements Workload {

  private static final Duration STEP = Duration.ofSeconds(10);

  /** It is over when so many steps have brought no Ready pod. */
  private static final int QUIET_STEPS = 12;

  private static final int STEPS_MAX = 10_000;

  @Override
  public Done run() {
    List<KubeObject> ownNodes = new ArrayList<>();
    List<Manifest> others = new ArrayList<>();
    for (Manifest manifest : manifests) {
      if (manifest.object().kind().equals(ResourceType.NODES.kind())) {
        ownNodes.add(manifest.object());
      } else {
        others.add(manifest);
      }
    }
    int count = ownNodes.isEmpty() ? nodes : ownNodes.size();
    Cluster cluster =
        Cluster.builder().nodes(count, new Joining(ownNodes)::config).seed(seed).dns(false).start();
    ReadyPods ready = new ReadyPods(cluster);
    createNamespaces(cluster, others);
    others.forEach(manifest -> create(cluster, manifest));
    settle(cluster, ready);
    long pods = cluster.api().count(ResourceType.PODS);
    return new Done(
        ImmutableMap.of("pods", (long) ready.ready()),
        ImmutableMap.of("pending", pods - ready.ready()),
        cluster.simulation().now(),
        cluster.simulation().eventNumber(),
        cluster.api().revision(),
        cluster.trace().hash());
  }

  private static void settle(Cluster cluster, ReadyPods ready) {
    int before = -1;
    int quiet = 0;
    for (int i = 0; i < STEPS_MAX && quiet < QUIET_STEPS; i++) {
      cluster.runUntil(() -> everyPodIsReady(cluster, ready), STEP);
      if (everyPodIsReady(cluster, ready)) {
        return;
      }
      quiet = ready.ready() == before ? quiet + 1 : 0;
      before = ready.ready();
    }
  }

  private static boolean everyPodIsReady(Cluster cluster, ReadyPods ready) {
    int pods = cluster.api().count(ResourceType.PODS);
    return pods > 0 && ready.ready() == pods;
  }

  private static void createNamespaces(Cluster cluster, List<Manifest> manifests) {
    Set<String> named = new LinkedHashSet<>();
    manifests.forEach(manifest -> named.add(manifest.object().namespace()));
    for (Manifest manifest : manifests) {
      if (manifest.object().kind().equals(ResourceType.NAMESPACES.kind())) {
        named.remove(manifest.object().name());
      }
    }
    for (String name : named) {
      if (!name.isEmpty()
          && cluster.api().find(ObjectKey.of(ResourceType.NAMESPACES, "", name)) == null) {
        create(
            cluster,
            ResourceType.NAMESPACES,
            KubeObject.of(ResourceType.NAMESPACES, KubeMap.of("name", name)));
      }
    }
    // The controllers give each namespace its ServiceAccount, without which no pod can be created.
    cluster.run(Duration.ofSeconds(1));
  }

  private static void create(Cluster cluster, Manifest manifest) {
    KubeObject object = manifest.object();
    ResourceType type = cluster.api().typeOf(object.apiVersion(), object.kind());
    if (type == null) {
      throw refused(manifest, "no " + object.kind() + " of " + object.apiVersion() + " is served");
    }
    KubeObject placed =
        type.namespaced() && object.namespace().isEmpty()
            ? object.withMetadata(object.metadata().with("namespace", "default"))
            : object;
    try {
      create(cluster, type, placed);
    } catch (ApiException e) {
      throw refused(manifest, e.status().message());
    }
  }

  private static ScenarioException refused(Manifest manifest, String why) {
    Place place = manifest.place();
    return new ScenarioException(place.file(), place.line(), place.column(), why);
  }

  private static void create(Cluster cluster, ResourceType type, KubeObject object) {
    cluster
        .simulation()
        .act("user/create", object.name(), () -> cluster.api().create(type, object));
  }

  /** Gives each numbered node what the next of the user's Nodes has. */
  private static final class Joining {
    private final List<KubeObject> given;
    private int position;

    Joining(List<KubeObject> given) {
      this.given = given;
    }

    NodeConfig config(NodeConfig numbered) {
      if (given.isEmpty()) {
        return numbered;
      }
      KubeObject node = given.get(position++);
      KubeMap capacity = node.status().mapOrEmpty("capacity");
      KubeMap allocatable = node.status().mapOrEmpty("allocatable");
      KubeMap amounts = allocatable.isEmpty() ? capacity : allocatable;
      return new NodeConfig(
          node.name(),
          numbered.address(),
          numbered.podNetwork(),
          numbered.podPrefixLength(),
          amounts.isEmpty() ? numbered.capacity() : amounts,
          amounts.isEmpty() ? numbered.reserved() : KubeMap.EMPTY,
          node.labels(),
          node.spec().listOrEmpty("taints"),
          ImmutableList.of(),
          numbered.uptimeNanos(),
          numbered.secondary());
    }
  }
}
