package dev.wavetank.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import org.junit.jupiter.api.Test;

/** The condition and the event of a pod that fits nowhere, word by word. */
class FailedSchedulingTest {

  private static final String SUFFIX = " no new claims to deallocate, preemption: 0/";

  private static String notHelpful(int nodes) {
    return SUFFIX
        + nodes
        + " nodes are available: "
        + nodes
        + " Preemption is not helpful for scheduling.";
  }

  private static String noVictims(int nodes) {
    return SUFFIX
        + nodes
        + " nodes are available: "
        + nodes
        + " No preemption victims found for incoming pod.";
  }

  private static String message(TestCluster cluster, String pod) {
    KubeMap condition = cluster.podScheduled(pod);
    assertThat(condition).as("condition PodScheduled of %s", pod).isNotNull();
    return condition.string("message", "");
  }

  private static TestCluster pending(TestCluster cluster, String cpu, String memory, String spec) {
    return cluster.run(0.1).apply(TestCluster.podManifest("web", cpu, memory, spec)).run(1);
  }

  @Test
  void wl_FAIL_01_conditionAndEventCarryTheSameMessage() {
    TestCluster cluster = new TestCluster().node("node-1", "2", "8Gi").node("node-2", "2", "8Gi");
    pending(cluster, "4", "1Gi", "");
    String message = "0/2 nodes are available: 2 Insufficient cpu." + notHelpful(2);
    KubeMap condition = cluster.podScheduled("web");
    assertThat(condition.string("status")).isEqualTo("False");
    assertThat(condition.string("reason")).isEqualTo("Unschedulable");
    assertThat(condition.string("message")).isEqualTo(message);
    assertThat(condition.number("observedGeneration", 0)).isEqualTo(1);
    assertThat(cluster.eventsOf("web")).containsExactly("Warning FailedScheduling web: " + message);
  }

  @Test
  void wl_FAIL_01_reasonsAreSortedAsText() {
    TestCluster cluster = new TestCluster();
    for (int i = 1; i <= 10; i++) {
      cluster.node("small-" + i, "1", "8Gi");
    }
    for (int i = 1; i <= 2; i++) {
      cluster.apply(
          TestCluster.nodeManifest("tainted-" + i, "8", "8Gi", "")
              + "spec: {taints: [{key: a, effect: NoSchedule}]}\n");
    }
    pending(cluster, "4", "1Gi", "");
    assertThat(message(cluster, "web"))
        .startsWith(
            "0/12 nodes are available: 10 Insufficient cpu, 2 node(s) had untolerated taint(s).");
  }

  @Test
  void wl_FAIL_01_withoutNodesThereIsNothingToCount() {
    TestCluster cluster = pending(new TestCluster(), "1", "1Gi", "");
    assertThat(message(cluster, "web")).isEqualTo("no nodes available to schedule pods");
  }

  @Test
  void wl_FAIL_01_anEventIsCutAndTheConditionIsNot() {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      requests.append(", \"example.com/rather-long-name-of-a-resource-").append(i).append("\": 1");
    }
    TestCluster cluster = new TestCluster().node("node-1", "2", "8Gi");
    cluster
        .apply(
            TestCluster.podManifest("web", "1", "1Gi", "")
                .replace("memory: 1Gi}", "memory: 1Gi" + requests + "}")
                .replace("requests:", "limits: {" + requests.substring(2) + "}, requests:"))
        .run(1);
    String message = message(cluster, "web");
    assertThat(message.length()).isGreaterThan(1024);
    String event = cluster.eventsOf("web").get(0);
    String note = event.substring("Warning FailedScheduling web: ".length());
    assertThat(note).isEqualTo(message.substring(0, 1020) + " ...").hasSize(1024);
  }

  @Test
  void wl_FAIL_02_aNodeMayLackSeveralThings() {
    TestCluster cluster = new TestCluster().node("node-1", "1", "1Gi");
    pending(cluster, "2", "2Gi", "");
    assertThat(message(cluster, "web"))
        .isEqualTo(
            "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory." + notHelpful(1));
  }

  @Test
  void wl_FAIL_02_tooManyPods() {
    TestCluster cluster = new TestCluster();
    cluster.apply(TestCluster.nodeManifest("node-1", "8", "8Gi", "").replace("\"110\"", "\"1\""));
    cluster.pod("first", "1", "1Gi").run(1);
    pending(cluster, "1", "1Gi", "");
    assertThat(message(cluster, "web"))
        .isEqualTo("0/1 nodes are available: 1 Too many pods." + noVictims(1));
  }

  @Test
  void wl_FAIL_02_ephemeralStorageAndExtendedResources() {
    TestCluster cluster = new TestCluster().node("node-1", "8", "8Gi");
    cluster
        .apply(
            TestCluster.podManifest("web", "1", "1Gi", "")
                .replace(
                    "{requests: {",
                    "{limits: {example.com/gpu: 1}, requests: {ephemeral-storage: 1Gi,"
                        + " example.com/gpu: 1, "))
        .run(1);
    assertThat(message(cluster, "web"))
        .isEqualTo(
            "0/1 nodes are available: 1 Insufficient ephemeral-storage, 1 Insufficient"
                + " example.com/gpu."
                + notHelpful(1));
  }

  @Test
  void wl_FAIL_03_untoleratedTaint() {
    TestCluster cluster = new TestCluster();
    cluster.apply(
        TestCluster.nodeManifest("node-1", "8", "8Gi", "")
            + "spec: {taints: [{key: dedicated, value: db, effect: NoSchedule}]}\n");
    pending(cluster, "1", "1Gi", "");
    assertThat(message(cluster, "web"))
        .isEqualTo("0/1 nodes are available: 1 node(s) had untolerated taint(s)." + notHelpful(1));
  }

  @Test
  void wl_FAIL_04_nodeSelectorAndAffinity() {
    TestCluster cluster = new TestCluster().node("node-1", "8", "8Gi");
    pending(cluster, "1", "1Gi", "  nodeSelector: {disk: ssd}");
    assertThat(message(cluster, "web"))
        .isEqualTo(
            "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."
                + notHelpful(1));
  }

  @Test
  void wl_FAIL_04_unschedulableNode() {
    TestCluster cluster = new TestCluster();
    cluster.apply(
        TestCluster.nodeManifest("node-1", "8", "8Gi", "") + "spec: {unschedulable: true}\n");
    pending(cluster, "1", "1Gi", "");
    assertThat(message(cluster, "web"))
        .isEqualTo("0/1 nodes are available: 1 node(s) were unschedulable." + notHelpful(1));
  }

  @Test
  void wl_FAIL_04_hostPorts() {
    TestCluster cluster = new TestCluster().node("node-1", "8", "8Gi");
    String port =
        TestCluster.podManifest("web", "1", "1Gi", "")
            .replace("resources:", "ports: [{containerPort: 80, hostPort: 80}]\n    resources:");
    cluster.apply(port.replace("name: web", "name: first")).run(1);
    cluster.apply(port).run(1);
    assertThat(message(cluster, "web"))
        .isEqualTo(
            "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod"
                + " ports."
                + noVictims(1));
  }

  @Test
  void wl_FAIL_07_preemptionSaysWhyItDoesNotHelpOnEachNode() {
    TestCluster cluster =
        new TestCluster().node("full", "4", "8Gi").pod("first", "3", "1Gi").run(1);
    cluster.apply(
        TestCluster.nodeManifest("tainted", "8", "8Gi", "")
            + "spec: {taints: [{key: a, effect: NoSchedule}]}\n");
    pending(cluster, "2", "1Gi", "");
    assertThat(message(cluster, "web"))
        .isEqualTo(
            "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s)."
                + " no new claims to deallocate, preemption: 0/2 nodes are available: 1 No"
                + " preemption victims found for incoming pod, 1 Preemption is not helpful for"
                + " scheduling.");
  }

  @Test
  void aPodThatFitsLaterIsScheduledWhenANodeComes() {
    TestCluster cluster = new TestCluster().node("small", "1", "8Gi");
    pending(cluster, "4", "1Gi", "");
    assertThat(cluster.nodeOf("web")).isEmpty();
    cluster.node("large", "8", "8Gi").run(3);
    assertThat(cluster.nodeOf("web")).isEqualTo("large");
    assertThat(cluster.podScheduled("web").string("status")).isEqualTo("True");
  }
}
