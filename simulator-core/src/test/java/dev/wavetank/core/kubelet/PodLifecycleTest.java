package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Timestamps;
import org.junit.jupiter.api.Test;

/** From a bound pod to a running one, and to its natural end. */
class PodLifecycleTest {

  private final KubeletCluster cluster = new KubeletCluster();

  private static String condition(KubeObject pod, String type) {
    KubeMap found = pod.status().listOrEmpty("conditions").find("type", type);
    return found == null
        ? "-"
        : String.join("/", found.string("status", ""), found.string("reason", ""));
  }

  @Test
  void wl_KUBELET_01_conditionsOfAPodThatIsBeingCreated() {
    cluster.app("");
    cluster.run(0.1);
    assertThat(cluster.status().listOrEmpty("conditions"))
        .extracting(condition -> ((KubeMap) condition).get("type"))
        .containsExactly(
            "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");
    assertThat(condition(cluster.get(), "PodReadyToStartContainers")).isEqualTo("False/");
    assertThat(condition(cluster.get(), "Initialized")).isEqualTo("True/");
    assertThat(condition(cluster.get(), "Ready")).isEqualTo("False/ContainersNotReady");
    assertThat(condition(cluster.get(), "PodScheduled")).isEqualTo("True/");
  }

  @Test
  void wl_KUBELET_01_theSandboxIsReportedBeforeTheImageIsPulled() {
    cluster.app("").clearImages();
    cluster.run(0.3);
    assertThat(condition(cluster.get(), "PodReadyToStartContainers")).isEqualTo("True/");
    assertThat(cluster.phase()).isEqualTo("Pending");
    assertThat(cluster.status().has("podIP")).isFalse();
  }

  @Test
  void wl_KUBELET_01_everyConditionHasTheObservedGeneration() {
    cluster.app("");
    cluster.run(5);
    assertThat(cluster.status().get("observedGeneration")).isEqualTo(1L);
    assertThat(cluster.status().listOrEmpty("conditions"))
        .allSatisfy(c -> assertThat(((KubeMap) c).get("observedGeneration")).isEqualTo(1L));
  }

  @Test
  void wl_KUBELET_02_containersNotReadyNamesThem() {
    cluster.pod(
        """
        containers:
        - {name: b, image: app, imagePullPolicy: IfNotPresent}
        - {name: a, image: app, imagePullPolicy: IfNotPresent}
        """);
    cluster.run(0.1);
    assertThat(cluster.condition("ContainersReady").get("reason")).isEqualTo("ContainersNotReady");
    assertThat(cluster.condition("ContainersReady").get("message"))
        .isEqualTo("containers with unready status: [b a]");
    assertThat(cluster.condition("Ready").get("message"))
        .isEqualTo("containers with unready status: [b a]");
  }

  @Test
  void wl_KUBELET_02_aPodThatSucceededIsNotReadyForItCompleted() {
    cluster.image("{image: job, exit: {after: 3s, code: 0}}");
    cluster.pod("{restartPolicy: Never, containers: [{name: c, image: job}]}");
    cluster.until("over", c -> c.phase().equals("Succeeded"));
    assertThat(condition(cluster.get(), "Ready")).isEqualTo("False/PodCompleted");
    assertThat(condition(cluster.get(), "ContainersReady")).isEqualTo("False/PodCompleted");
    assertThat(condition(cluster.get(), "Initialized")).isEqualTo("True/PodCompleted");
  }

  @Test
  void wl_KUBELET_02_aPodThatFailedIsNotReadyForItFailed() {
    cluster.image("{image: job, exit: {after: 3s, code: 2}}");
    cluster.pod("{restartPolicy: Never, containers: [{name: c, image: job}]}");
    cluster.until("over", c -> c.phase().equals("Failed"));
    assertThat(condition(cluster.get(), "Ready")).isEqualTo("False/PodFailed");
    assertThat(condition(cluster.get(), "ContainersReady")).isEqualTo("False/PodFailed");
  }

  @Test
  void wl_KUBELET_03_readinessGatesHoldReadyBack() {
    cluster.pod(
        """
        readinessGates: [{conditionType: example.com/x}]
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.run(5);
    assertThat(condition(cluster.get(), "ContainersReady")).isEqualTo("True/");
    assertThat(condition(cluster.get(), "Ready")).isEqualTo("False/ReadinessGatesNotReady");
    assertThat(cluster.condition("Ready").get("message"))
        .isEqualTo(
            "corresponding condition of pod readiness gate \"example.com/x\" does not exist.");
  }

  @Test
  void wl_KUBELET_03_aReadinessGateOpens() {
    cluster.pod(
        """
        readinessGates: [{conditionType: example.com/x}]
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.run(5);
    cluster.server.patchStatus(
        KubeletCluster.key("p"),
        status ->
            status.with(
                "conditions",
                status
                    .listOrEmpty("conditions")
                    .plus(KubeMap.of("type", "example.com/x", "status", "True"))));
    assertThat(cluster.untilReady()).isLessThan(7);
    assertThat(cluster.condition("example.com/x").get("status")).isEqualTo("True");
  }

  @Test
  void wl_KUBELET_04_pendingUntilEveryContainerHasStarted() {
    cluster.app("");
    assertThat(cluster.until("running", c -> c.phase().equals("Running"))).isEqualTo(0.25);
    assertThat(cluster.history(KubeletPhases::of))
        .containsExactly(
            "0.000 Pending", "0.000 Pending", "0.000 Pending", "0.200 Pending", "0.250 Running");
  }

  @Test
  void wl_KUBELET_04_runningWhileAContainerIsRestarted() {
    cluster.image("{image: flaky, exit: {after: 5s, code: 1}}");
    cluster.pod("{containers: [{name: c, image: flaky}]}");
    cluster.run(300);
    assertThat(cluster.restarts("c")).isGreaterThan(2);
    assertThat(cluster.history(KubeletPhases::of)).last().asString().endsWith("Running");
  }

  @Test
  void wl_KUBELET_04_succeededWhenAllExitedWithZero() {
    cluster.image("{image: short, exit: {after: 2s, code: 0}}");
    cluster.image("{image: long, exit: {after: 20s, code: 0}}");
    cluster.pod(
        """
        restartPolicy: OnFailure
        containers: [{name: a, image: short}, {name: b, image: long}]
        """);
    cluster.run(20);
    assertThat(cluster.phase()).isEqualTo("Running");
    cluster.until("succeeded", c -> c.phase().equals("Succeeded"));
    assertThat(cluster.find()).isNotNull();
  }

  @Test
  void wl_KUBELET_05_waitingAsContainerCreating() {
    cluster.app("");
    cluster.run(0.1);
    assertThat(cluster.state("c")).isEqualTo(KubeMap.of("waiting", reason("ContainerCreating")));
  }

  @Test
  void wl_KUBELET_05_waitingAsPodInitializingWithInitContainers() {
    cluster.image("{image: setup, exit: {after: 5s, code: 0}}");
    cluster.pod(
        """
        initContainers: [{name: i, image: setup}]
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.run(0.1);
    assertThat(cluster.state("c")).isEqualTo(KubeMap.of("waiting", reason("PodInitializing")));
    assertThat(cluster.state("i")).isEqualTo(KubeMap.of("waiting", reason("PodInitializing")));
  }

  private static KubeMap reason(String reason) {
    return KubeMap.of("reason", reason);
  }

  @Test
  void wl_KUBELET_06_howAContainerEnded() {
    cluster.image("{image: job, exit: {after: 3s, code: 7}}");
    cluster.pod("{restartPolicy: Never, containers: [{name: c, image: job}]}");
    cluster.until("over", c -> c.state("c").has("terminated"));
    KubeMap terminated = cluster.state("c").mapOrEmpty("terminated");
    assertThat(terminated.get("exitCode")).isEqualTo(7L);
    assertThat(terminated.get("reason")).isEqualTo("Error");
    assertThat(terminated.get("containerID"))
        .isEqualTo(cluster.containerStatus("c").get("containerID"));
    assertThat(terminated.get("finishedAt"))
        .isEqualTo(
            Timestamps.seconds(Timestamps.parse(terminated.get("startedAt")).plusSeconds(3)));
  }

  @Test
  void wl_KUBELET_06_outOfMemoryIsExitCode137() {
    cluster.image("{image: hungry, memory: [{at: 0s, amount: 10Mi}, {at: 4s, amount: 200Mi}]}");
    cluster.pod(
        """
        restartPolicy: Never
        containers: [{name: c, image: hungry, resources: {limits: {memory: 100Mi}}}]
        """);
    cluster.until("over", c -> c.phase().equals("Failed"));
    KubeMap terminated = cluster.state("c").mapOrEmpty("terminated");
    assertThat(terminated.get("exitCode")).isEqualTo(137L);
    assertThat(terminated.get("reason")).isEqualTo("OOMKilled");
  }

  @Test
  void wl_KUBELET_06_theTerminationMessage() {
    cluster.pod(
        """
        restartPolicy: Never
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sh, -c, "echo no money > /dev/termination-log; exit 3"]
        """);
    cluster.until("over", c -> c.phase().equals("Failed"));
    assertThat(cluster.state("c").mapOrEmpty("terminated").get("message")).isEqualTo("no money\n");
  }

  @Test
  void wl_KUBELET_06_theEndOfTheLogAsTerminationMessage() {
    cluster.pod(
        """
        restartPolicy: Never
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          terminationMessagePolicy: FallbackToLogsOnError
          command: [sh, -c, "echo going down; exit 3"]
        """);
    cluster.until("over", c -> c.phase().equals("Failed"));
    assertThat(cluster.state("c").mapOrEmpty("terminated").get("message"))
        .isEqualTo("going down\n");
  }

  @Test
  void wl_KUBELET_06_aProgramThatIsNotThereIsAStartError() {
    cluster.pod(
        """
        restartPolicy: Never
        containers:
        - {name: c, image: busybox, imagePullPolicy: IfNotPresent, command: [serve]}
        """);
    cluster.until("over", c -> c.phase().equals("Failed"));
    KubeMap terminated = cluster.state("c").mapOrEmpty("terminated");
    assertThat(terminated.get("reason")).isEqualTo("StartError");
    assertThat(terminated.get("exitCode")).isEqualTo(128L);
    assertThat(terminated.get("startedAt")).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(terminated.string("message", ""))
        .endsWith("exec: \"serve\": executable file not found in $PATH: unknown");
  }

  @Test
  void wl_KUBELET_07_alwaysRestartsAfterSuccessToo() {
    cluster.image("{image: job, exit: {after: 3s, code: 0}}");
    cluster.pod("{restartPolicy: Always, containers: [{name: c, image: job}]}");
    cluster.until("restarted", c -> c.hasStatus("c") && c.restarts("c") == 1);
    assertThat(cluster.containerStatus("c").mapOrEmpty("lastState").mapOrEmpty("terminated"))
        .satisfies(last -> assertThat(last.get("reason")).isEqualTo("Completed"));
  }

  @Test
  void wl_KUBELET_07_onFailureRestartsUntilSuccess() {
    cluster.image("{image: job, exit: {after: 3s, code: 1}}");
    cluster.pod("{restartPolicy: OnFailure, containers: [{name: c, image: job}]}");
    cluster.until("restarted", c -> c.hasStatus("c") && c.restarts("c") == 2);
    cluster.image("{image: job, exit: {after: 3s, code: 0}}");
    cluster.until("succeeded", c -> c.phase().equals("Succeeded"));
    assertThat(cluster.restarts("c")).isEqualTo(3);
  }

  @Test
  void wl_KUBELET_07_neverRestartsNever() {
    cluster.image("{image: job, exit: {after: 3s, code: 1}}");
    cluster.pod("{restartPolicy: Never, containers: [{name: c, image: job}]}");
    cluster.run(120);
    assertThat(cluster.phase()).isEqualTo("Failed");
    assertThat(cluster.restarts("c")).isZero();
  }

  @Test
  void wl_KUBELET_07_theRestartPolicyOfAContainerWinsOverThePods() {
    cluster.image("{image: job, exit: {after: 3s, code: 1}}");
    cluster.pod(
        """
        restartPolicy: Never
        containers:
        - {name: c, image: job, restartPolicy: Always}
        - {name: d, image: job}
        """);
    cluster.run(60);
    assertThat(cluster.restarts("c")).isPositive();
    assertThat(cluster.restarts("d")).isZero();
    assertThat(cluster.phase()).isEqualTo("Running");
  }

  @Test
  void wl_KUBELET_07_restartPolicyRulesByExitCode() {
    cluster.image("{image: job, exit: {after: 3s, code: 42}}");
    cluster.pod(
        """
        restartPolicy: Never
        containers:
        - name: c
          image: job
          restartPolicy: Never
          restartPolicyRules:
          - {action: Restart, exitCodes: {operator: In, values: [42]}}
        """);
    cluster.run(60);
    assertThat(cluster.restarts("c")).isPositive();
  }

  @Test
  void wl_EVT_05_theEventsOfAPodThatStarts() {
    cluster.pod("{containers: [{name: c, image: nginx}]}");
    cluster.run(20);
    assertThat(cluster.events())
        .containsExactly(
            "Normal Pulling Pulling image \"nginx\"",
            "Normal Pulled Successfully pulled image \"nginx\" in 4.17s (4.17s including waiting)."
                + " Image size: 73400320 bytes.",
            "Normal Created Container created",
            "Normal Started Container started");
    assertThat(cluster.eventObjects())
        .filteredOn(e -> e.root().mapOrEmpty("involvedObject").get("name").equals("p"))
        .allSatisfy(
            e -> {
              assertThat(e.root().mapOrEmpty("involvedObject").get("fieldPath"))
                  .isEqualTo("spec.containers{c}");
              assertThat(e.root().get("source"))
                  .isEqualTo(KubeMap.of("component", "kubelet", "host", "node-1"));
            });
  }

  @Test
  void wl_KUBELET_15_createdAndStartedNameNoContainer() {
    cluster.app("");
    cluster.run(5);
    assertThat(cluster.events())
        .contains("Normal Created Container created", "Normal Started Container started");
  }

  @Test
  void theAddressOfThePodFollowsItsSandbox() {
    cluster.app("");
    cluster.run(5);
    assertThat(cluster.status().get("podIP")).isEqualTo("10.1.0.2");
    assertThat(cluster.status().get("hostIP")).isEqualTo("192.168.65.10");
    assertThat(cluster.kubelets.sandbox(cluster.running().sandbox().ip()))
        .isSameAs(cluster.running().sandbox());
  }

  @Test
  void requestsOfThePodAreReportedForTheContainerAndThePod() {
    cluster.pod(
        """
        containers:
        - name: a
          image: app
          imagePullPolicy: IfNotPresent
          resources: {requests: {cpu: 250m, memory: 64Mi}, limits: {memory: 64Mi}}
        - name: b
          image: app
          imagePullPolicy: IfNotPresent
          resources: {requests: {cpu: 250m}}
        """);
    cluster.run(5);
    assertThat(cluster.containerStatus("a").get("allocatedResources"))
        .isEqualTo(KubeMap.of("cpu", "250m", "memory", "64Mi"));
    assertThat(cluster.status().get("allocatedResources"))
        .isEqualTo(KubeMap.of("cpu", "500m", "memory", "64Mi"));
    assertThat(cluster.status().get("resources"))
        .isEqualTo(
            KubeMap.of(
                "limits", KubeMap.of("memory", "64Mi"),
                "requests", KubeMap.of("cpu", "500m", "memory", "64Mi")));
  }
}
