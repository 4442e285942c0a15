package dev.wavetank.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.network.DataPath;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.Verdict;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KubeProxiesTest {

  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final IpAddress POD = IpAddress.parse("10.244.1.200");
  private static final IpAddress VIRTUAL = IpAddress.parse("10.96.0.20");

  private final Simulation simulation = new Simulation(Choices.seeded(1));
  private final ApiServer server = new ApiServer(simulation, Latencies.DEFAULT);
  private final KubeProxies proxies =
      new KubeProxies(
          server,
          KubeProxyConfiguration.defaults(ImmutableList.of(AddressBlock.parse("10.244.0.0/16"))));
  private int nextPort = 30_000;

  private void service(String protocol) {
    server.create(
        ResourceType.SERVICES,
        Manifest.service("web", "10.96.0.20", Manifest.port("", protocol, 80)));
  }

  private void endpoints(String protocol, KubeMap... endpoints) {
    KubeObject slice =
        Manifest.slice(
            "web-1", "web", KubeList.of((Object[]) endpoints), Manifest.port("", protocol, 8080));
    ObjectKey key = ObjectKey.of(ResourceType.ENDPOINT_SLICES, "default", "web-1");
    KubeObject existing = server.find(key);
    if (existing == null) {
      server.create(ResourceType.ENDPOINT_SLICES, slice.with("IPv4", "addressType"));
    } else {
      server.update(
          ResourceType.ENDPOINT_SLICES,
          existing.withRoot(existing.root().with("endpoints", slice.root().get("endpoints"))));
    }
  }

  private String connect(KubeProxy proxy, Protocol protocol, int sourcePort) {
    Packet packet = new Packet(protocol, POD, sourcePort, VIRTUAL, 80);
    Verdict verdict = proxy.route(packet, DataPath.Entry.LOCAL_POD, null);
    return verdict instanceof Verdict.Forward forward
        ? forward.packet().destination().toString()
        : verdict.toString();
  }

  private String connect(KubeProxy proxy) {
    return connect(proxy, Protocol.TCP, nextPort++);
  }

  @Test
  void net_P_21_eachNodeLearnsOfAChangeAtItsOwnTime() {
    List<KubeProxy> nodes = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      nodes.add(proxies.start(Manifest.node(i, "zone-a")));
    }
    simulation.runUntil(5 * SECOND);
    service("TCP");
    endpoints("TCP", Manifest.endpoint("10.244.2.2", "node-2"));
    TreeMap<String, Integer> halfWay = new TreeMap<>();
    simulation.runUntil(simulation.now() + 23 * MILLI);
    nodes.forEach(node -> halfWay.merge(connect(node), 1, Integer::sum));
    assertThat(halfWay).containsKeys("10.244.2.2", "10.96.0.20");
    simulation.runUntil(simulation.now() + SECOND + 100 * MILLI);
    nodes.forEach(node -> assertThat(connect(node)).isEqualTo("10.244.2.2"));
    assertThat(proxies.caughtUp()).isTrue();
  }

  @Test
  void net_P_08_betweenTheEndOfASyncAndTheNextStartLiesTheMinSyncPeriod() {
    KubeProxy proxy = proxies.start(Manifest.node(1, "zone-a"));
    service("TCP");
    simulation.runUntil(5 * SECOND);
    long before = proxy.syncs();
    List<Long> ends = new ArrayList<>();
    long seen = before;
    for (int i = 0; i < 400; i++) {
      endpoints("TCP", Manifest.endpoint("10.244.2." + (i % 200 + 2), "node-2"));
      simulation.runUntil(simulation.now() + 10 * MILLI);
      if (proxy.syncs() != seen) {
        seen = proxy.syncs();
        ends.add(proxy.lastSyncEndNanos);
      }
    }
    simulation.runUntil(simulation.now() + 3 * SECOND);
    assertThat(ends.size()).isBetween(3, 4);
    for (int i = 1; i < ends.size(); i++) {
      assertThat(ends.get(i) - ends.get(i - 1)).isBetween(SECOND, SECOND + 60 * MILLI);
    }
    assertThat(connect(proxy)).isEqualTo("10.244.2.201");
    assertThat(proxies.caughtUp()).isTrue();
  }

  @Test
  void aQuietClusterHasNoEvents() {
    for (int i = 1; i <= 50; i++) {
      proxies.start(Manifest.node(i, "zone-a"));
    }
    simulation.runUntil(5 * SECOND);
    assertThat(simulation.pending()).isZero();
    service("TCP");
    assertThat(simulation.pending()).isEqualTo(50);
    endpoints("TCP", Manifest.endpoint("10.244.2.2", "node-2"));
    assertThat(simulation.pending()).isEqualTo(50);
  }

  @Test
  void aChangeOfAServiceThatDoesNotConcernItsPortsAsksForNoSync() {
    KubeProxy proxy = proxies.start(Manifest.node(1, "zone-a"));
    service("TCP");
    simulation.runUntil(5 * SECOND);
    long before = proxy.syncs();
    ObjectKey key = ObjectKey.of(ResourceType.SERVICES, "default", "web");
    KubeObject service = server.find(key);
    server.update(
        ResourceType.SERVICES, service.with("x", "metadata", "annotations", "example.com/note"));
    simulation.runUntil(10 * SECOND);
    assertThat(proxy.syncs()).isEqualTo(before);
  }

  @Test
  void net_P_06_nothingIsTranslatedBeforeTheFirstSync() {
    service("TCP");
    endpoints("TCP", Manifest.endpoint("10.244.2.2", "node-2"));
    KubeProxy proxy = proxies.start(Manifest.node(1, "zone-a"));
    assertThat(connect(proxy)).isEqualTo("10.96.0.20");
    simulation.runUntil(SECOND);
    assertThat(connect(proxy)).isEqualTo("10.244.2.2");
  }

  @Test
  void net_P_17_anOpenConnectionStaysWithItsEndpointWhenThatIsRemoved() {
    service("TCP");
    endpoints("TCP", Manifest.endpoint("10.244.2.2", "node-2"));
    KubeProxy proxy = proxies.start(Manifest.node(1, "zone-a"));
    simulation.runUntil(SECOND);
    assertThat(connect(proxy, Protocol.TCP, 5_000)).isEqualTo("10.244.2.2");
    endpoints("TCP", Manifest.endpoint("10.244.3.3", "node-3"));
    simulation.runUntil(1_000 * SECOND);
    assertThat(connect(proxy, Protocol.TCP, 5_000)).isEqualTo("10.244.2.2");
    assertThat(connect(proxy, Protocol.TCP, 5_001)).isEqualTo("10.244.3.3");
    proxy.closed(new Packet(Protocol.TCP, POD, 5_000, VIRTUAL, 80));
    assertThat(connect(proxy, Protocol.TCP, 5_000)).isEqualTo("10.244.3.3");
  }

  @Test
  void net_P_18_allRequestsOfAConnectionThatIsKeptAliveReachOnePod() {
    service("TCP");
    endpoints(
        "TCP",
        Manifest.endpoint("10.244.2.2", "node-2"),
        Manifest.endpoint("10.244.3.2", "node-3"));
    KubeProxy proxy = proxies.start(Manifest.node(1, "zone-a"));
    simulation.runUntil(SECOND);
    String pod = connect(proxy, Protocol.TCP, 5_000);
    for (int request = 0; request < 100; request++) {
      simulation.runUntil(simulation.now() + 10 * SECOND);
      assertThat(connect(proxy, Protocol.TCP, 5_000)).isEqualTo(pod);
    }
    assertThat(List.of(connect(proxy), connect(proxy)))
        .containsExactlyInAnyOrder("10.244.2.2", "10.244.3.2");
  }

  private KubeProxy sticky(int seconds) {
    KubeObject service =
        Manifest.service("web", "10.96.0.20", Manifest.port("", "TCP", 80))
            .with("ClientIP", "spec", "sessionAffinity")
            .with((long) seconds, "spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds");
    server.create(ResourceType.SERVICES, service);
    endpoints(
        "TCP",
        Manifest.endpoint("10.244.2.2", "node-2"),
        Manifest.endpoint("10.244.3.2", "node-3"));
    KubeProxy proxy = proxies.start(Manifest.node(1, "zone-a"));
    simulation.runUntil(SECOND);
    return proxy;
  }

  private String connectFrom(KubeProxy proxy, String source) {
    Packet packet = new Packet(Protocol.TCP, IpAddress.parse(source), nextPort++, VIRTUAL, 80);
    Verdict verdict = proxy.route(packet, DataPath.Entry.LOCAL_POD, null);
    return ((Verdict.Forward) verdict).packet().destination().toString();
  }

  @Test
  void net_I_18_affinityIsPerSourceAddressAndPerNode() {
    KubeProxy proxy = sticky(10);
    KubeProxy other = proxies.start(Manifest.node(2, "zone-a"));
    simulation.runUntil(2 * SECOND);
    String first = connectFrom(proxy, "10.244.1.7");
    String second = connectFrom(proxy, "10.244.1.8");
    assertThat(second).isNotEqualTo(first);
    for (int i = 0; i < 5; i++) {
      assertThat(connectFrom(proxy, "10.244.1.7")).isEqualTo(first);
      assertThat(connectFrom(proxy, "10.244.1.8")).isEqualTo(second);
    }
    assertThat(connectFrom(other, "10.244.1.8")).isEqualTo(first);
  }

  @Test
  void net_I_18_eachConnectionRefreshesTheAffinity() {
    KubeProxy proxy = sticky(10);
    String pod = connectFrom(proxy, "10.244.1.7");
    for (int i = 0; i < 5; i++) {
      simulation.runUntil(simulation.now() + 9 * SECOND);
      assertThat(connectFrom(proxy, "10.244.1.7")).isEqualTo(pod);
    }
    simulation.runUntil(simulation.now() + 11 * SECOND);
    assertThat(connectFrom(proxy, "10.244.1.7")).isNotEqualTo(pod);
  }

  @Test
  void net_P_19_aUdpConnectionLeavesAnEndpointThatServesNoMore() {
    service("UDP");
    endpoints("UDP", Manifest.endpoint("10.244.2.2", "node-2"));
    KubeProxy proxy = proxies.start(Manifest.node(1, "zone-a"));
    simulation.runUntil(SECOND);
    assertThat(connect(proxy, Protocol.UDP, 5_000)).isEqualTo("10.244.2.2");
    endpoints(
        "UDP",
        Manifest.endpoint("10.244.2.2", "node-2", false, true, true),
        Manifest.endpoint("10.244.3.3", "node-3"));
    simulation.runUntil(4 * SECOND);
    assertThat(connect(proxy, Protocol.UDP, 5_000)).isEqualTo("10.244.2.2");
    endpoints("UDP", Manifest.endpoint("10.244.3.3", "node-3"));
    simulation.runUntil(8 * SECOND);
    assertThat(connect(proxy, Protocol.UDP, 5_000)).isEqualTo("10.244.3.3");
    endpoints("UDP");
    simulation.runUntil(12 * SECOND);
    assertThat(connect(proxy, Protocol.UDP, 5_000)).isEqualTo("10.244.3.3");
    assertThat(connect(proxy, Protocol.UDP, 5_001)).contains("icmp-port-unreachable");
  }

  @Test
  void anSctpAssociationIsTranslatedByItsServiceAndStays() {
    KubeProxy proxy = proxies.start(Manifest.node(1, "zone-a"));
    service("SCTP");
    simulation.runUntil(5 * SECOND);
    assertThat(connect(proxy, Protocol.SCTP, 40_000)).contains("icmp-port-unreachable");
    endpoints("SCTP", Manifest.endpoint("10.244.2.2", "node-2"));
    simulation.runUntil(10 * SECOND);
    assertThat(connect(proxy, Protocol.SCTP, 40_001)).isEqualTo("10.244.2.2");
    assertThat(connect(proxy, Protocol.TCP, 40_001)).isEqualTo("10.96.0.20");
    assertThat(proxy.ruleset(IpFamily.IPV4).save())
        .contains("-d 10.96.0.20/32 -p sctp -m comment --comment \"default/web cluster IP\"")
        .contains("-p sctp -m comment --comment \"default/web\" -m sctp -j DNAT");
    endpoints("SCTP", Manifest.endpoint("10.244.2.3", "node-2"));
    simulation.runUntil(15 * SECOND);
    assertThat(connect(proxy, Protocol.SCTP, 40_001)).isEqualTo("10.244.2.2");
    assertThat(connect(proxy, Protocol.SCTP, 40_002)).isEqualTo("10.244.2.3");
  }

  @Test
  void aDeletedServiceIsTranslatedNoMore() {
    service("TCP");
    endpoints("TCP", Manifest.endpoint("10.244.2.2", "node-2"));
    KubeProxy proxy = proxies.start(Manifest.node(1, "zone-a"));
    simulation.runUntil(SECOND);
    server.delete(ObjectKey.of(ResourceType.SERVICES, "default", "web"), DeleteOptions.BACKGROUND);
    simulation.runUntil(5 * SECOND);
    assertThat(connect(proxy)).isEqualTo("10.96.0.20");
    assertThat(proxy.ruleset(IpFamily.IPV4).save()).doesNotContain("KUBE-SVC");
  }

  @Test
  void roundRobinIsCountedByEachNode() {
    service("TCP");
    endpoints(
        "TCP",
        Manifest.endpoint("10.244.2.2", "node-2"),
        Manifest.endpoint("10.244.3.2", "node-3"));
    KubeProxy one = proxies.start(Manifest.node(1, "zone-a"));
    KubeProxy two = proxies.start(Manifest.node(2, "zone-a"));
    simulation.runUntil(SECOND);
    assertThat(connect(one)).isEqualTo("10.244.2.2");
    assertThat(connect(one)).isEqualTo("10.244.3.2");
    assertThat(connect(one)).isEqualTo("10.244.2.2");
    assertThat(connect(two)).isEqualTo("10.244.2.2");
  }

  @Test
  void theTrailNamesEveryRule() {
    service("TCP");
    endpoints("TCP", Manifest.endpoint("10.244.2.2", "node-2"));
    KubeProxy proxy = proxies.start(Manifest.node(1, "zone-a"));
    simulation.runUntil(SECOND);
    List<String> steps = new ArrayList<>();
    Packet packet = new Packet(Protocol.TCP, POD, 9, VIRTUAL, 80);
    proxy.route(
        packet, DataPath.Entry.LOCAL_POD, (where, rule, words) -> steps.add(where + " | " + words));
    String chain = ChainNames.clusterPolicy("default/web", Protocol.TCP);
    assertThat(steps)
        .startsWith(
            "node-1 nat PREROUTING | goes on in KUBE-SERVICES",
            "node-1 nat KUBE-SERVICES | goes on in " + chain)
        .contains(
            "node-1 nat "
                + ChainNames.endpoint("default/web", Protocol.TCP, "10.244.2.2:8080")
                + " | destination becomes 10.244.2.2:8080");
  }

  @Test
  void net_V_05_ipvsModeIsReportedAsDeprecated() {
    KubeProxies ipvs =
        new KubeProxies(
            server,
            KubeProxyConfiguration.defaults(ImmutableList.of(AddressBlock.parse("10.244.0.0/16")))
                .withMode(ProxyMode.IPVS));
    KubeProxy proxy = ipvs.start(Manifest.node(1, "zone-a"));
    service("TCP");
    endpoints("TCP", Manifest.endpoint("10.244.2.2", "node-2"));
    simulation.runUntil(5 * SECOND);
    assertThat(server.head().list(ResourceType.EVENTS))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.root().string("type")).isEqualTo("Warning");
              assertThat(event.root().string("reason")).isEqualTo("IPVSDeprecation");
              assertThat(event.root().string("message"))
                  .isEqualTo(
                      "The ipvs proxier is now deprecated and may be removed in a future release."
                          + " Please use 'nftables' instead.");
            });
    assertThat(connect(proxy)).isEqualTo("10.244.2.2");
    assertThat(proxy.ipvsList(IpFamily.IPV4))
        .contains("TCP  10.96.0.20:80 rr\n  -> 10.244.2.2:8080              Masq    1      1 ");
    assertThat(proxy.ruleset(IpFamily.IPV4).save()).contains("--match-set KUBE-CLUSTER-IP");
  }
}
