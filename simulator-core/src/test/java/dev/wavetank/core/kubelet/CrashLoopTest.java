package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Containers that end again and again. */
class CrashLoopTest {

  private final KubeletCluster cluster = new KubeletCluster();

  /** Seconds between each end of the container and its next start. */
  private List<Double> waits(int count) {
    List<Double> waits = new ArrayList<>();
    for (int restart = 1; restart <= count; restart++) {
      int number = restart;
      cluster.until("runs", c -> c.node().container("default", "p", "c") != null);
      double ended = cluster.until("ended", c -> c.node().container("default", "p", "c") == null);
      double again =
          cluster.until("runs again", c -> c.node().container("default", "p", "c") != null);
      assertThat(cluster.running().attempt()).isEqualTo(number);
      waits.add(again - ended);
    }
    return waits;
  }

  @Test
  void wl_KUBELET_08_waitsOf0And10To300Seconds() {
    cluster.image("{image: flaky, exit: {after: 3s, code: 1}}");
    cluster.pod("{containers: [{name: c, image: flaky, imagePullPolicy: IfNotPresent}]}");
    List<Double> waits = waits(9);
    List<Double> expected = List.of(0.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 300.0, 300.0);
    for (int i = 0; i < expected.size(); i++) {
      // The relist notices the end, or the sync loop ticks, up to a second late.
      assertThat(waits.get(i)).as("wait %d", i).isCloseTo(expected.get(i) + 0.55, within(0.55));
    }
  }

  @Test
  void wl_KUBELET_08_aLongRunBeginsTheWaitsAnew() {
    cluster.image("{image: flaky, exit: {after: 3s, code: 1}}");
    cluster.pod("{containers: [{name: c, image: flaky, imagePullPolicy: IfNotPresent}]}");
    waits(3);
    cluster.run(0.1);
    cluster.images.behave("flaky", container -> new Endless());
    cluster.until("restarts once more", c -> c.restarts("c") == 4);
    cluster.run(601);
    cluster.running().kill();
    double ended = cluster.now();
    assertThat(cluster.until("at once", c -> c.restarts("c") == 5) - ended).isLessThan(1.1);
    cluster.running().kill();
    ended = cluster.now();
    assertThat(cluster.until("10 s", c -> c.restarts("c") == 6) - ended)
        .isCloseTo(10.5, within(0.6));
  }

  /** Serves nothing and runs for ever. */
  private static final class Endless implements dev.wavetank.core.container.ContainerBehavior {
    @Override
    public boolean listens(dev.wavetank.core.network.Protocol protocol, int port, long ageNanos) {
      return false;
    }

    @Override
    public dev.wavetank.core.container.HttpAnswer http(
        int port, dev.wavetank.core.container.http.HttpRequest request, long ageNanos) {
      throw new AssertionError("nobody can ask");
    }
  }

  @Test
  void wl_KUBELET_08_anotherImageBeginsWithoutAWait() {
    cluster.image("{image: flaky, exit: {after: 3s, code: 1}}");
    cluster.pod("{containers: [{name: c, image: flaky, imagePullPolicy: IfNotPresent}]}");
    cluster.until("waits", c -> c.waitingReason("c").equals("CrashLoopBackOff"));
    cluster.server.patch(
        KubeletCluster.key("p").type(),
        KubeletCluster.key("p"),
        pod ->
            pod.withSpec(
                pod.spec()
                    .with(
                        "containers",
                        pod.spec()
                            .listOrEmpty("containers")
                            .with(
                                0,
                                pod.spec()
                                    .listOrEmpty("containers")
                                    .map(0)
                                    .with("image", "app")))));
    double changed = cluster.now();
    assertThat(cluster.until("runs", c -> c.state("c").has("running")) - changed).isLessThan(2);
  }

  @Test
  void wl_KUBELET_09_reasonMessageAndEventOfTheWait() {
    cluster.image("{image: flaky, exit: {after: 3s, code: 1}}");
    cluster.pod("{containers: [{name: c, image: flaky, imagePullPolicy: IfNotPresent}]}");
    String pod = "p_default(" + cluster.get().uid() + ")";
    cluster.until("waits", c -> c.waitingReason("c").equals("CrashLoopBackOff"));
    assertThat(cluster.state("c").mapOrEmpty("waiting").get("message"))
        .isEqualTo("back-off 10s restarting failed container=c pod=" + pod);
    assertThat(cluster.events())
        .contains("Warning BackOff Back-off restarting failed container c in pod " + pod);
    cluster.until(
        "40 s",
        c ->
            c.state("c")
                .mapOrEmpty("waiting")
                .string("message", "")
                .startsWith("back-off 40s restarting failed container=c"));
  }

  @Test
  void wl_KUBELET_09_theLastEndIsKeptWhileItWaits() {
    cluster.image("{image: flaky, exit: {after: 3s, code: 1}}");
    cluster.pod("{containers: [{name: c, image: flaky, imagePullPolicy: IfNotPresent}]}");
    cluster.until("waits", c -> c.waitingReason("c").equals("CrashLoopBackOff"));
    KubeMap last = cluster.containerStatus("c").mapOrEmpty("lastState").mapOrEmpty("terminated");
    assertThat(last.get("exitCode")).isEqualTo(1L);
    assertThat(last.get("reason")).isEqualTo("Error");
    assertThat(cluster.containerStatus("c").get("ready")).isEqualTo(false);
    assertThat(cluster.phase()).isEqualTo("Running");
  }

  @Test
  void wl_KUBELET_09_theEventIsCountedOnEachSyncWhileItWaits() {
    cluster.image("{image: flaky, exit: {after: 3s, code: 1}}");
    cluster.pod("{containers: [{name: c, image: flaky, imagePullPolicy: IfNotPresent}]}");
    cluster.until(
        "300 s",
        c -> c.state("c").mapOrEmpty("waiting").string("message", "").startsWith("back-off 5m0s"));
    long before = backOffs();
    cluster.run(299);
    assertThat(backOffs() - before).isEqualTo(4);
  }

  private long backOffs() {
    return cluster.eventObjects().stream()
        .filter(e -> e.root().string("reason", "").equals("BackOff"))
        .mapToLong(e -> e.root().number("count", 0))
        .max()
        .orElse(0);
  }

  @Test
  void wl_KUBELET_10_exitCode0BacksOffToo() {
    cluster.image("{image: job, exit: {after: 3s, code: 0}}");
    cluster.pod("{containers: [{name: c, image: job, imagePullPolicy: IfNotPresent}]}");
    cluster.until("completed", c -> c.terminatedReason("c").equals("Completed"));
    cluster.until("waits", c -> c.waitingReason("c").equals("CrashLoopBackOff"));
    assertThat(
            cluster
                .containerStatus("c")
                .mapOrEmpty("lastState")
                .mapOrEmpty("terminated")
                .get("reason"))
        .isEqualTo("Completed");
  }

  @Test
  void wl_KUBELET_16_aNewImageRestartsTheContainer() {
    cluster.app("");
    cluster.run(5);
    cluster.server.patch(
        KubeletCluster.key("p").type(),
        KubeletCluster.key("p"),
        pod ->
            pod.withSpec(
                pod.spec()
                    .with(
                        "containers",
                        pod.spec()
                            .listOrEmpty("containers")
                            .with(
                                0,
                                pod.spec()
                                    .listOrEmpty("containers")
                                    .map(0)
                                    .with("image", "sidecar")))));
    cluster.until("restarted", c -> c.restarts("c") == 1);
    assertThat(cluster.events())
        .contains("Normal Killing Container c definition changed, will be restarted");
    assertThat(cluster.containerStatus("c").get("image"))
        .isEqualTo("docker.io/library/sidecar:latest");
  }

  @Test
  void aContainerThatCannotBeStartedWaitsAsRunContainerErrorAndThenBacksOff() {
    cluster.pod(
        "{containers: [{name: c, image: busybox, imagePullPolicy: IfNotPresent, command: [serve]}]}");
    cluster.until("error", c -> c.waitingReason("c").equals("RunContainerError"));
    assertThat(
            cluster
                .containerStatus("c")
                .mapOrEmpty("lastState")
                .mapOrEmpty("terminated")
                .get("reason"))
        .isEqualTo("StartError");
    cluster.until("waits", c -> c.waitingReason("c").equals("CrashLoopBackOff"));
  }
}
