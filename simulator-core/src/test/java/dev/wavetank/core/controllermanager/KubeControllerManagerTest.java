package dev.wavetank.core.controllermanager;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.controller.Pods;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** All controllers together, over an API server that defaults and validates. */
class KubeControllerManagerTest {

  private final ControlPlane plane = new ControlPlane().withRegistry();

  private KubeControllerManager start() {
    for (int i = 0; i < 3; i++) {
      plane.node("node-" + i);
    }
    plane.withKubelets();
    return new KubeControllerManager(plane.server, node -> plane.simulation.now());
  }

  private void apply(String namespace, long replicas) {
    KubeMap labels = KubeMap.of("app", "web");
    KubeMap metadata = KubeMap.of("name", "web", "namespace", namespace);
    plane.server.create(
        ResourceType.DEPLOYMENTS,
        KubeObject.of(ResourceType.DEPLOYMENTS, metadata)
            .withSpec(
                KubeMap.of(
                    "replicas",
                    replicas,
                    "selector",
                    KubeMap.of("matchLabels", labels),
                    "template",
                    ControlPlane.template(labels, "img:1"))));
    plane.server.create(
        ResourceType.SERVICES,
        KubeObject.of(ResourceType.SERVICES, metadata)
            .withSpec(
                KubeMap.of(
                    "selector", labels, "ports", KubeList.of(ControlPlane.port(null, 80, 8080)))));
  }

  private Map<String, Integer> counts(String namespace) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (ResourceType type : plane.server.types()) {
      int count = plane.server.list(type, namespace, labels -> true).size();
      if (count > 0 && !type.equals(ResourceType.EVENTS)) {
        counts.put(type.plural(), count);
      }
    }
    return counts;
  }

  @Test
  void anApplicationComesUp() {
    start();
    plane.run(1);
    apply("default", 3);
    plane.run(30);
    KubeObject endpoints = plane.server.get(ObjectKey.of(ResourceType.ENDPOINTS, "default", "web"));
    assertThat(endpoints.root().listOrEmpty("subsets").map(0).listOrEmpty("addresses").size())
        .isEqualTo(3);
    assertThat(plane.deployment().status().get("availableReplicas")).isEqualTo(3L);
    Map<String, Integer> counts = counts("default");
    assertThat(counts)
        .containsEntry("pods", 3)
        .containsEntry("replicasets", 1)
        .containsEntry("endpointslices", 2)
        .containsEntry("serviceaccounts", 1)
        .containsEntry("configmaps", 1);
  }

  @Test
  void net_E_26_aDeletedServiceLeavesNothing() {
    start();
    apply("default", 1);
    plane.run(10);
    plane.server.delete(
        ObjectKey.of(ResourceType.SERVICES, "default", "web"), DeleteOptions.BACKGROUND);
    plane.run(10);
    assertThat(plane.list(ResourceType.ENDPOINT_SLICES))
        .map(KubeObject::name)
        .containsExactly("kubernetes");
    assertThat(plane.list(ResourceType.ENDPOINTS))
        .map(KubeObject::name)
        .containsExactly("kubernetes");
  }

  @Test
  void wl_GC_07_aDeletedNamespaceLeavesNothing() {
    start();
    plane.namespace("team");
    apply("team", 4);
    plane.run(30);
    assertThat(counts("team")).containsEntry("pods", 4);
    ObjectKey team = ObjectKey.of(ResourceType.NAMESPACES, "", "team");
    plane.server.delete(team, DeleteOptions.BACKGROUND);
    plane.run(120);
    assertThat(counts("team")).isEmpty();
    assertThat(plane.server.list(ResourceType.EVENTS, "team", labels -> true)).isEmpty();
    assertThat(plane.server.find(team)).isNull();
  }

  /** A dead node's pods: not ready at once, deleted minutes later, and there until it returns. */
  @Test
  void wl_NODE_07_theTimelineOfADeadNode() {
    for (int i = 0; i < 3; i++) {
      plane.node("node-" + i);
    }
    plane.stopNanos = 1_000_000 * ControlPlane.SECOND;
    plane.withKubelets();
    long[] stopped = {-1};
    KubeControllerManager manager =
        new KubeControllerManager(
            plane.server,
            node -> {
              boolean dead = node.equals("node-1") && stopped[0] >= 0;
              long until = dead ? stopped[0] : plane.simulation.now();
              return until - until % (10 * ControlPlane.SECOND);
            });
    apply("default", 3);
    plane.run(33);
    long death = plane.simulation.now();
    stopped[0] = death;
    manager.nodeLifecycle().stopped("node-1");
    assertThat(secondsUntil(death, () -> ready(1) == 0)).isBetween(40.0, 55.0);
    double deleted = secondsUntil(death, () -> onNode(1).get(0).terminating());
    assertThat(deleted).isBetween(340.0, 365.0);
    plane.run(5);
    assertThat(plane.activePods()).hasSize(3).noneMatch(pod -> onNode(1).contains(pod));
    plane.run(10_000);
    assertThat(onNode(1)).hasSize(1).allMatch(KubeObject::terminating);
  }

  private List<KubeObject> onNode(int node) {
    return plane.pods(pod -> ("node-" + node).equals(pod.spec().get("nodeName")));
  }

  private long ready(int node) {
    return onNode(node).stream().filter(Pods::ready).count();
  }

  private double secondsUntil(long since, BooleanSupplier condition) {
    boolean held = plane.simulation.runUntil(condition, since + 3_600 * ControlPlane.SECOND);
    assertThat(held).isTrue();
    return (plane.simulation.now() - since) / 1e9;
  }

  @Test
  void anIdleClusterHasNoEvents() {
    KubeControllerManager manager = start();
    apply("default", 3);
    plane.run(700);
    assertThat(plane.simulation.pending()).isZero();
    assertThat(manager.taintEviction().planned()).isZero();
    assertThat(manager.garbageCollector().graphSize()).isPositive();
  }
}
