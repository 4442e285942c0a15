package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.sim.Choices;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Startup, readiness and liveness probes: when they run and what follows. */
class ProbesTest {

  private final KubeletCluster cluster = new KubeletCluster();
  private final ScriptedServer app = new ScriptedServer();

  /** When container {@code c} started; its ages count from there. */
  private double started;

  private void start(String more) {
    cluster.images.behave("app", container -> app);
    cluster.app(more);
    cluster.until("runs", c -> c.node().container("default", "p", "c") != null);
    started = cluster.now();
  }

  private List<Double> times(String path) {
    return app.times(path).stream().map(age -> age + started).toList();
  }

  @Test
  void wl_PROBE_01_theFirstReadinessProbeIsAtOnceAndThenOneEachPeriod() {
    start("readinessProbe: {httpGet: {path: /r, port: 80}, periodSeconds: 7}");
    cluster.run(30);
    assertThat(times("/r").stream().distinct()).containsExactly(0.25, 7.25, 14.25, 21.25, 28.25);
  }

  @Test
  void wl_PROBE_01_aYoungKubeletWaitsAPartOfThePeriodFirst() {
    KubeletCluster young = new KubeletCluster(Choices.seeded(3), KubeletCluster.FRESH);
    young.join(
        NodeConfig.of(
                "node-1",
                dev.wavetank.core.network.IpAddress.parse("192.168.65.10"),
                dev.wavetank.core.network.IpAddress.parse("10.1.0.0"))
            .withImages(com.google.common.collect.ImmutableList.of("app"))
            .withUptimeNanos(0));
    young.images.behave("app", container -> app);
    young.app("livenessProbe: {httpGet: {path: /l, port: 80}, periodSeconds: 100}");
    young.run(300);
    double first = app.times("/l").get(0);
    assertThat(first).isBetween(0.0, 100.0);
    assertThat(app.times("/l").get(1) - first).isCloseTo(100, within(1e-6));
    assertThat(first % 10).isNotCloseTo(0, within(1e-3));
  }

  @Test
  void wl_PROBE_02_ticksCountFromTheWorkersStartNotTheContainers() {
    start("livenessProbe: {httpGet: {path: /l, port: 80}, periodSeconds: 7}");
    cluster.run(30);
    assertThat(times("/l")).containsExactly(7.0, 14.0, 21.0, 28.0);
  }

  @Test
  void wl_PROBE_02_theInitialDelayCountsWholeSecondsOfTheReportedStart() {
    start(
        "livenessProbe: {httpGet: {path: /l, port: 80}, periodSeconds: 5,"
            + " initialDelaySeconds: 10}");
    cluster.run(17);
    // Started at 0.25, reported as 0: at 10 the delay is over.
    assertThat(times("/l")).containsExactly(10.0, 15.0);
  }

  @Test
  void wl_PROBE_03_readinessBeginsAsFailureAndLivenessAsSuccess() {
    app.open = false;
    start(
        """
        readinessProbe: {httpGet: {path: /r, port: 80}, failureThreshold: 100}
        livenessProbe: {httpGet: {path: /l, port: 80}, failureThreshold: 100}
        """);
    cluster.run(60);
    assertThat(cluster.containerStatus("c").get("ready")).isEqualTo(false);
    assertThat(cluster.restarts("c")).isZero();
  }

  @Test
  void wl_PROBE_03_belowTheThresholdNothingChanges() {
    start(
        "readinessProbe: {httpGet: {path: /r, port: 80}, periodSeconds: 5, failureThreshold: 3,"
            + " successThreshold: 2}");
    cluster.untilReady();
    assertThat(cluster.now()).isCloseTo(1.0, within(0.1));
    double broken = cluster.now();
    app.answer = (request, age) -> ScriptedServer.status(503);
    double unready = cluster.until("not ready", c -> !c.ready());
    // The next three probes fail.
    assertThat(unready - broken).isBetween(10.0, 15.1);
    app.answer = (request, age) -> ScriptedServer.status(200);
    double ready = cluster.untilReady();
    assertThat(ready - unready).isBetween(1.0, 10.1);
    int count = times("/r").size();
    cluster.run(20);
    assertThat(times("/r").size() - count).isEqualTo(4);
  }

  @Test
  void wl_PROBE_04_untilTheStartupProbeSucceedsOthersDoNotRun() {
    app.answer =
        (request, age) ->
            ScriptedServer.status(request.path().equals("/s") && age < 25 ? 500 : 200);
    start(
        """
        startupProbe: {httpGet: {path: /s, port: 80}, failureThreshold: 10}
        readinessProbe: {httpGet: {path: /r, port: 80}}
        livenessProbe: {httpGet: {path: /l, port: 80}}
        """);
    cluster.run(5);
    assertThat(cluster.containerStatus("c").get("started")).isEqualTo(false);
    cluster.untilReady();
    assertThat(cluster.now()).isBetween(30.0, 30.1);
    assertThat(times("/s")).containsExactly(10.0, 20.0, 30.0);
    assertThat(times("/l")).allMatch(time -> time >= 30);
    assertThat(times("/r")).allMatch(time -> time >= 30);
    assertThat(cluster.containerStatus("c").get("started")).isEqualTo(true);
    cluster.run(50);
    assertThat(times("/s")).hasSize(3);
  }

  @Test
  void wl_PROBE_04_withoutAStartupProbeAContainerThatRunsHasStarted() {
    start("");
    cluster.run(0.1);
    assertThat(cluster.containerStatus("c").get("started")).isEqualTo(true);
    assertThat(cluster.containerStatus("c").get("ready")).isEqualTo(true);
  }

  @Test
  void wl_PROBE_04_aStartupProbeThatFailsForGoodKillsTheContainer() {
    app.answer = (request, age) -> ScriptedServer.status(500);
    start("startupProbe: {httpGet: {path: /s, port: 80}, periodSeconds: 5, failureThreshold: 3}");
    cluster.until("restarted", c -> c.restarts("c") == 1);
    assertThat(cluster.now()).isBetween(15.0, 16.1);
    assertThat(cluster.events())
        .contains("Normal Killing Container c failed startup probe, will be restarted");
  }

  @Test
  void wl_PROBE_05_theKilledContainerIsNotProbedUntilAnotherRuns() {
    app.answer = (request, age) -> ScriptedServer.status(500);
    app.terminate = new dev.wavetank.core.container.Exit(25 * KubeletCluster.SECOND, 0, "");
    start("livenessProbe: {httpGet: {path: /l, port: 80}, periodSeconds: 5, failureThreshold: 2}");
    cluster.until("killing", c -> c.events().stream().anyMatch(e -> e.contains("Killing")));
    int asked = app.asked.size();
    assertThat(cluster.events())
        .contains("Normal Killing Container c failed liveness probe, will be restarted");
    cluster.run(24);
    assertThat(app.asked).hasSize(asked);
    cluster.until("restarted", c -> c.restarts("c") == 1);
    cluster.until("probed again", c -> app.asked.size() > asked);
  }

  @Test
  void wl_PROBE_05_restartsAfterKillsBackOff() {
    app.answer = (request, age) -> ScriptedServer.status(500);
    start("livenessProbe: {httpGet: {path: /l, port: 80}, periodSeconds: 1, failureThreshold: 1}");
    cluster.until("backs off", c -> c.waitingReason("c").equals("CrashLoopBackOff"));
    assertThat(cluster.restarts("c")).isBetween(2L, 3L);
  }

  @Test
  void wl_PROBE_05_withNeverThePodEnds() {
    app.answer = (request, age) -> ScriptedServer.status(500);
    cluster.images.behave("app", container -> app);
    cluster.pod(
        """
        restartPolicy: Never
        containers:
        - name: c
          image: app
          imagePullPolicy: IfNotPresent
          livenessProbe: {httpGet: {port: 80}, periodSeconds: 2}
        """);
    cluster.until("over", c -> c.phase().equals("Succeeded") || c.phase().equals("Failed"));
    assertThat(cluster.events())
        .filteredOn(e -> e.contains("Killing"))
        .containsExactly("Normal Killing Stopping container c");
  }

  @Test
  void wl_PROBE_06_readinessFailureFlipsReadyAndNothingElse() {
    start("readinessProbe: {httpGet: {path: /r, port: 80}, periodSeconds: 2, failureThreshold: 2}");
    cluster.untilReady();
    app.answer = (request, age) -> ScriptedServer.status(500);
    cluster.until("not ready", c -> !c.ready());
    cluster.run(300);
    assertThat(cluster.restarts("c")).isZero();
    assertThat(cluster.phase()).isEqualTo("Running");
    assertThat(cluster.condition("ContainersReady").get("status")).isEqualTo("False");
  }

  @Test
  void wl_PROBE_06_aContainerThatDoesNotRunIsNotReady() {
    start("readinessProbe: {httpGet: {path: /r, port: 80}}");
    cluster.untilReady();
    cluster.running().kill();
    cluster.until("noticed", c -> !c.ready());
    cluster.untilReady();
    assertThat(cluster.restarts("c")).isEqualTo(1);
  }

  @Test
  void wl_PROBE_07_eachSyncAsksAContainerThatIsNotReadyAtOnce() {
    app.answer = (request, age) -> ScriptedServer.status(500);
    start("readinessProbe: {httpGet: {path: /r, port: 80}, periodSeconds: 50}");
    cluster.run(20);
    int before = times("/r").size();
    cluster.server.patch(
        KubeletCluster.key("p").type(),
        KubeletCluster.key("p"),
        pod ->
            pod.withMetadata(
                pod.metadata().with("labels", dev.wavetank.core.api.KubeMap.of("a", "b"))));
    double changed = cluster.now();
    cluster.run(60);
    assertThat(times("/r").subList(before, times("/r").size()))
        .containsExactly(changed, changed + 50);
  }

  @Test
  void wl_PROBE_08_deletionStopsLivenessButNotReadiness() {
    app.terminate = new dev.wavetank.core.container.Exit(20 * KubeletCluster.SECOND, 0, "");
    start(
        """
        readinessProbe: {httpGet: {path: /r, port: 80}, periodSeconds: 2, failureThreshold: 1}
        livenessProbe: {httpGet: {path: /l, port: 80}, periodSeconds: 2, failureThreshold: 1}
        """);
    cluster.run(10);
    app.answer = (request, age) -> ScriptedServer.status(500);
    int lives = times("/l").size();
    cluster.delete(-1);
    cluster.run(5);
    assertThat(times("/l")).hasSize(lives);
    assertThat(cluster.ready()).isFalse();
    assertThat(cluster.events()).noneMatch(e -> e.contains("failed liveness"));
  }

  @Test
  void wl_PROBE_09_anErrorIsTriedThreeTimesAndCountsAsNothing() {
    app.exitCode = ProgramOutput.NOT_STARTED;
    start("livenessProbe: {exec: {command: [check]}, periodSeconds: 5, failureThreshold: 1}");
    cluster.run(5);
    assertThat(app.commands).hasSize(3);
    assertThat(cluster.events())
        .contains(
            "Warning Unhealthy Liveness probe errored and resulted in unknown state: rpc error:"
                + " code = Unknown desc = failed to exec in container: err");
    cluster.run(60);
    assertThat(cluster.restarts("c")).isZero();
  }

  @Test
  void wl_PROBE_10_statusFrom200To399IsSuccess() {
    for (int status : new int[] {200, 204, 299, 304, 399}) {
      assertThat(readyWith(ScriptedServer.status(status))).as("%d", status).isTrue();
    }
    for (int status : new int[] {199, 400, 404, 500}) {
      assertThat(readyWith(ScriptedServer.status(status))).as("%d", status).isFalse();
    }
  }

  private boolean readyWith(dev.wavetank.core.container.HttpAnswer answer) {
    KubeletCluster fresh = new KubeletCluster();
    ScriptedServer server = new ScriptedServer();
    server.answer = (request, age) -> answer;
    fresh.images.behave("app", container -> server);
    fresh.app("readinessProbe: {httpGet: {port: 80}}");
    fresh.run(15);
    return fresh.ready();
  }

  @Test
  void wl_PROBE_10_redirectsOnTheSameHostAreFollowed() {
    app.answer =
        (request, age) ->
            request.path().equals("/r")
                ? ScriptedServer.redirect(302, "/login")
                : ScriptedServer.status(request.path().equals("/login") ? 200 : 500);
    start("readinessProbe: {httpGet: {path: /r, port: 80}}");
    cluster.untilReady();
    assertThat(times("/login")).isNotEmpty();
  }

  @Test
  void wl_PROBE_10_aRedirectElsewhereIsSuccessWithAWarning() {
    app.answer = (request, age) -> ScriptedServer.redirect(301, "https://example.com/");
    start("readinessProbe: {httpGet: {path: /r, port: 80}}");
    cluster.untilReady();
    assertThat(cluster.events())
        .contains(
            "Warning ProbeWarning Readiness probe warning: Probe terminated redirects, Response"
                + " body: moved");
  }

  @Test
  void wl_PROBE_10_tenRedirectsAreTooMany() {
    app.answer = (request, age) -> ScriptedServer.redirect(302, "/again");
    start("readinessProbe: {httpGet: {path: /r, port: 80}}");
    cluster.run(1);
    assertThat(cluster.events())
        .contains(
            "Warning Unhealthy Readiness probe failed: Get \"http://10.1.0.2:80/again\": stopped"
                + " after 10 redirects");
    assertThat(times("/again").stream().filter(t -> t == 0.25).count() % 9).isZero();
  }

  @Test
  void wl_PROBE_10_whatAProbeSends() {
    start(
        "readinessProbe: {httpGet: {path: /r, port: 80, httpHeaders: [{name: Host, value: x.y},"
            + " {name: X-A, value: b}]}}");
    cluster.untilReady();
    var request = app.asked.get(0).request();
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.host()).isEqualTo("x.y");
    assertThat(request.headers())
        .containsEntry("User-Agent", "kube-probe/1.36")
        .containsEntry("Accept", "*/*")
        .containsEntry("X-A", "b");
  }

  @Test
  void wl_PROBE_11_theEventOfAFailedHttpProbe() {
    app.answer = (request, age) -> ScriptedServer.status(500);
    start("livenessProbe: {httpGet: {path: /l, port: 80}, periodSeconds: 5}");
    cluster.run(6);
    assertThat(cluster.events())
        .contains(
            "Warning Unhealthy Liveness probe failed: HTTP probe failed with statuscode: 500");
  }

  @Test
  void wl_PROBE_11_theEventOfARefusedConnection() {
    app.open = false;
    start("readinessProbe: {httpGet: {path: /r, port: 80}}");
    cluster.run(1);
    assertThat(cluster.events())
        .contains(
            "Warning Unhealthy Readiness probe failed: Get \"http://10.1.0.2:80/r\": dial tcp"
                + " 10.1.0.2:80: connect: connection refused");
  }

  @Test
  void wl_PROBE_11_theEventOfATimeout() {
    app.answer = (request, age) -> ScriptedServer.hangs();
    start("readinessProbe: {httpGet: {path: /r, port: 80}, timeoutSeconds: 3}");
    cluster.run(3.1);
    assertThat(cluster.events())
        .contains(
            "Warning Unhealthy Readiness probe failed: Get \"http://10.1.0.2:80/r\": context"
                + " deadline exceeded (Client.Timeout exceeded while awaiting headers)");
  }

  @Test
  void wl_PROBE_11_anAnswerThatComesInTimeIsOne() {
    app.answer = (request, age) -> ScriptedServer.late(200, 2.5);
    start("readinessProbe: {httpGet: {path: /r, port: 80}, timeoutSeconds: 3}");
    assertThat(cluster.untilReady()).isCloseTo(2.75, within(0.01));
  }

  @Test
  void wl_PROBE_12_tcpSocket() {
    app.open = false;
    start("readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 2}");
    cluster.run(1);
    assertThat(cluster.events())
        .contains(
            "Warning Unhealthy Readiness probe failed: dial tcp 10.1.0.2:80: connect: connection"
                + " refused");
    app.open = true;
    cluster.untilReady();
  }

  @Test
  void wl_PROBE_12_aPortByName() {
    start(
        """
        ports: [{name: web, containerPort: 80}]
        readinessProbe: {tcpSocket: {port: web}}
        """);
    assertThat(cluster.untilReady()).isLessThan(1);
  }

  @Test
  void wl_PROBE_12_aPortNameThatIsNotThereIsAnError() {
    start("readinessProbe: {tcpSocket: {port: web}}");
    cluster.run(30);
    assertThat(cluster.ready()).isFalse();
    assertThat(cluster.events())
        .anyMatch(e -> e.startsWith("Warning Unhealthy Readiness probe errored and resulted in"));
  }

  @Test
  void wl_PROBE_12_execGivesItsOutput() {
    app.exitCode = 3;
    start("readinessProbe: {exec: {command: [check]}}");
    cluster.run(1);
    assertThat(cluster.events()).contains("Warning Unhealthy Readiness probe failed: out err");
    app.exitCode = 0;
    cluster.untilReady();
  }

  @Test
  void wl_PROBE_12_execTakesTooLong() {
    cluster.pod(
        """
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, infinity]
          readinessProbe: {exec: {command: [sleep, "5"]}, timeoutSeconds: 2}
        """);
    cluster.run(3);
    assertThat(cluster.events())
        .contains(
            "Warning Unhealthy Readiness probe failed: command timed out: \"sleep 5\" timed out"
                + " after 2s");
  }

  @Test
  void wl_PROBE_12_execKnowsLiteralVariablesOnly() {
    start(
        """
        env:
        - {name: A, value: lit}
        - {name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        readinessProbe: {exec: {command: [check, $(A), $(B), $(C)]}}
        """);
    cluster.untilReady();
    assertThat(app.commands).contains(List.of("check", "lit", "", "$(C)"));
  }

  @Test
  void wl_PROBE_13_grpcServing() {
    cluster.image(
        "{image: svc, ports: [{port: 50}], grpc: [{status: NOT_SERVING, until: 12s}, {status:"
            + " SERVING, after: 12s}]}");
    cluster.pod(
        "{containers: [{name: c, image: svc, readinessProbe: {grpc: {port: 50}, periodSeconds:"
            + " 5}}]}");
    cluster.until("runs", c -> c.phase().equals("Running"));
    double running = cluster.now();
    assertThat(cluster.untilReady() - running).isBetween(12.0, 17.0);
    assertThat(cluster.events())
        .contains(
            "Warning Unhealthy Readiness probe failed: service unhealthy (responded with"
                + " \"NOT_SERVING\")");
  }

  @Test
  void wl_PROBE_13_grpcOnAClosedPortTimesOut() {
    cluster.image("{image: svc, ports: [{port: 51}]}");
    cluster.pod(
        "{containers: [{name: c, image: svc, readinessProbe: {grpc: {port: 50}, timeoutSeconds:"
            + " 2}}]}");
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.run(2.5);
    assertThat(cluster.events())
        .contains(
            "Warning Unhealthy Readiness probe failed: timeout: failed to connect service"
                + " \"10.1.0.2:50\" within 2s: context deadline exceeded");
  }

  @Test
  void wl_PROBE_14_twentySecondsFromTheFirstFailureToTheKill() {
    start("livenessProbe: {httpGet: {path: /l, port: 80}}");
    cluster.run(30);
    app.answer = (request, age) -> ScriptedServer.status(500);
    int before = times("/l").size();
    double killed =
        cluster.until(
            "killed", c -> c.events().stream().anyMatch(e -> e.contains("Normal Killing")));
    double firstFailure = times("/l").get(before);
    assertThat(killed - firstFailure).isCloseTo(20, within(1e-6));
  }

  @Test
  void wl_PROBE_14_anAppThatHangsIsKilledATimeoutLater() {
    start("livenessProbe: {httpGet: {path: /l, port: 80}}");
    cluster.run(30);
    app.answer = (request, age) -> ScriptedServer.hangs();
    int before = times("/l").size();
    double killed =
        cluster.until(
            "killed", c -> c.events().stream().anyMatch(e -> e.contains("Normal Killing")));
    assertThat(killed - times("/l").get(before)).isCloseTo(21, within(1e-6));
  }

  @Test
  void seed_S_16_readinessFailureAloneNeverRestarts() {
    app.answer = (request, age) -> ScriptedServer.status(request.path().equals("/l") ? 200 : 500);
    start(
        """
        readinessProbe: {httpGet: {path: /r, port: 80}}
        livenessProbe: {httpGet: {path: /l, port: 80}}
        """);
    cluster.run(600);
    assertThat(cluster.restarts("c")).isZero();
    assertThat(cluster.ready()).isFalse();
  }
}
