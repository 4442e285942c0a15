package dev.wavetank.core.controller.nodelifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.controller.Pods;
import dev.wavetank.core.controller.Taints;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeLifecycleControllerTest {

  private static final long SECOND = ControlPlane.SECOND;
  private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

  private final ControlPlane plane = new ControlPlane();
  private final Map<String, Long> stopped = new LinkedHashMap<>();
  private @Nullable NodeLifecycleController started;

  private NodeLifecycleController start() {
    NodeLifecycleController controller =
        new NodeLifecycleController(plane.server, this::lastRenewNanos);
    started = controller;
    return controller;
  }

  /** Kubelets renew every 10 s, counted from the start. */
  private long lastRenewNanos(String node) {
    Long until = stopped.get(node);
    long now = until == null ? plane.simulation.now() : until;
    return now - now % (10 * SECOND);
  }

  private static ObjectKey key(String node) {
    return ObjectKey.of(ResourceType.NODES, "", node);
  }

  private void nodes(int count) {
    for (int i = 0; i < count; i++) {
      plane.node("node-" + i);
    }
  }

  private void kill(String node) {
    stopped.put(node, plane.simulation.now());
    NodeLifecycleController controller = started;
    if (controller != null) {
      controller.stopped(node);
    }
  }

  /** The kubelet comes back and posts its status at once. */
  private void revive(String node) {
    stopped.remove(node);
    NodeLifecycleController controller = started;
    if (controller != null) {
      controller.resumed(node);
    }
    ready(node, "True");
  }

  private void ready(String node, String status) {
    KubeMap ready = Conditions.find(plane.server.get(key(node)).status(), "Ready");
    assertThat(ready).isNotNull();
    KubeMap next =
        ready
            .with("status", status)
            .with("lastHeartbeatTime", plane.server.timestamp())
            .with("lastTransitionTime", plane.server.timestamp());
    plane.server.patchStatus(key(node), found -> Conditions.with(found, next));
  }

  private @Nullable Object condition(String node, String type, String field) {
    KubeMap condition = Conditions.find(plane.server.get(key(node)).status(), type);
    return condition == null ? null : condition.get(field);
  }

  private List<String> taints(String node) {
    List<String> taints = new ArrayList<>();
    for (KubeMap taint : Taints.of(plane.server.get(key(node))).maps()) {
      taints.add(taint.get("key") + ":" + taint.get("effect"));
    }
    return taints;
  }

  /** Seconds of virtual time until a node has a taint. */
  private double taintedAfter(String node, String key, String effect) {
    long start = plane.simulation.now();
    boolean there =
        plane.simulation.runUntil(
            () -> Taints.exists(plane.server.get(key(node)), key, effect), start + 3_600 * SECOND);
    assertThat(there).as(node + " " + key).isTrue();
    return (plane.simulation.now() - start) / 1e9;
  }

  @Test
  void wl_NODE_02_aSilentNodeIsUnknownAfterTheGracePeriodAtATickOfTheMonitor() {
    nodes(3);
    start();
    plane.run(12);
    // The renewal of 10 s was seen by the pass of 15 s: 50 s later the node's time is up.
    kill("node-1");
    plane.run(52.9);
    assertThat(condition("node-1", "Ready", "status")).isEqualTo("True");
    plane.run(0.2);
    assertThat(condition("node-1", "Ready", "status")).isEqualTo("Unknown");
    assertThat(condition("node-0", "Ready", "status")).isEqualTo("True");
  }

  @Test
  void wl_NODE_02_aNodeThatNeverPostedAStatusHasSixtySeconds() {
    nodes(3);
    start();
    plane.run(3);
    plane.server.create(
        ResourceType.NODES, KubeObject.of(ResourceType.NODES, KubeMap.of("name", "mute")));
    NodeLifecycleController controller = started;
    assertThat(controller).isNotNull();
    stopped.put("mute", -10 * SECOND);
    controller.stopped("mute");
    plane.run(59);
    assertThat(condition("mute", "Ready", "status")).isNull();
    plane.run(5);
    assertThat(condition("mute", "Ready", "status")).isEqualTo("Unknown");
    assertThat(condition("mute", "Ready", "reason")).isEqualTo("NodeStatusNeverUpdated");
    assertThat(condition("mute", "Ready", "message"))
        .isEqualTo("Kubelet never posted node status.");
    assertThat(condition("mute", "PIDPressure", "reason")).isEqualTo("NodeStatusNeverUpdated");
  }

  @Test
  void wl_NODE_03_theConditionsOfASilentNodeAreUnknown() {
    nodes(3);
    KubeMap pressure =
        KubeMap.of("type", "MemoryPressure", "status", "False", "reason", "KubeletHasSufficient");
    plane.server.patchStatus(key("node-1"), status -> Conditions.with(status, pressure));
    start();
    plane.run(1);
    kill("node-1");
    plane.run(60);
    for (String type : new String[] {"Ready", "MemoryPressure"}) {
      assertThat(condition("node-1", type, "status")).as(type).isEqualTo("Unknown");
      assertThat(condition("node-1", type, "reason")).isEqualTo("NodeStatusUnknown");
      assertThat(condition("node-1", type, "message"))
          .isEqualTo("Kubelet stopped posting node status.");
    }
    assertThat(condition("node-1", "DiskPressure", "reason")).isEqualTo("NodeStatusNeverUpdated");
    // The last heartbeat stays what the kubelet wrote.
    assertThat(condition("node-1", "Ready", "lastHeartbeatTime")).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void wl_NODE_04_anUnreachableNodeIsTaintedAtOnceForSchedulingAndThroughTheQueueForExecution() {
    nodes(3);
    start();
    plane.run(1);
    kill("node-1");
    taintedAfter("node-1", Taints.UNREACHABLE, Taints.NO_SCHEDULE);
    assertThat(taints("node-1")).containsExactly("node.kubernetes.io/unreachable:NoSchedule");
    assertThat(taintedAfter("node-1", Taints.UNREACHABLE, Taints.NO_EXECUTE)).isLessThan(0.2);
    revive("node-1");
    plane.run(6);
    assertThat(taints("node-1")).isEmpty();
  }

  @Test
  void wl_NODE_04_aNodeThatSaysToBeNotReadyGetsTheOtherTaint() {
    nodes(3);
    start();
    plane.run(1);
    ready("node-1", "False");
    plane.run(6);
    assertThat(taints("node-1"))
        .containsExactly(
            "node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/not-ready:NoExecute");
    kill("node-1");
    plane.run(70);
    assertThat(taints("node-1"))
        .containsExactlyInAnyOrder(
            "node.kubernetes.io/unreachable:NoSchedule",
            "node.kubernetes.io/unreachable:NoExecute");
  }

  @Test
  void wl_NODE_04_pressureAndCordonAreTaintsThatComeAndGo() {
    nodes(1);
    start();
    plane.run(1);
    KubeMap pressure = KubeMap.of("type", "MemoryPressure", "status", "True");
    plane.server.patchStatus(key("node-0"), status -> Conditions.with(status, pressure));
    plane.server.patch(
        ResourceType.NODES, key("node-0"), found -> found.with(true, "spec", "unschedulable"));
    plane.run(1);
    assertThat(taints("node-0"))
        .containsExactlyInAnyOrder(
            "node.kubernetes.io/memory-pressure:NoSchedule", UNSCHEDULABLE + ":NoSchedule");
    plane.server.patchStatus(
        key("node-0"), status -> Conditions.with(status, pressure.with("status", "False")));
    plane.server.patch(
        ResourceType.NODES, key("node-0"), found -> found.with(null, "spec", "unschedulable"));
    plane.run(1);
    assertThat(taints("node-0")).isEmpty();
  }

  @Test
  void aTaintOfTheUserIsLeftAlone() {
    nodes(1);
    KubeMap own = KubeMap.of("key", "dedicated", "value", "db", "effect", "NoSchedule");
    plane.server.patch(
        ResourceType.NODES, key("node-0"), found -> found.with(KubeList.of(own), "spec", "taints"));
    start();
    plane.run(10);
    assertThat(taints("node-0")).containsExactly("dedicated:NoSchedule");
  }

  @Test
  void wl_NODE_05_podsOfASilentNodeAreMarkedNotReady() {
    nodes(3);
    plane.withKubelets();
    start();
    for (int i = 0; i < 3; i++) {
      plane.pod("default", "p" + i, 30);
    }
    plane.run(5);
    kill("node-1");
    plane.run(65);
    for (KubeObject pod : plane.list(ResourceType.PODS)) {
      boolean there = "node-1".equals(pod.spec().get("nodeName"));
      assertThat(Pods.ready(pod)).as(pod.name()).isEqualTo(!there);
    }
    assertThat(plane.events)
        .filteredOn(event -> event.startsWith("Warning"))
        .containsExactly("Warning NodeNotReady Node is not ready");
  }

  @Test
  void wl_NODE_05_aReadyPodThatIsAssignedToASilentNodeIsMarkedToo() {
    nodes(3);
    start();
    kill("node-1");
    plane.run(65);
    KubeObject pod = plane.pod("default", "late", 30);
    plane.ready(pod.key(ResourceType.PODS), true);
    plane.server.bind(pod.key(ResourceType.PODS), "node-1");
    plane.run(1);
    assertThat(Pods.ready(plane.server.get(pod.key(ResourceType.PODS)))).isFalse();
  }

  @Test
  void wl_NODE_06_aHealthyZoneTaintsOneNodeInTenSeconds() {
    nodes(10);
    start();
    plane.run(1);
    kill("node-1");
    kill("node-2");
    kill("node-3");
    double first = 0;
    List<Double> gaps = new ArrayList<>();
    long begin = plane.simulation.now();
    List<Double> times = new ArrayList<>();
    plane.server.listen(
        commit -> {
          KubeObject before = commit.before();
          KubeObject after = commit.after();
          if (before != null
              && after != null
              && commit.key().type().equals(ResourceType.NODES)
              && !Taints.exists(before, Taints.UNREACHABLE, Taints.NO_EXECUTE)
              && Taints.exists(after, Taints.UNREACHABLE, Taints.NO_EXECUTE)) {
            times.add((plane.simulation.now() - begin) / 1e9);
          }
        });
    plane.run(120);
    assertThat(times).hasSize(3);
    assertThat(times.get(0)).isBetween(49.0 + first, 60.0);
    for (int i = 1; i < times.size(); i++) {
      gaps.add(times.get(i) - times.get(i - 1));
    }
    assertThat(gaps).allMatch(gap -> gap >= 9.99 && gap < 10.2);
  }

  @Test
  void wl_NODE_06_inASmallZoneThatIsMostlyDownNobodyIsTainted() {
    nodes(5);
    start();
    plane.run(1);
    kill("node-0");
    kill("node-1");
    kill("node-2");
    plane.run(600);
    for (int i = 0; i < 3; i++) {
      assertThat(condition("node-" + i, "Ready", "status")).isEqualTo("Unknown");
      assertThat(taints("node-" + i)).containsExactly("node.kubernetes.io/unreachable:NoSchedule");
    }
  }

  @Test
  void wl_NODE_06_inALargeZoneThatIsMostlyDownTheRateIsATenth() {
    nodes(60);
    start();
    plane.run(1);
    for (int i = 0; i < 40; i++) {
      kill("node-" + i);
    }
    plane.run(1_000);
    long tainted =
        plane.list(ResourceType.NODES).stream()
            .filter(node -> Taints.exists(node, Taints.UNREACHABLE, Taints.NO_EXECUTE))
            .count();
    assertThat(tainted).isBetween(9L, 10L);
  }

  @Test
  void wl_NODE_06_whenAllZonesAreDownTaintsAreRemovedAndNothingIsEvicted() {
    nodes(2);
    start();
    plane.run(1);
    kill("node-0");
    plane.run(70);
    assertThat(taints("node-0")).contains("node.kubernetes.io/unreachable:NoExecute");
    kill("node-1");
    plane.run(600);
    assertThat(taints("node-0")).containsExactly("node.kubernetes.io/unreachable:NoSchedule");
    assertThat(taints("node-1")).containsExactly("node.kubernetes.io/unreachable:NoSchedule");
    revive("node-1");
    plane.run(30);
    assertThat(taints("node-1")).isEmpty();
    assertThat(taints("node-0")).contains("node.kubernetes.io/unreachable:NoExecute");
  }

  @Test
  void wl_NODE_06_zonesAreJudgedApart() {
    nodes(6);
    for (int i = 0; i < 6; i++) {
      String zone = i < 3 ? "a" : "b";
      plane.server.patch(
          ResourceType.NODES,
          key("node-" + i),
          found -> found.with(zone, "metadata", "labels", "topology.kubernetes.io/zone"));
    }
    start();
    plane.run(1);
    for (int i = 0; i < 3; i++) {
      kill("node-" + i);
    }
    plane.run(100);
    // The whole zone is down, others are not: the normal rate.
    assertThat(plane.list(ResourceType.NODES).stream().limit(3))
        .allMatch(node -> Taints.exists(node, Taints.UNREACHABLE, Taints.NO_EXECUTE));
  }

  @Test
  void wl_NODE_09_nodesComeAndGoWithEvents() {
    nodes(1);
    start();
    plane.run(1);
    plane.node("node-1");
    plane.run(5);
    kill("node-1");
    plane.run(70);
    plane.server.delete(key("node-1"), DeleteOptions.BACKGROUND);
    plane.run(6);
    assertThat(plane.events)
        .containsExactly(
            "Normal RegisteredNode Node node-0 event: Registered Node node-0 in Controller",
            "Normal RegisteredNode Node node-1 event: Registered Node node-1 in Controller",
            "Normal NodeNotReady Node node-1 status is now: NodeNotReady",
            "Normal RemovingNode Node node-1 event: Removing Node node-1 from Controller");
  }

  @Test
  void theBetaLabelsFollowTheStableOnes() {
    nodes(1);
    plane.server.patch(
        ResourceType.NODES,
        key("node-0"),
        found ->
            found.with(
                KubeMap.of("kubernetes.io/os", "linux", "kubernetes.io/arch", "arm64"),
                "metadata",
                "labels"));
    start();
    plane.run(1);
    KubeMap labels = plane.server.get(key("node-0")).labels();
    assertThat(labels.get("beta.kubernetes.io/os")).isEqualTo("linux");
    assertThat(labels.get("beta.kubernetes.io/arch")).isEqualTo("arm64");
  }

  @Test
  void wl_TIME_13_healthyNodesCostNothing() {
    nodes(100);
    start();
    plane.run(1);
    long events = plane.simulation.eventNumber();
    plane.run(86_400);
    assertThat(plane.simulation.eventNumber()).isEqualTo(events);
  }
}
