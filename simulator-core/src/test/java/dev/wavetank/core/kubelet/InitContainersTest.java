package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Init containers, and sidecars among them. */
class InitContainersTest {

  private final KubeletCluster cluster = new KubeletCluster();

  /** Names of containers in the order of their starts. */
  private List<String> starts() {
    List<String> starts = new ArrayList<>();
    cluster
        .eventObjects()
        .forEach(
            event -> {
              if (event.root().string("reason", "").equals("Started")) {
                String path = event.root().mapOrEmpty("involvedObject").string("fieldPath", "");
                starts.add(path.substring(path.indexOf('{') + 1, path.indexOf('}')));
              }
            });
    return starts;
  }

  @Test
  void wl_KUBELET_17_initContainersRunOneAfterTheOther() {
    cluster.image("{image: setup, exit: {after: 5s, code: 0}}");
    cluster.pod(
        """
        initContainers: [{name: one, image: setup}, {name: two, image: setup}]
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.until("one runs", c -> c.state("one").has("running"));
    assertThat(cluster.state("two").has("waiting")).isTrue();
    cluster.until("two runs", c -> c.state("two").has("running"));
    assertThat(cluster.terminatedReason("one")).isEqualTo("Completed");
    assertThat(cluster.containerStatus("one").get("ready")).isEqualTo(true);
    assertThat(cluster.condition("Initialized").get("message"))
        .isEqualTo("containers with incomplete status: [two]");
    cluster.until("runs", c -> c.phase().equals("Running"));
    assertThat(starts()).containsExactly("one", "two", "c");
    assertThat(cluster.condition("Initialized").get("status")).isEqualTo("True");
  }

  @Test
  void wl_KUBELET_17_aFailedInitContainerIsTriedAgainWithTheSameWaits() {
    cluster.image("{image: setup, exit: {after: 2s, code: 1}}");
    cluster.pod(
        """
        initContainers: [{name: i, image: setup, imagePullPolicy: IfNotPresent}]
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.until("waits", c -> c.waitingReason("i").equals("CrashLoopBackOff"));
    assertThat(cluster.phase()).isEqualTo("Pending");
    assertThat(cluster.restarts("i")).isEqualTo(1);
    assertThat(cluster.state("i").mapOrEmpty("waiting").string("message", ""))
        .startsWith("back-off 10s restarting failed container=i");
    assertThat(cluster.waitingReason("c")).isEqualTo("PodInitializing");
  }

  @Test
  void wl_KUBELET_17_withNeverAFailedInitContainerFailsThePod() {
    cluster.image("{image: setup, exit: {after: 2s, code: 1}}");
    cluster.pod(
        """
        restartPolicy: Never
        initContainers: [{name: i, image: setup}]
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.until("failed", c -> c.phase().equals("Failed"));
    assertThat(starts()).containsExactly("i");
  }

  @Test
  void wl_KUBELET_17_aNewSandboxRunsThemAllAgain() {
    cluster.image("{image: setup, exit: {after: 2s, code: 0}}");
    cluster.pod(
        """
        initContainers: [{name: i, image: setup}]
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.node().crash();
    cluster.run(5);
    cluster.node().recover();
    cluster.until("runs again", c -> c.state("c").has("running") && c.restarts("c") == 1);
    assertThat(starts()).containsExactly("i", "c", "i", "c");
    assertThat(cluster.restarts("i")).isEqualTo(1);
  }

  @Test
  void wl_KUBELET_18_theNextStartsOnceTheSidecarHasStarted() {
    cluster.image("{image: setup, exit: {after: 5s, code: 0}}");
    cluster.pod(
        """
        initContainers:
        - {name: s, image: sidecar, imagePullPolicy: IfNotPresent, restartPolicy: Always}
        - {name: i, image: setup}
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.until("runs", c -> c.phase().equals("Running"));
    assertThat(starts()).containsExactly("s", "i", "c");
    assertThat(cluster.state("s").has("running")).isTrue();
    assertThat(cluster.containerStatus("s").get("ready")).isEqualTo(true);
  }

  @Test
  void wl_KUBELET_18_theNextWaitsForTheSidecarsStartupProbe() {
    cluster.image("{image: slow, ports: [{port: 80, after: 12s}]}");
    cluster.pod(
        """
        initContainers:
        - name: s
          image: slow
          restartPolicy: Always
          startupProbe: {tcpSocket: {port: 80}, periodSeconds: 1, failureThreshold: 30}
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.until("sidecar runs", c -> c.state("s").has("running"));
    double running = cluster.now();
    assertThat(cluster.containerStatus("s").get("started")).isEqualTo(false);
    double app = cluster.until("app runs", c -> c.state("c").has("running"));
    assertThat(app - running).isBetween(12.0, 15.0);
  }

  @Test
  void wl_KUBELET_18_aSidecarIsAlwaysRestarted() {
    cluster.image("{image: leaky, exit: {after: 20s, code: 0}}");
    cluster.pod(
        """
        restartPolicy: Never
        initContainers: [{name: s, image: leaky, restartPolicy: Always}]
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.until("restarted", c -> c.hasStatus("s") && c.restarts("s") >= 2);
    assertThat(cluster.state("c").has("running")).isTrue();
    assertThat(cluster.phase()).isEqualTo("Running");
  }

  @Test
  void wl_KUBELET_18_theReadinessOfASidecarCounts() {
    cluster.image("{image: slow, ports: [{port: 80, after: 15s}]}");
    cluster.pod(
        """
        initContainers:
        - name: s
          image: slow
          restartPolicy: Always
          readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 1}
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.run(2);
    assertThat(cluster.condition("ContainersReady").get("message"))
        .isEqualTo("containers with unready status: [s]");
    cluster.untilReady();
  }

  @Test
  void wl_KUBELET_18_thePodEndsWithItsRegularContainers() {
    cluster.image("{image: job, exit: {after: 10s, code: 0}}");
    cluster.pod(
        """
        restartPolicy: Never
        initContainers:
        - {name: s, image: sidecar, imagePullPolicy: IfNotPresent, restartPolicy: Always}
        containers: [{name: c, image: job}]
        """);
    cluster.until("succeeded", c -> c.phase().equals("Succeeded"));
    assertThat(cluster.state("s").has("terminated")).isTrue();
  }

  @Test
  void wl_KUBELET_18_aSidecarThatFailsItsLivenessProbeIsRestarted() {
    cluster.image("{image: sick, http: [{path: /, status: 500}], ports: [{port: 80}]}");
    cluster.pod(
        """
        initContainers:
        - name: s
          image: sick
          restartPolicy: Always
          livenessProbe: {httpGet: {port: 80}, periodSeconds: 5, failureThreshold: 2}
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.until("restarted", c -> c.hasStatus("s") && c.restarts("s") == 1);
    assertThat(cluster.events()).contains("Normal Killing Init container s failed liveness probe");
  }

  @Test
  void theEventsOfAnInitContainerNameIt() {
    cluster.image("{image: setup, exit: {after: 1s, code: 0}}");
    cluster.pod(
        """
        initContainers: [{name: i, image: setup}]
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.until("runs", c -> c.phase().equals("Running"));
    List<String> paths = new ArrayList<>();
    for (var event : cluster.eventObjects()) {
      KubeMap involved = event.root().mapOrEmpty("involvedObject");
      if (involved.string("name", "").equals("p")) {
        paths.add(involved.string("fieldPath", ""));
      }
    }
    assertThat(paths).contains("spec.initContainers{i}", "spec.containers{c}");
  }
}
