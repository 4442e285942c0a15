package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.controller.nodelifecycle.NodeLifecycleController;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The node itself: what is registered, its leases, its crash and its return. */
class NodeTest {

  private static final ObjectKey NODE = ObjectKey.of(ResourceType.NODES, "", "node-1");
  private static final ObjectKey LEASE =
      ObjectKey.of(ResourceType.LEASES, "kube-node-lease", "node-1");

  private final KubeletCluster cluster = new KubeletCluster();

  private KubeObject node() {
    return cluster.server.get(NODE);
  }

  private List<String> nodeEvents() {
    List<String> lines = new ArrayList<>();
    for (KubeObject event : cluster.eventObjects()) {
      if (event.root().mapOrEmpty("involvedObject").string("kind", "").equals("Node")) {
        lines.add(KubeletCluster.line(event.root()));
      }
    }
    return lines;
  }

  @Test
  void wl_NODE_01_theLeaseIsRenewedEachTenSeconds() {
    KubeObject lease = cluster.server.get(LEASE);
    assertThat(lease.spec().get("leaseDurationSeconds")).isEqualTo(40L);
    assertThat(lease.spec().get("holderIdentity")).isEqualTo("node-1");
    assertThat(lease.ownerReferences().map(0).get("uid")).isEqualTo(node().uid());
    cluster.run(37);
    assertThat(cluster.node().lastRenewNanos()).isEqualTo(30 * KubeletCluster.SECOND);
    cluster.node().refresh();
    assertThat(cluster.server.get(LEASE).spec().get("renewTime"))
        .isEqualTo("2026-01-01T00:00:30.000000Z");
  }

  @Test
  void wl_NODE_01_conditionsHaveAHeartbeatEachFiveMinutes() {
    cluster.run(1_000);
    cluster.node().refresh();
    KubeMap ready = node().status().listOrEmpty("conditions").find("type", "Ready");
    assertThat(ready.get("lastHeartbeatTime")).isEqualTo("2026-01-01T00:15:00Z");
    assertThat(ready.get("lastTransitionTime")).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  void wl_NODE_01_anIdleDayCostsNoEvents() {
    cluster.app("readinessProbe: {httpGet: {port: 80}}\nlivenessProbe: {httpGet: {port: 80}}");
    cluster.run(100);
    long before = cluster.simulation.eventNumber();
    cluster.run(86_400);
    assertThat(cluster.simulation.eventNumber() - before).isZero();
    cluster.node().refresh();
    assertThat(cluster.server.get(LEASE).spec().get("renewTime"))
        .isEqualTo("2026-01-02T00:01:40.000000Z");
  }

  @Test
  void wl_NODE_09_whatAKubeletSaysWhenItStarts() {
    assertThat(nodeEvents())
        .containsExactly(
            "Normal Starting Starting kubelet.",
            "Normal NodeAllocatableEnforced Updated Node Allocatable limit across pods",
            "Normal NodeHasSufficientMemory Node node-1 status is now: NodeHasSufficientMemory",
            "Normal NodeHasNoDiskPressure Node node-1 status is now: NodeHasNoDiskPressure",
            "Normal NodeHasSufficientPID Node node-1 status is now: NodeHasSufficientPID",
            "Normal NodeReady Node node-1 status is now: NodeReady");
  }

  @Test
  void wl_NODE_10_allocatableIsLessThanTheCapacity() {
    assertThat(node().status().mapOrEmpty("capacity").get("memory")).isEqualTo("16Gi");
    assertThat(node().status().mapOrEmpty("allocatable"))
        .isEqualTo(
            KubeMap.of(
                "cpu", "4", "ephemeral-storage", "90Gi", "memory", "16284Mi", "pods", "110"));
  }

  @Test
  void wl_EVT_08_cordonAndUncordonAreReported() {
    cordon(true);
    cluster.run(9.9);
    assertThat(nodeEvents()).noneMatch(e -> e.contains("NodeNotSchedulable"));
    cluster.run(0.2);
    assertThat(nodeEvents())
        .contains("Normal NodeNotSchedulable Node node-1 status is now: NodeNotSchedulable");
    cordon(false);
    cluster.run(10);
    assertThat(nodeEvents())
        .last()
        .isEqualTo("Normal NodeSchedulable Node node-1 status is now: NodeSchedulable");
  }

  private void cordon(boolean unschedulable) {
    cluster.server.patch(
        ResourceType.NODES,
        NODE,
        node -> node.withSpec(node.spec().with("unschedulable", unschedulable)));
  }

  @Test
  void aRenewalOfThisVeryInstantDoesNotHideTheOneBefore() {
    cluster.run(40);
    assertThat(cluster.node().lastRenewNanos()).isEqualTo(30 * KubeletCluster.SECOND);
  }

  @Test
  void aNodeThatCrashedRenewsNothing() {
    cluster.run(34);
    cluster.node().crash();
    cluster.run(100);
    cluster.node().refresh();
    assertThat(cluster.node().lastRenewNanos()).isEqualTo(30 * KubeletCluster.SECOND);
    assertThat(cluster.server.get(LEASE).spec().get("renewTime"))
        .isEqualTo("2026-01-01T00:00:30.000000Z");
  }

  @Test
  void wl_NODE_07_aCrashIsNoticedAfterTheGracePeriod() {
    NodeLifecycleController controller =
        new NodeLifecycleController(
            cluster.server,
            name -> {
              Kubelet kubelet = cluster.kubelets.find(name);
              return kubelet == null ? -1 : kubelet.lastRenewNanos();
            });
    cluster.app("");
    cluster.run(63);
    cluster.node().crash();
    controller.stopped("node-1");
    double unknown =
        cluster.until(
            "unknown",
            c ->
                node()
                    .status()
                    .listOrEmpty("conditions")
                    .find("type", "Ready")
                    .get("status")
                    .equals("Unknown"));
    // The last renewal was at 60.
    assertThat(unknown).isBetween(110.0, 115.1);
    assertThat(cluster.ready()).isFalse();
    cluster.run(20);
    cluster.node().recover();
    controller.resumed("node-1");
    cluster.until(
        "ready",
        c ->
            node()
                .status()
                .listOrEmpty("conditions")
                .find("type", "Ready")
                .get("status")
                .equals("True"));
    cluster.untilReady();
    assertThat(cluster.restarts("c")).isEqualTo(1);
  }

  @Test
  void containersOfACrashedNodeAreFoundDeadWhenItReturns() {
    cluster.app("");
    cluster.run(10);
    String before = cluster.containerStatus("c").string("containerID", "");
    cluster.node().crash();
    cluster.run(30);
    assertThat(cluster.phase()).isEqualTo("Running");
    assertThat(cluster.kubelets.up(dev.wavetank.core.network.IpAddress.parse("192.168.65.10")))
        .isFalse();
    cluster.node().recover();
    cluster.until("runs again", c -> c.restarts("c") == 1 && c.ready());
    KubeMap last = cluster.containerStatus("c").mapOrEmpty("lastState").mapOrEmpty("terminated");
    assertThat(last.get("containerID")).isEqualTo(before);
    assertThat(last.get("exitCode")).isEqualTo(255L);
    assertThat(last.get("reason")).isEqualTo("Unknown");
    assertThat(cluster.status().get("podIP")).isEqualTo("10.1.0.3");
    assertThat(cluster.events())
        .contains("Normal SandboxChanged Pod sandbox changed, it will be killed and re-created.");
    assertThat(nodeEvents())
        .last()
        .asString()
        .startsWith("Warning Rebooted Node node-1 has been rebooted, boot id: ");
  }

  @Test
  void aPodWithNeverIsNotStartedAgainByANodeThatReturns() {
    cluster.pod(
        """
        restartPolicy: Never
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.run(10);
    cluster.node().crash();
    cluster.run(30);
    cluster.node().recover();
    cluster.until("failed", c -> c.phase().equals("Failed"));
    assertThat(cluster.restarts("c")).isZero();
  }

  @Test
  void aPodThatWasDeletedMeanwhileIsEndedWhenTheNodeReturns() {
    cluster.app("");
    cluster.run(10);
    cluster.node().crash();
    cluster.delete(-1);
    cluster.run(100);
    assertThat(cluster.find()).isNotNull();
    cluster.node().recover();
    cluster.until("gone", c -> c.find() == null);
    assertThat(cluster.node().container("default", "p", "c")).isNull();
  }

  @Test
  void nothingOfACrashedNodeGoesOn() {
    cluster.image("{image: big, size: 100M}");
    cluster.pod("{containers: [{name: c, image: big}]}");
    cluster.run(2);
    int commits = cluster.podCommits.size();
    cluster.node().crash();
    int events = cluster.eventObjects().size();
    cluster.run(600);
    assertThat(cluster.podCommits).hasSize(commits);
    assertThat(cluster.eventObjects()).hasSize(events);
    cluster.node().recover();
    cluster.until("runs", c -> c.phase().equals("Running"));
  }

  @Test
  void aCrashDuringTheTerminationDoesNotLoseThePod() {
    cluster.image("{image: stubborn, terminate: {ignore: true}}");
    cluster.pod("{containers: [{name: c, image: stubborn}]}");
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.delete(-1);
    cluster.run(5);
    cluster.node().crash();
    cluster.run(60);
    cluster.node().recover();
    cluster.until("gone", c -> c.find() == null);
  }

  @Test
  void aPodThatHadEndedKeepsItsStatus() {
    cluster.image("{image: job, exit: {after: 3s, code: 0}}");
    cluster.pod("{restartPolicy: Never, containers: [{name: c, image: job}]}");
    cluster.until("over", c -> c.phase().equals("Succeeded"));
    cluster.node().crash();
    cluster.run(10);
    cluster.node().recover();
    cluster.run(60);
    assertThat(cluster.phase()).isEqualTo("Succeeded");
    assertThat(cluster.restarts("c")).isZero();
  }
}
