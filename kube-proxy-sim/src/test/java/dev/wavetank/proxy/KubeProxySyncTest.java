package dev.wavetank.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which syncs write all rules, what becomes of those that fail, and what kube-proxy says of it. */
class KubeProxySyncTest {

  private static final long SECOND = 1_000_000_000L;
  private static final String NODE = "node-1";

  private final Simulation simulation = new Simulation(Choices.seeded(1));
  private final ApiServer server = new ApiServer(simulation, Latencies.DEFAULT);
  private final KubeProxies proxies =
      new KubeProxies(
          server,
          KubeProxyConfiguration.defaults(ImmutableList.of(AddressBlock.parse("10.244.0.0/16"))));
  private final KubeProxy proxy;
  private int services;

  KubeProxySyncTest() {
    KubeObject node = Manifest.node(1, "zone-a");
    server.create(ResourceType.NODES, node);
    service();
    proxy = proxies.start(node);
    pass(5 * SECOND);
  }

  private void pass(long nanos) {
    simulation.runUntil(simulation.now() + nanos);
  }

  /** Something for the next sync. */
  private void service() {
    services++;
    server.create(
        ResourceType.SERVICES,
        Manifest.service(
            "web-" + services, "10.96.0." + (services + 20), Manifest.port("", "TCP", 80)));
  }

  private void node(String value, String... path) {
    KubeObject known = server.get(ObjectKey.of(ResourceType.NODES, "", NODE));
    server.update(ResourceType.NODES, known.with(value, path));
  }

  private String rules() {
    return proxy.ruleset(IpFamily.IPV4).save();
  }

  private ServiceHealth health(String path) {
    return Objects.requireNonNull(proxies.health(NODE, 10256, path));
  }

  @Test
  void net_I_38_aFailedRestoreIsTriedAgainAfterTheSyncPeriodWithAllRules() {
    proxies.restoresFail(NODE, true);
    service();
    pass(5 * SECOND);
    assertThat(rules()).doesNotContain("web-2");
    assertThat(proxy.partialRestoreFailures()).isEqualTo(1);
    assertThat(proxies.caughtUp()).isFalse();
    proxies.restoresFail(NODE, false);
    pass(20 * SECOND);
    assertThat(rules()).doesNotContain("web-2");
    pass(7 * SECOND);
    assertThat(rules()).contains("web-2");
    assertThat(proxy.fullSyncs()).isEqualTo(2);
    assertThat(proxies.caughtUp()).isTrue();
  }

  @Test
  void net_I_38_onlyTheFirstOfSeveralFailuresWasPartial() {
    proxies.restoresFail(NODE, true);
    service();
    pass(100 * SECOND);
    assertThat(proxy.partialRestoreFailures()).isEqualTo(1);
    assertThat(proxy.syncs()).isEqualTo(1);
  }

  @Test
  void net_I_38_theNextChangeIsTriedAtOnce() {
    proxies.restoresFail(NODE, true);
    service();
    pass(3 * SECOND);
    proxies.restoresFail(NODE, false);
    service();
    pass(2 * SECOND);
    assertThat(rules()).contains("web-2").contains("web-3");
    long syncs = proxy.syncs();
    pass(60 * SECOND);
    assertThat(proxy.syncs()).isEqualTo(syncs);
  }

  @Test
  void net_I_39_theFirstSyncAndThatOfAnotherZoneWriteAllRules() {
    assertThat(proxy.fullSyncs()).isEqualTo(1);
    service();
    pass(5 * SECOND);
    assertThat(proxy.fullSyncs()).isEqualTo(1);
    node("zone-b", "metadata", "labels", "topology.kubernetes.io/zone");
    pass(5 * SECOND);
    assertThat(proxy.fullSyncs()).isEqualTo(2);
    assertThat(proxy.syncs()).isEqualTo(3);
  }

  @Test
  void net_I_39_theFirstSyncAfterAnHourWritesAllRules() {
    pass(3_500 * SECOND);
    service();
    pass(5 * SECOND);
    assertThat(proxy.fullSyncs()).isEqualTo(1);
    pass(200 * SECOND);
    service();
    pass(5 * SECOND);
    assertThat(proxy.fullSyncs()).isEqualTo(2);
  }

  @Test
  void net_I_39_notSoInALargeCluster() {
    Object[] endpoints = new Object[1_001];
    for (int i = 0; i < endpoints.length; i++) {
      endpoints[i] = Manifest.endpoint("10.244." + (i / 250 + 2) + "." + (i % 250 + 1), NODE);
    }
    KubeObject slice =
        Manifest.slice("big", "web-1", KubeList.of(endpoints), Manifest.port("", "TCP", 8080));
    server.create(ResourceType.ENDPOINT_SLICES, slice.with("IPv4", "addressType"));
    pass(3_700 * SECOND);
    service();
    pass(5 * SECOND);
    assertThat(proxy.fullSyncs()).isEqualTo(1);
  }

  @Test
  void net_I_41_eachTableHasACanary() {
    String save = rules();
    assertThat(save.split(":KUBE-PROXY-CANARY - \\[", -1)).hasSize(4);
    for (String table : new String[] {"*mangle", "*filter", "*nat"}) {
      String rest = save.substring(save.indexOf(table));
      assertThat(rest.substring(0, rest.indexOf("COMMIT"))).contains(":KUBE-PROXY-CANARY");
    }
  }

  @Test
  void net_I_41_flushedRulesComeBackWhenTheCanaryIsMissed() {
    pass(4 * SECOND);
    proxies.flush(NODE);
    assertThat(rules()).doesNotContain("web-1");
    pass(20 * SECOND);
    assertThat(rules()).doesNotContain("web-1");
    // The canaries are looked at every 30 s since the start.
    pass(2 * SECOND);
    assertThat(rules()).contains("web-1").contains("KUBE-PROXY-CANARY");
    assertThat(proxy.fullSyncs()).isEqualTo(2);
  }

  @Test
  void net_I_41_aPartialSyncOfFlushedRulesFails() {
    pass(SECOND);
    proxies.flush(NODE);
    service();
    pass(5 * SECOND);
    assertThat(proxy.partialRestoreFailures()).isEqualTo(1);
    assertThat(rules()).isEmpty();
    pass(22 * SECOND);
    assertThat(rules()).contains("web-1").contains("web-2");
  }

  @Test
  void onlyIptablesHaveCanaries() {
    KubeProxies others =
        new KubeProxies(server, proxies.configuration().withMode(ProxyMode.NFTABLES));
    assertThatThrownBy(() -> others.flush(NODE)).hasMessageContaining("mode iptables");
  }

  @Test
  void net_P_14_aHealthyProxyAnswersWithTheTimeAndItsNode() {
    ServiceHealth health = health("/healthz");
    assertThat(health.code()).isEqualTo(200);
    assertThat(health.headers())
        .containsEntry("Content-Type", "application/json")
        .containsEntry("X-Content-Type-Options", "nosniff");
    assertThat(health.body())
        .matches(
            "\\{\"lastUpdated\":\"([^\"]+Z)\",\"currentTime\":\"\\1\",\"nodeEligible\":true,"
                + "\"healthy\":true,\"status\":\\{\"IPv4\":\\{\"lastUpdated\":\"[^\"]+Z\","
                + "\"healthy\":true},\"IPv6\":\\{\"lastUpdated\":\"[^\"]+Z\",\"healthy\":true}}}");
    assertThat(health("/livez").body()).doesNotContain("nodeEligible");
    assertThat(health("/other").code()).isEqualTo(404);
  }

  @Test
  void net_P_14_aChangeThatWaitsForAMinuteMakesItUnhealthy() {
    proxies.restoresFail(NODE, true);
    service();
    pass(59 * SECOND);
    assertThat(health("/livez").code()).isEqualTo(200);
    pass(3 * SECOND);
    for (String path : new String[] {"/healthz", "/livez"}) {
      assertThat(health(path).code()).isEqualTo(503);
      assertThat(health(path).body()).contains("\"healthy\":false");
    }
    proxies.restoresFail(NODE, false);
    pass(32 * SECOND);
    assertThat(health("/healthz").code()).isEqualTo(200);
  }

  @Test
  void net_P_14_aNodeThatTheAutoscalerRemovesIsNotEligible() {
    KubeObject known = server.get(ObjectKey.of(ResourceType.NODES, "", NODE));
    KubeMap taint =
        KubeMap.of("key", "ToBeDeletedByClusterAutoscaler", "value", "1", "effect", "NoSchedule");
    server.update(
        ResourceType.NODES, known.withSpec(known.spec().with("taints", KubeList.of(taint))));
    pass(SECOND);
    assertThat(health("/healthz").code()).isEqualTo(503);
    assertThat(health("/healthz").body()).contains("\"nodeEligible\":false,\"healthy\":true");
    assertThat(health("/livez").code()).isEqualTo(200);
    known = server.get(ObjectKey.of(ResourceType.NODES, "", NODE));
    server.update(ResourceType.NODES, known.withSpec(known.spec().without("taints")));
    pass(SECOND);
    assertThat(health("/healthz").code()).isEqualTo(200);
  }

  @Test
  void net_P_14_aNodeThatIsBeingDeletedIsNotEligible() {
    KubeObject known = server.get(ObjectKey.of(ResourceType.NODES, "", NODE));
    server.update(
        ResourceType.NODES, known.with(KubeList.of("example.com/hold"), "metadata", "finalizers"));
    server.delete(ObjectKey.of(ResourceType.NODES, "", NODE), DeleteOptions.DEFAULT);
    pass(SECOND);
    assertThat(health("/healthz").code()).isEqualTo(503);
    assertThat(health("/livez").code()).isEqualTo(200);
  }
}
