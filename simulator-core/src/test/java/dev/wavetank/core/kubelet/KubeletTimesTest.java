package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.sim.Choices;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The clocks of a kubelet: relists, syncs, deadlines, reports. */
class KubeletTimesTest {

  private final KubeletCluster cluster = new KubeletCluster();

  @Test
  void wl_TIME_05_anEndIsNoticedUpToASecondLater() {
    cluster.app("");
    cluster.run(10.3);
    cluster.running().kill();
    double ended = cluster.now();
    double noticed = cluster.until("noticed", c -> c.state("c").has("terminated"));
    assertThat(noticed - ended).isBetween(0.69, 0.71);
  }

  @Test
  void wl_TIME_05_whenARelistComesIsAChoiceOfTheNode() {
    TreeSet<Long> delays = new TreeSet<>();
    for (int seed = 0; seed < 20; seed++) {
      KubeletCluster seeded = new KubeletCluster(Choices.seeded(seed), KubeletCluster.FRESH);
      seeded.join("node-1");
      seeded.app("");
      seeded.run(10);
      seeded.running().kill();
      double ended = seeded.now();
      double noticed = seeded.until("noticed", c -> !c.state("c").has("running"));
      assertThat(noticed - ended).isBetween(0.0, 1.01);
      delays.add(Math.round((noticed - ended) * 1000));
    }
    assertThat(delays).hasSizeGreaterThan(15);
  }

  @Test
  void wl_TIME_06_aFailedSyncIsTriedAgainAfterTenSeconds() {
    cluster.app("env: [{name: A, valueFrom: {configMapKeyRef: {name: cm, key: k}}}]");
    cluster.run(2);
    long before = failures();
    cluster.run(30);
    assertThat(failures() - before).isEqualTo(3);
  }

  private long failures() {
    return cluster.eventObjects().stream()
        .filter(e -> e.root().string("reason", "").equals("Failed"))
        .mapToLong(e -> e.root().number("count", 0))
        .max()
        .orElse(0);
  }

  @Test
  void wl_TIME_06_theTriesAreSpreadByUpToHalfMore() {
    KubeletCluster seeded = new KubeletCluster(Choices.seeded(5), KubeletCluster.FRESH);
    seeded.join("node-1");
    seeded.app("env: [{name: A, valueFrom: {configMapKeyRef: {name: cm, key: k}}}]");
    seeded.run(2);
    long[] last = {seeded.simulation.now()};
    TreeSet<Long> waits = new TreeSet<>();
    seeded.server.listen(
        commit -> {
          KubeMap event = commit.object().root();
          if (event.string("reason", "").equals("Failed")) {
            waits.add((seeded.simulation.now() - last[0]) / KubeletCluster.SECOND);
            last[0] = seeded.simulation.now();
          }
        });
    seeded.run(200);
    waits.pollFirst();
    assertThat(waits.first()).isGreaterThanOrEqualTo(10);
    assertThat(waits.last()).isBetween(12L, 16L);
  }

  @Test
  void wl_TIME_06_whatSomebodyElseWritesIntoTheStatusIsRestoredWithinTenSeconds() {
    cluster.app("");
    cluster.run(23);
    cluster.server.patchStatus(
        KubeletCluster.key("p"),
        status ->
            status.with(
                "conditions",
                status
                    .listOrEmpty("conditions")
                    .with(2, KubeMap.of("type", "Ready", "status", "False"))));
    assertThat(cluster.ready()).isFalse();
    assertThat(cluster.untilReady()).isBetween(30.0, 30.1);
  }

  @Test
  void conditionsOfOthersAreKept() {
    cluster.app("");
    cluster.run(5);
    cluster.server.patchStatus(
        KubeletCluster.key("p"),
        status ->
            status.with(
                "conditions",
                status
                    .listOrEmpty("conditions")
                    .plus(KubeMap.of("type", "DisruptionTarget", "status", "True"))));
    cluster.running().kill();
    cluster.until("restarted", c -> c.restarts("c") == 1);
    assertThat(cluster.condition("DisruptionTarget").get("status")).isEqualTo("True");
  }

  @Test
  void statusesOfANodeAreSentOneAfterTheOther() {
    KubeletCluster slow =
        new KubeletCluster(
            Choices.first(),
            new Latencies(100 * KubeletCluster.MILLI, 100 * KubeletCluster.MILLI, 0, 0));
    slow.join("node-1");
    for (int i = 0; i < 5; i++) {
      slow.pod("p" + i, "containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]");
    }
    slow.run(5);
    TreeSet<Long> times = new TreeSet<>();
    slow.podCommits.forEach(
        commit -> {
          KubeMap status = commit.object().status();
          if (status.string("phase", "").equals("Running")) {
            times.add(commit.timeNanos());
          }
        });
    assertThat(times).hasSize(5);
    assertThat(times.last() - times.first()).isEqualTo(4 * 200 * KubeletCluster.MILLI);
  }

  @Test
  void wl_KUBELET_25_theActiveDeadline() {
    cluster.pod(
        """
        activeDeadlineSeconds: 20
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    double over = cluster.until("over", c -> c.phase().equals("Failed"));
    assertThat(over).isBetween(20.0, 21.5);
    assertThat(cluster.status().get("reason")).isEqualTo("DeadlineExceeded");
    assertThat(cluster.status().get("message"))
        .isEqualTo("Pod was active on the node longer than the specified deadline");
    assertThat(cluster.events())
        .contains(
            "Normal DeadlineExceeded Pod was active on the node longer than the specified"
                + " deadline");
    assertThat(cluster.state("c").has("terminated")).isTrue();
    assertThat(cluster.find()).isNotNull();
  }

  @Test
  void wl_KUBELET_25_theDeadlineCountsFromTheStartOfThePodNotOfItsContainers() {
    cluster.images.absent("nope");
    cluster.pod("{activeDeadlineSeconds: 30, containers: [{name: c, image: nope}]}");
    assertThat(cluster.until("over", c -> c.phase().equals("Failed"))).isBetween(30.0, 32.5);
    assertThat(cluster.status().get("reason")).isEqualTo("DeadlineExceeded");
  }

  @Test
  void wl_TIME_01_aPodWhoseImageIsThereRunsWithinFiveSeconds() {
    for (int seed = 0; seed < 50; seed++) {
      KubeletCluster seeded = new KubeletCluster(Choices.seeded(seed), Latencies.DEFAULT);
      seeded.join("node-1");
      seeded.app("");
      assertThat(seeded.until("runs", c -> c.phase().equals("Running"))).isLessThan(5);
    }
  }
}
