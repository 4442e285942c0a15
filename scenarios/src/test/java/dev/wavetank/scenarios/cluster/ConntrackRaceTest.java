package dev.wavetank.scenarios.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.proxy.Balancer;
import dev.wavetank.proxy.ProxyMode;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Questions for A and AAAA from one socket in one moment, and what conntrack makes of them. */
class ConntrackRaceTest {

  private static final String LOST =
      "node-1 dropped it, insert_failed: it met another datagram of its socket in conntrack";

  private static Cluster cluster(UnaryOperator<ClusterBuilder> settings, String dnsConfig) {
    Cluster cluster = settings.apply(Cluster.builder().nodes(1)).start();
    cluster.apply(
        "client.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          dnsConfig: {options: [%s]}
          containers: [{name: c, image: busybox, command: [sleep, "86400"]}]
        """
            .formatted(dnsConfig));
    cluster.run(Duration.ofSeconds(60));
    return cluster;
  }

  /** How long the name of the API server takes. */
  private static Duration lookup(Cluster cluster) {
    long before = cluster.simulation().now();
    cluster.connect("pod/client", "kubernetes", 443);
    return Duration.ofNanos(cluster.simulation().now() - before);
  }

  private static long lost(Cluster cluster) {
    return cluster.kubeProxies().get("node-1").insertFailed();
  }

  @Test
  void theSecondDatagramIsDroppedAndAskedForAgainAfterFiveSeconds() {
    Cluster cluster = cluster(builder -> builder.conntrackRace(100), "");
    assertThat(lookup(cluster)).isBetween(Duration.ofSeconds(5), Duration.ofMillis(5_100));
    assertThat(lost(cluster)).isEqualTo(1);
  }

  @Test
  void nftablesRulesLetThemRaceToo() {
    Cluster cluster =
        cluster(builder -> builder.conntrackRace(100).proxyMode(ProxyMode.NFTABLES), "");
    assertThat(lookup(cluster)).isBetween(Duration.ofSeconds(5), Duration.ofMillis(5_100));
  }

  @Test
  void pathNamesWhatDroppedIt() {
    Cluster cluster = cluster(builder -> builder.conntrackRace(100), "");
    assertThat(cluster.path("pod/client", "kubernetes", 443).text())
        .contains(LOST, "no answer in time");
  }

  @Test
  void whoRacesAndIsTranslatedLikewiseGoesOn() {
    Cluster cluster = cluster(builder -> builder.conntrackRace(100), "");
    cluster.kubectl("scale deployment coredns -n kube-system --replicas=1");
    cluster.run(Duration.ofSeconds(60));
    assertThat(lookup(cluster)).isLessThan(Duration.ofMillis(100));
    assertThat(lost(cluster)).isZero();
  }

  @Test
  void withRandomRulesHalfOfThoseWhoRaceGoOn() {
    Cluster cluster = cluster(builder -> builder.conntrackRace(100).balancer(Balancer.RANDOM), "");
    int slow = 0;
    for (int i = 0; i < 60; i++) {
      slow += lookup(cluster).compareTo(Duration.ofSeconds(1)) > 0 ? 1 : 0;
    }
    assertThat(slow).isBetween(15, 45);
  }

  @Test
  void questionsOneAfterTheOtherDoNotRace() {
    Cluster cluster = cluster(builder -> builder.conntrackRace(100), "{name: single-request}");
    assertThat(lookup(cluster)).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void questionsFromSocketsOfTheirOwnDoNotRace() {
    Cluster cluster =
        cluster(builder -> builder.conntrackRace(100), "{name: single-request-reopen}");
    assertThat(lookup(cluster)).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void questionsOverTcpDoNotRace() {
    Cluster cluster = cluster(builder -> builder.conntrackRace(100), "{name: use-vc}");
    assertThat(lookup(cluster)).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void questionsToTheCacheOfTheNodeAreNotTracked() {
    Cluster cluster = cluster(builder -> builder.conntrackRace(100).nodeLocalDns(true), "");
    assertThat(lookup(cluster)).isLessThan(Duration.ofMillis(100));
    assertThat(lost(cluster)).isZero();
  }

  @Test
  void withoutARaceNothingIsLost() {
    Cluster cluster = cluster(builder -> builder, "");
    assertThat(lookup(cluster)).isLessThan(Duration.ofMillis(100));
    assertThat(lost(cluster)).isZero();
  }
}
