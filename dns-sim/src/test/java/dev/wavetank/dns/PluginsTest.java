package dev.wavetank.dns;

import static dev.wavetank.dns.TestCluster.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.dns.plugin.kubernetes.ClusterRecords;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The plugins around the one that knows the cluster. */
class PluginsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static TestCluster with(String block) {
    return new TestCluster(".:53 {\n" + block + "\n}\n", Choices.first(), new ClusterRecords());
  }

  @Test
  void net_D_24_loadbalanceShufflesAddressesByChoice() {
    Set<String> orders = new LinkedHashSet<>();
    TestCluster cluster = three(Choices.seeded(4));
    for (int i = 0; i < 60; i++) {
      orders.add(cluster.zoneText("hl.default.svc.cluster.local.", "A"));
    }
    assertThat(orders).hasSize(6);
    String calm = three(Choices.first()).zoneText("hl.default.svc.cluster.local.", "A");
    assertThat(calm.indexOf("10.1.0.1")).isLessThan(calm.indexOf("10.1.0.2"));
  }

  private static TestCluster three(Choices choices) {
    return new TestCluster(Corefile.kubeadm("cluster.local"), choices, new ClusterRecords())
        .service("default", "hl", "None", "http/TCP/80")
        .slice(
            "default",
            "hl",
            "hl-1",
            KubeList.of(
                endpoint("10.1.0.1", "", true),
                endpoint("10.1.0.2", "", true),
                endpoint("10.1.0.3", "", true)),
            "http/TCP/80");
  }

  @Test
  void net_D_24_aliasesComeFirst() {
    TestCluster cluster = with("loadbalance\nforward . 192.0.2.53");
    assertThat(cluster.zoneText("alias.example.com.", "A"))
        .isEqualTo(
            """
            NOERROR
            alias.example.com. 600 IN CNAME www.example.com.
            www.example.com. 3600 IN A 192.0.2.80
            """);
  }

  @Test
  void net_D_25_cachedTtlsAreCappedAndCountDown() {
    TestCluster cluster = with("cache 30\nforward . 192.0.2.53");
    assertThat(cluster.zoneText("db.example.com.", "A")).contains(" 30 IN A 192.0.2.50");
    cluster.nowNanos = TestCluster.LATENCY_NANOS + 29 * SECOND;
    assertThat(cluster.zoneText("db.example.com.", "A")).contains(" 1 IN A 192.0.2.50");
    cluster.nowNanos += SECOND;
    assertThat(cluster.zoneText("db.example.com.", "A")).contains(" 30 IN A 192.0.2.50");
  }

  @Test
  void net_D_25_withoutATtlSuccessIsKeptAnHourAndDenialHalfOfThat() {
    TestCluster cluster = with("cache\nforward . 192.0.2.53");
    assertThat(cluster.zoneText("www.example.com.", "A")).contains(" 3600 IN A");
    assertThat(cluster.zoneText("nosuch.example.org.", "A")).contains("; . 1800 IN SOA");
  }

  @Test
  void net_D_25_keepttlDoesNotCountDown() {
    TestCluster cluster = with("cache 30 {\n keepttl\n}\nforward . 192.0.2.53");
    cluster.zoneText("db.example.com.", "A");
    cluster.nowNanos = 10 * SECOND;
    assertThat(cluster.zoneText("db.example.com.", "A")).contains(" 30 IN A");
  }

  @Test
  void net_D_25_aFullCacheLetsTheOldestGo() {
    TestCluster cluster = with("cache 30 {\n success 1\n}\nforward . 192.0.2.53");
    cluster.zoneText("db.example.com.", "A");
    cluster.zoneText("www.example.com.", "A");
    cluster.nowNanos = 10 * SECOND;
    assertThat(cluster.zoneText("db.example.com.", "A")).contains(" 30 IN A");
  }

  @Test
  void net_D_26_aServerThatRefusesIsDownAfterThreeChecks() {
    TestCluster cluster = with("forward . 192.0.2.54");
    cluster.outside.refusing("192.0.2.54", 0);
    DnsServer.Response first = cluster.response("www.example.com.", "A", Protocol.UDP);
    assertThat(first.delayNanos()).isEqualTo(SECOND);
    cluster.nowNanos = 2 * SECOND;
    assertThat(cluster.response("www.example.com.", "A", Protocol.UDP).delayNanos()).isZero();
  }

  @Test
  void net_D_26_aSilentServerCostsReadTimeoutsUntilTheDeadline() {
    TestCluster cluster = with("forward . 192.0.2.55");
    DnsServer.Response first = cluster.response("www.example.com.", "A", Protocol.UDP);
    assertThat(first.delayNanos()).isEqualTo(6 * SECOND);
    cluster.nowNanos = 10 * SECOND;
    assertThat(cluster.response("www.example.com.", "A", Protocol.UDP).delayNanos())
        .isEqualTo(2 * SECOND);
  }

  @Test
  void net_D_26_theNextServerIsAskedAndForwardingCanBeNarrowed() {
    TestCluster cluster =
        with("forward . 192.0.2.55 192.0.2.53 {\n policy sequential\n except example.org\n}");
    assertThat(cluster.zoneText("db.example.com.", "A")).contains("192.0.2.50");
    assertThat(cluster.zoneText("db.example.org.", "A")).startsWith("SERVFAIL");
  }

  @Test
  void net_D_29_hostsAnswersItsLinesAndFallsThroughOnlyIfTold() {
    TestCluster cluster =
        with("hosts example.com {\n 10.0.0.1 one.example.com\n fd00::1 one.example.com\n}");
    assertThat(cluster.zoneText("one.example.com.", "A"))
        .isEqualTo("NOERROR\none.example.com. 3600 IN A 10.0.0.1\n");
    assertThat(cluster.zoneText("one.example.com.", "AAAA")).contains("fd00::1");
    assertThat(cluster.zoneText("one.example.com.", "TXT")).isEqualTo("NOERROR\n");
    assertThat(cluster.zoneText("1.0.0.10.in-addr.arpa.", "PTR")).contains("one.example.com.");
    assertThat(cluster.zoneText("two.example.com.", "A")).startsWith("SERVFAIL");
    TestCluster falling =
        with("hosts {\n 10.0.0.1 db.example.com\n fallthrough\n}\nforward . 192.0.2.53");
    assertThat(falling.zoneText("db.example.com.", "A")).contains("10.0.0.1");
    assertThat(falling.zoneText("www.example.com.", "A")).contains("192.0.2.80");
  }
}
