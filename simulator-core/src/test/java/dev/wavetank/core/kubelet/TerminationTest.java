package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.Commit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How pods are stopped. */
class TerminationTest {

  private final KubeletCluster cluster = new KubeletCluster();

  private double untilGone() {
    return cluster.until("gone", c -> c.find() == null);
  }

  /** The last status that the pod had. */
  private KubeObject last() {
    List<Commit> commits = cluster.podCommits;
    for (int i = commits.size() - 1; i >= 0; i--) {
      KubeObject after = commits.get(i).after();
      if (after != null && after.name().equals("p")) {
        return after;
      }
    }
    throw new AssertionError("the pod never was");
  }

  private KubeMap lastState(String container) {
    KubeMap found = last().status().listOrEmpty("containerStatuses").find("name", container);
    if (found == null) {
      found = last().status().listOrEmpty("initContainerStatuses").find("name", container);
    }
    return found == null ? KubeMap.EMPTY : found.mapOrEmpty("state");
  }

  private long exitCode(String container) {
    return lastState(container).mapOrEmpty("terminated").number("exitCode", -1);
  }

  private String stubborn() {
    cluster.image("{image: stubborn, terminate: {ignore: true}}");
    return "stubborn";
  }

  @Test
  void wl_KUBELET_20_anApplicationThatListensToSigtermEndsAtOnce() {
    cluster.app("");
    cluster.run(10.5);
    cluster.delete(-1);
    assertThat(untilGone() - 10.5).isLessThan(1);
    assertThat(exitCode("c")).isZero();
  }

  @Test
  void wl_KUBELET_20_sigkillWhenTheGraceIsOver() {
    cluster.pod(
        "{terminationGracePeriodSeconds: 12, containers: [{name: c, image: " + stubborn() + "}]}");
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.run(5);
    double asked = cluster.now();
    cluster.delete(-1);
    assertThat(untilGone() - asked).isBetween(12.0, 13.1);
    assertThat(exitCode("c")).isEqualTo(137);
  }

  @Test
  void wl_KUBELET_20_anApplicationThatNeedsItsTimeGetsIt() {
    cluster.image("{image: tidy, terminate: {after: 8s, code: 143}}");
    cluster.pod("{containers: [{name: c, image: tidy}]}");
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.run(5);
    double asked = cluster.now();
    cluster.delete(-1);
    assertThat(untilGone() - asked).isBetween(8.0, 9.1);
    assertThat(exitCode("c")).isEqualTo(143);
  }

  @Test
  void wl_KUBELET_20_preStopRunsInsideTheGrace() {
    cluster.pod(
        """
        terminationGracePeriodSeconds: 20
        containers:
        - name: c
          image: %s
          lifecycle: {preStop: {sleep: {seconds: 5}}}
        """
            .formatted(stubborn()));
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.run(5);
    double asked = cluster.now();
    cluster.delete(-1);
    assertThat(untilGone() - asked).isBetween(20.0, 21.1);
  }

  @Test
  void wl_KUBELET_20_sigtermComesAfterThePreStopHook() {
    cluster.pod(
        """
        containers:
        - name: c
          image: app
          imagePullPolicy: IfNotPresent
          lifecycle: {preStop: {sleep: {seconds: 7}}}
        """);
    cluster.run(10.5);
    cluster.delete(-1);
    cluster.run(6.9);
    assertThat(cluster.running().running()).isTrue();
    assertThat(untilGone() - 10.5).isBetween(7.0, 8.0);
  }

  @Test
  void wl_KUBELET_20_atLeastTwoSecondsAreLeftAfterAPreStopHookThatTakesTooLong() {
    cluster.pod(
        """
        terminationGracePeriodSeconds: 5
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, infinity]
          lifecycle: {preStop: {exec: {command: [sleep, "60"]}}}
        """);
    cluster.run(10.5);
    cluster.delete(-1);
    // 5 s for the hook, then the 2 s that every container gets.
    assertThat(untilGone() - 10.5).isBetween(7.0, 8.1);
    assertThat(exitCode("c")).isEqualTo(137);
  }

  @Test
  void wl_KUBELET_20_preStopExecIsRunInTheContainer() {
    cluster.pod(
        """
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, infinity]
          lifecycle: {preStop: {exec: {command: [sh, -c, "echo bye > /tmp/said"]}}}
        """);
    cluster.run(10.5);
    var container = cluster.running();
    cluster.delete(1);
    untilGone();
    assertThat(container.file("/tmp/said")).isEqualTo("bye\n");
  }

  @Test
  void wl_KUBELET_20_preStopHttpIsAskedOfThePod() {
    cluster.image(
        "{image: web, ports: [{port: 80}], http: [{path: /quit, latency: 3s, body: bye}]}");
    cluster.pod(
        """
        containers:
        - name: c
          image: web
          lifecycle: {preStop: {httpGet: {port: 80, path: /quit}}}
        """);
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.run(5);
    double asked = cluster.now();
    cluster.delete(-1);
    assertThat(untilGone() - asked).isBetween(3.0, 4.1);
    assertThat(cluster.events()).noneMatch(e -> e.contains("FailedPreStopHook"));
  }

  @Test
  void wl_KUBELET_22_aPreStopHookThatFailsIsReportedAndNoObstacle() {
    cluster.pod(
        """
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, infinity]
          lifecycle: {preStop: {exec: {command: ["false"]}}}
        """);
    cluster.run(10.5);
    cluster.delete(3);
    assertThat(untilGone() - 10.5).isBetween(3.0, 4.1);
    assertThat(cluster.events()).contains("Warning FailedPreStopHook PreStopHook failed");
  }

  @Test
  void wl_KUBELET_22_aPostStartHookThatFailsKillsTheContainer() {
    cluster.pod(
        """
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, infinity]
          lifecycle: {postStart: {exec: {command: ["false"]}}}
        """);
    cluster.until("error", c -> c.waitingReason("c").equals("PostStartHookError"));
    assertThat(cluster.state("c").mapOrEmpty("waiting").string("message", ""))
        .isEqualTo(
            "Exec lifecycle hook ([false]) for Container \"c\" in Pod \"p_default("
                + cluster.get().uid()
                + ")\" failed - error: command 'false' exited with 1: , message: \"\"");
    assertThat(cluster.events())
        .contains(
            "Warning FailedPostStartHook PostStartHook failed",
            "Normal Killing FailedPostStartHook");
  }

  @Test
  void wl_KUBELET_22_thePodIsNotRunningBeforeThePostStartHookIsOver() {
    cluster.pod(
        """
        containers:
        - name: c
          image: app
          imagePullPolicy: IfNotPresent
          lifecycle: {postStart: {sleep: {seconds: 9}}}
        """);
    cluster.run(9);
    assertThat(cluster.phase()).isEqualTo("Pending");
    assertThat(cluster.until("runs", c -> c.phase().equals("Running"))).isBetween(9.2, 10.1);
  }

  @Test
  void wl_KUBELET_16_theKillingEvent() {
    cluster.app("");
    cluster.run(5);
    cluster.delete(-1);
    untilGone();
    assertThat(cluster.events()).last().isEqualTo("Normal Killing Stopping container c");
  }

  @Test
  void wl_KUBELET_19_sidecarsStopAfterTheRegularContainersInReverseOrder() {
    cluster.image("{image: tidy, terminate: {after: 4s, code: 0}}");
    cluster.pod(
        """
        initContainers:
        - {name: first, image: tidy, restartPolicy: Always}
        - {name: second, image: tidy, restartPolicy: Always}
        containers: [{name: c, image: tidy}]
        """);
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.run(5);
    double asked = cluster.now();
    cluster.delete(-1);
    List<Double> ends = new ArrayList<>();
    for (String name : List.of("c", "second", "first")) {
      ends.add(
          cluster.until(name + " ended", c -> c.node().container("default", "p", name) == null)
              - asked);
    }
    assertThat(ends).containsExactly(4.0, 8.0, 12.0);
  }

  @Test
  void wl_KUBELET_19_thePreStopHookOfASidecarRunsAtOnce() {
    cluster.image("{image: tidy, terminate: {after: 4s, code: 0}}");
    cluster.pod(
        """
        initContainers:
        - name: s
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, infinity]
          restartPolicy: Always
          lifecycle: {preStop: {exec: {command: [touch, /tmp/hook]}}}
        containers: [{name: c, image: tidy}]
        """);
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.run(5);
    cluster.delete(-1);
    cluster.run(1);
    assertThat(cluster.running("s").file("/tmp/hook")).isNotNull();
  }

  @Test
  void wl_KUBELET_19_theWaitForTurnEndsWithTheGrace() {
    cluster.pod(
        """
        terminationGracePeriodSeconds: 6
        initContainers:
        - {name: s, image: sidecar, imagePullPolicy: IfNotPresent, restartPolicy: Always}
        containers: [{name: c, image: %s}]
        """
            .formatted(stubborn()));
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.run(5);
    double asked = cluster.now();
    cluster.delete(-1);
    assertThat(untilGone() - asked).isBetween(6.0, 9.1);
  }

  @Test
  void wl_KUBELET_21_theGraceOfTheDeletionWins() {
    cluster.pod(
        "{terminationGracePeriodSeconds: 60, containers: [{name: c, image: " + stubborn() + "}]}");
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.run(5);
    double asked = cluster.now();
    cluster.delete(5);
    assertThat(untilGone() - asked).isBetween(5.0, 6.1);
  }

  @Test
  void wl_KUBELET_21_theGraceOfALivenessProbe() {
    cluster.image(
        "{image: sick, ports: [{port: 80}], http: [{path: /, status: 500}],"
            + " terminate: {ignore: true}}");
    cluster.pod(
        """
        terminationGracePeriodSeconds: 300
        containers:
        - name: c
          image: sick
          livenessProbe:
            httpGet: {port: 80}
            periodSeconds: 1
            failureThreshold: 1
            terminationGracePeriodSeconds: 4
        """);
    cluster.until("killing", c -> c.events().stream().anyMatch(e -> e.contains("Killing")));
    double killing = cluster.now();
    cluster.until("restarted", c -> c.restarts("c") == 1);
    assertThat(cluster.now() - killing).isBetween(4.0, 5.1);
  }

  @Test
  void wl_KUBELET_21_aSecondDeletionDoesNotHurryTheKill() {
    cluster.pod(
        "{terminationGracePeriodSeconds: 20, containers: [{name: c, image: " + stubborn() + "}]}");
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.run(5);
    double asked = cluster.now();
    cluster.delete(-1);
    cluster.run(3);
    cluster.delete(1);
    assertThat(untilGone() - asked).isBetween(20.0, 21.1);
  }

  @Test
  void wl_KUBELET_23_theFinalDeletionComesAfterALastStatus() {
    cluster.app("");
    cluster.run(10.5);
    cluster.delete(-1);
    untilGone();
    assertThat(last().status().get("phase")).isEqualTo("Succeeded");
    assertThat(lastState("c").has("terminated")).isTrue();
    assertThat(cluster.kubelets.up(dev.wavetank.core.network.IpAddress.parse("10.1.0.2")))
        .isFalse();
  }

  @Test
  void wl_KUBELET_23_aPodWithAFinalizerStaysUntilItIsTakenOut() {
    cluster.create(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, finalizers: [example.com/hold]}
        spec: {containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]}
        """);
    cluster.run(5);
    cluster.delete(-1);
    cluster.run(60);
    assertThat(cluster.phase()).isEqualTo("Succeeded");
    cluster.server.patch(
        KubeletCluster.key("p").type(),
        KubeletCluster.key("p"),
        pod -> pod.withMetadata(pod.metadata().without("finalizers")));
    assertThat(cluster.find()).isNull();
  }

  @Test
  void wl_KUBELET_24_forcedDeletionLeavesTheContainerRunning() {
    cluster.pod("{containers: [{name: c, image: " + stubborn() + "}]}");
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.run(5);
    double asked = cluster.now();
    cluster.delete(0);
    assertThat(cluster.find()).isNull();
    cluster.run(0.5);
    assertThat(cluster.running().running()).isTrue();
    double ended = cluster.until("ended", c -> c.node().container("default", "p", "c") == null);
    assertThat(ended - asked).as("the least grace period, and the relist").isBetween(1.0, 2.1);
  }

  @Test
  void aDeletionDuringTheImagePullWaitsForIt() {
    cluster.image("{image: big, size: 100M}");
    cluster.pod("{containers: [{name: c, image: big}]}");
    cluster.run(2);
    cluster.delete(-1);
    assertThat(untilGone()).isBetween(5.5, 8.0);
  }

  @Test
  void aContainerThatNeverStartedCountsAsLost() {
    cluster.images.absent("nope");
    cluster.pod("{containers: [{name: c, image: nope}]}");
    cluster.until("waits", c -> c.waitingReason("c").equals("ImagePullBackOff"));
    cluster.delete(-1);
    untilGone();
    assertThat(last().status().get("phase")).isEqualTo("Failed");
    assertThat(lastState("c").mapOrEmpty("terminated"))
        .isEqualTo(
            KubeMap.of(
                "exitCode",
                137,
                "message",
                "The container could not be located when the pod was terminated",
                "reason",
                "ContainerStatusUnknown"));
  }

  @Test
  void regularContainersOfAPodThatWasNotInitializedStayWaiting() {
    cluster.image("{image: setup, exit: {after: 60s, code: 0}, terminate: {code: 143}}");
    cluster.pod(
        """
        initContainers: [{name: i, image: setup}]
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.until("init runs", c -> c.state("i").has("running"));
    cluster.delete(1);
    untilGone();
    assertThat(lastState("c").has("waiting")).isTrue();
    assertThat(lastState("i").has("terminated")).isTrue();
    assertThat(last().status().get("phase")).isEqualTo("Failed");
  }

  @Test
  void aPodThatIsDeletedBeforeItsNodeSawItIsEndedWithoutAStart() {
    cluster.node().crash();
    cluster.create(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, annotations: {example.com/node: node-1}}
        spec: {containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]}
        """);
    cluster.run(5);
    cluster.delete(5);
    cluster.node().recover();
    assertThat(untilGone()).isLessThan(7);
    assertThat(cluster.events()).isEmpty();
    assertThat(last().status().get("phase")).isEqualTo("Failed");
  }
}
