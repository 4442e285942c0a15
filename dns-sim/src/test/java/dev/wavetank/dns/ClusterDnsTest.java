package dev.wavetank.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.net.InetAddresses;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Listeners;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.NetworkLatencies;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.dns.plugin.Outside;
import dev.wavetank.dns.resolver.Dig;
import dev.wavetank.dns.resolver.HostsFile;
import dev.wavetank.dns.resolver.ResolvConf;
import dev.wavetank.dns.resolver.StubResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pod asks for a name; the question travels, waits and comes back in virtual time. */
class ClusterDnsTest {
  private static final IpAddress DNS = IpAddress.parse("10.1.0.5");
  private static final IpAddress CLIENT = IpAddress.parse("10.1.0.6");
  private static final ResolvConf POD =
      ResolvConf.parse("nameserver 10.1.0.5\nsearch default.svc.cluster.local\n");

  private final Simulation simulation = new Simulation(Choices.seeded(3));
  private final ApiServer api = new ApiServer(simulation, Latencies.DEFAULT);
  private final Network network = new Network(simulation, NetworkLatencies.DEFAULT);
  private final ClusterDns dns = new ClusterDns(api, network, new Outside());
  private final List<StubResolver.Result> results = new ArrayList<>();
  private ClusterDns.@Nullable CoreDns coreDns;

  private final Listeners pod =
      new Listeners() {
        @Override
        public boolean listening(Protocol protocol, int port) {
          return coreDns != null && coreDns.listening(protocol, port);
        }

        @Override
        public void accepted(Connection connection) {}

        @Override
        public void datagram(Packet packet, byte[] payload, Consumer<byte[]> reply) {
          if (coreDns != null) {
            coreDns.datagram(packet, payload, reply);
          }
        }
      };

  @BeforeEach
  void oneNodeWithADnsPod() {
    for (ResourceType type : ResourceType.BUILT_IN) {
      api.serve(type, ResourceStrategy.PLAIN);
    }
    network.addNode("node-1", IpAddress.parse("172.18.0.3"), pod);
    network.attach(DNS, "node-1", pod);
    network.attach(CLIENT, "node-1", pod);
    api.create(ResourceType.NAMESPACES, TestCluster.namespace("default"));
    api.create(
        ResourceType.SERVICES,
        TestCluster.serviceObject("default", "todobackend", "10.103.210.17", "/TCP/80"));
  }

  private void start() {
    coreDns =
        dns.start(
            "coredns-1",
            Corefile.parse("Corefile", Corefile.kubeadm("cluster.local")),
            ImmutableList.of(DNS),
            ResolvConf.parse("nameserver 192.0.2.53\n"));
  }

  private void resolve(String name) {
    dns.resolve(
        new Source.Pod(CLIENT),
        POD,
        HostsFile.EMPTY,
        name,
        StubResolver.Family.ANY,
        null,
        results::add);
  }

  private void run(long seconds) {
    simulation.runUntil(simulation.now() + TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void aNameResolvesThroughTheNetworkAndTakesVirtualTime() {
    start();
    run(1);
    resolve("todobackend");
    assertThat(results).isEmpty();
    run(1);
    assertThat(results).hasSize(1);
    assertThat(results.get(0).addresses())
        .containsExactly(InetAddresses.forString("10.103.210.17"));
  }

  @Test
  void aServerLearnsOfAServiceOnlyAfterItsWatchHeardOfIt() {
    start();
    run(1);
    api.create(
        ResourceType.SERVICES,
        TestCluster.serviceObject("default", "late", "10.96.0.9", "/TCP/80"));
    assertThat(coreDns).isNotNull();
    assertThat(asked("late.default.svc.cluster.local.")).isEqualTo("NXDOMAIN");
    run(1);
    assertThat(asked("late.default.svc.cluster.local.")).isEqualTo("NOERROR");
  }

  private String asked(String name) {
    assertThat(coreDns).isNotNull();
    DnsServer.Response response =
        coreDns.server().answer(TestCluster.question(name, "A"), Protocol.UDP, simulation.now());
    assertThat(response).isNotNull();
    return org.xbill.DNS.Rcode.string(response.message().getRcode());
  }

  @Test
  void withoutAServerTheAddressRefusesAndResolutionFailsForNow() {
    resolve("todobackend");
    run(30);
    assertThat(results).hasSize(1);
    assertThat(results.get(0).status()).isEqualTo(StubResolver.Status.TEMPORARY_FAILURE);
  }

  @Test
  void aStoppedServerIsSilentOrRefuses() {
    start();
    run(1);
    assertThat(coreDns).isNotNull();
    coreDns.stop();
    resolve("todobackend");
    run(30);
    assertThat(results.get(0).status()).isEqualTo(StubResolver.Status.TEMPORARY_FAILURE);
  }

  @Test
  void aServerThatWaitsForTheOutsideAnswersLater() {
    start();
    run(1);
    long before = simulation.now();
    List<Long> took = new ArrayList<>();
    Dig dig =
        new Dig(List.of("+time=9", "www.example.com"), POD, TestCluster.ids(), simulation::instant);
    dns.run(new Source.Pod(CLIENT), dig, null, () -> took.add(simulation.now() - before));
    run(30);
    assertThat(dig.output()).contains("status: SERVFAIL");
    assertThat(TimeUnit.NANOSECONDS.toSeconds(took.get(0))).isEqualTo(6);
  }

  @Test
  void bigAnswersComeOverTcp() {
    Object[] endpoints = new Object[60];
    for (int i = 0; i < endpoints.length; i++) {
      endpoints[i] = TestCluster.endpoint("10.1.2." + (i + 1), "", true);
    }
    api.create(
        ResourceType.SERVICES, TestCluster.serviceObject("default", "big", "None", "http/TCP/80"));
    api.create(
        ResourceType.ENDPOINT_SLICES,
        TestCluster.sliceObject("default", "big", "big-1", KubeList.of(endpoints), "http/TCP/80"));
    start();
    run(1);
    resolve("big");
    run(1);
    assertThat(results.get(0).addresses()).hasSize(60);
  }

  @Test
  void twoRunsAreTheSame() {
    start();
    run(1);
    resolve("todobackend");
    run(1);
    long first = simulation.eventNumber();
    ClusterDnsTest again = new ClusterDnsTest();
    again.oneNodeWithADnsPod();
    again.start();
    again.run(1);
    again.resolve("todobackend");
    again.run(1);
    assertThat(again.simulation.eventNumber()).isEqualTo(first);
    assertThat(again.results).isEqualTo(results);
  }
}
