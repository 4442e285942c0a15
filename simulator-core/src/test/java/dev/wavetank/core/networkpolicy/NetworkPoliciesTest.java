package dev.wavetank.core.networkpolicy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.TestCluster;
import dev.wavetank.core.network.Connection;
import dev.wavetank.core.network.DataPath;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Listeners;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.NetworkLatencies;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.Source;
import dev.wavetank.core.network.Trail;
import dev.wavetank.core.network.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkPoliciesTest {

  private static final long SECOND = 1_000_000_000L;
  private static final String WEB = "10.244.0.10";
  private static final String CLIENT = "10.244.1.10";
  private static final String OTHER = "10.244.1.20";

  private final TestCluster cluster = new TestCluster();
  private final Network network = new Network(cluster.simulation, NetworkLatencies.DEFAULT);

  private static final class Open implements Listeners {
    @Override
    public boolean listening(Protocol protocol, int port) {
      return true;
    }

    @Override
    public void accepted(Connection connection) {
      // Whoever connects closes.
    }

    @Override
    public void datagram(Packet packet, byte[] payload, Consumer<byte[]> reply) {
      reply.accept(payload);
    }
  }

  @BeforeEach
  void twoNodesAndThreePods() {
    new NetworkPolicies(cluster.server, network);
    for (int i = 0; i < 2; i++) {
      network.addNode("node-" + i, IpAddress.parse("172.18.0." + (i + 3)), new Open());
      cluster.create(
          """
          apiVersion: v1
          kind: Node
          metadata: {name: node-%d}
          spec: {podCIDR: 10.244.%d.0/24, podCIDRs: [10.244.%d.0/24]}
          status: {addresses: [{type: InternalIP, address: 172.18.0.%d}]}
          """
              .formatted(i, i, i, i + 3));
    }
    cluster.create(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, labels: {team: shop}}
        """);
    pod("default", "web", "app: web", "node-0", WEB);
    pod("default", "client", "app: client", "node-1", CLIENT);
    pod("shop", "other", "app: client", "node-1", OTHER);
  }

  private void pod(String namespace, String name, String labels, String node, String ip) {
    cluster.create(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: %s, labels: {%s}}
        spec:
          nodeName: %s
          containers:
          - {name: c, image: i, ports: [{name: http, containerPort: 8080}]}
        """
            .formatted(name, namespace, labels, node));
    ObjectKey key = ObjectKey.of(ResourceType.PODS, namespace, name);
    cluster.server.updateStatus(
        ResourceType.PODS,
        cluster
            .server
            .get(key)
            .withStatus(
                TestCluster.yaml(
                        "{apiVersion: v1, kind: Pod, metadata: {name: x}, status: {phase: Running,"
                            + " podIP: %s, podIPs: [{ip: %s}]}}".formatted(ip, ip))
                    .status()));
    network.attach(IpAddress.parse(ip), node, new Open());
  }

  private void policy(String name, String spec) {
    cluster.create(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: %s, namespace: default}
        spec: %s
        """
            .formatted(name, spec));
    settle();
  }

  private void settle() {
    cluster.simulation.runUntil(cluster.simulation.now() + SECOND);
  }

  private String connect(Source source, String to, int port) {
    List<String> outcomes = new ArrayList<>();
    network.connect(
        source,
        IpAddress.parse(to),
        port,
        SECOND,
        null,
        new Connection.Client() {
          @Override
          public void established(Connection connection) {
            connection.close();
            outcomes.add("ok");
          }

          @Override
          public void failed(Connection connection, Connection.Failure failure, String detail) {
            outcomes.add(failure + ": " + detail);
          }
        });
    cluster.simulation.runUntil(cluster.simulation.now() + 2 * SECOND);
    return outcomes.get(0);
  }

  private String connect(String from, String to, int port) {
    return connect(new Source.Pod(IpAddress.parse(from)), to, port);
  }

  @Test
  void net_K_01_withoutAPolicyEverythingIsAllowed() {
    assertThat(connect(CLIENT, WEB, 8080)).isEqualTo("ok");
  }

  @Test
  void net_K_01_anyPolicyThatSelectsAPodIsolatesItAndPoliciesAddUp() {
    policy("deny-all", "{podSelector: {}, policyTypes: [Ingress]}");
    assertThat(connect(CLIENT, WEB, 8080))
        .isEqualTo(
            "TIMEOUT: NetworkPolicy default/deny-all isolates pod default/web for ingress, and no"
                + " policy of default allows ingress to TCP port 8080 from pod default/client");
    policy(
        "allow-client",
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels:"
            + " {app: client}}}]}]}");
    assertThat(connect(CLIENT, WEB, 8080)).isEqualTo("ok");
    assertThat(connect(OTHER, WEB, 8080)).contains("NetworkPolicies default/allow-client and");
    assertThat(connect(WEB, CLIENT, 8080)).startsWith("TIMEOUT");
  }

  @Test
  void net_K_02_aPolicyWithoutTypesIsAboutIngressAndAboutEgressWhenItHasSuchRules() {
    policy("ingress", "{podSelector: {matchLabels: {app: web}}}");
    assertThat(connect(WEB, CLIENT, 8080)).isEqualTo("ok");
    policy("both", "{podSelector: {matchLabels: {app: web}}, egress: [{ports: [{port: 53}]}]}");
    assertThat(connect(WEB, CLIENT, 8080)).startsWith("TIMEOUT").contains("for egress");
    assertThat(connect(WEB, CLIENT, 53)).isEqualTo("ok");
  }

  @Test
  void net_K_02_aTypeWithoutRulesDeniesAllOfIt() {
    policy("deny", "{podSelector: {}, policyTypes: [Egress]}");
    assertThat(connect(CLIENT, WEB, 8080)).contains("for egress");
    assertThat(connect(OTHER, WEB, 8080)).isEqualTo("ok");
  }

  @Test
  void net_K_03_aRuleWantsAPeerAndAPortAndAnEmptyRuleAllowsAll() {
    policy(
        "allow",
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}], ports:"
            + " [{port: 80}]}]}");
    assertThat(connect(CLIENT, WEB, 80)).isEqualTo("ok");
    assertThat(connect(CLIENT, WEB, 81)).startsWith("TIMEOUT");
    assertThat(connect(OTHER, WEB, 80)).startsWith("TIMEOUT");
    policy("all", "{podSelector: {matchLabels: {app: web}}, ingress: [{}]}");
    assertThat(connect(OTHER, WEB, 81)).isEqualTo("ok");
  }

  @Test
  void net_K_04_selectorsOfOnePeerBothHoldAndPeersOfAListAreAlternatives() {
    policy(
        "both",
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector:"
            + " {matchLabels: {team: shop}}, podSelector: {matchLabels: {app: web}}}]}]}");
    assertThat(connect(OTHER, WEB, 8080)).startsWith("TIMEOUT");
    policy(
        "either",
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector:"
            + " {matchLabels: {team: shop}}}, {podSelector: {matchLabels: {app: nobody}}}]}]}");
    assertThat(connect(OTHER, WEB, 8080)).isEqualTo("ok");
    assertThat(connect(CLIENT, WEB, 8080)).startsWith("TIMEOUT");
  }

  @Test
  void net_K_04_anEmptyNamespaceSelectorMeansEveryNamespace() {
    policy(
        "any",
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {}}]}]}");
    assertThat(connect(OTHER, WEB, 8080)).isEqualTo("ok");
    assertThat(connect(new Source.Node("node-1"), WEB, 8080)).startsWith("TIMEOUT");
  }

  @Test
  void net_K_05_anIpBlockAllowsItsAddressesWithoutTheExceptions() {
    policy(
        "block",
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 10.244.0.0/16,"
            + " except: [10.244.1.16/28]}}]}]}");
    assertThat(connect(CLIENT, WEB, 8080)).isEqualTo("ok");
    assertThat(connect(OTHER, WEB, 8080)).startsWith("TIMEOUT");
  }

  @Test
  void net_K_05_theServerRefusesBlocksThatAreWrong() {
    assertThat(refused("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]"))
        .isEqualTo(
            "spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer");
    assertThat(refused("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]"))
        .isEqualTo(
            "spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: \"10.0.0.0/8\": must be a"
                + " strict subset of `cidr`");
    assertThat(refused("egress: [{to: [{}]}]"))
        .isEqualTo("spec.egress[0].to[0]: Required value: must specify a peer");
  }

  private String refused(String spec) {
    return cluster.refused(
        TestCluster.yaml(
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace:"
                + " default}, spec: {podSelector: {}, "
                + spec
                + "}}"));
  }

  @Test
  void net_K_06_portsAreTcpUnlessTheySayOtherwiseAndNamesAreThoseOfThePod() {
    policy(
        "named",
        "{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: http}, {port: 9000,"
            + " endPort: 9010}, {port: 53, protocol: UDP}]}]}");
    assertThat(connect(CLIENT, WEB, 8080)).isEqualTo("ok");
    assertThat(connect(CLIENT, WEB, 9010)).isEqualTo("ok");
    assertThat(connect(CLIENT, WEB, 9011)).startsWith("TIMEOUT");
    assertThat(connect(CLIENT, WEB, 53)).startsWith("TIMEOUT");
  }

  @Test
  void net_K_06_theServerRefusesPortRangesThatAreWrong() {
    assertThat(refused("ingress: [{ports: [{port: http, endPort: 90}]}]"))
        .isEqualTo(
            "spec.ingress[0].ports[0].endPort: Invalid value: 90: may not be specified when `port`"
                + " is non-numeric");
    assertThat(refused("ingress: [{ports: [{port: 100, endPort: 90}]}]"))
        .isEqualTo(
            "spec.ingress[0].ports[0].endPort: Invalid value: 100: must be greater than or equal to"
                + " `port`");
  }

  @Test
  void net_K_07_whatComesFromThePodsOwnNodeReachesIt() {
    policy("deny-all", "{podSelector: {}, policyTypes: [Ingress]}");
    assertThat(connect(new Source.Node("node-0"), WEB, 8080)).isEqualTo("ok");
    assertThat(connect(new Source.Node("node-1"), WEB, 8080)).startsWith("TIMEOUT");
  }

  @Test
  void net_K_08_policiesSeeTheAddressBehindAServiceAndNotTheServices() {
    network.dataPath("node-1", new ToWeb());
    policy(
        "service",
        "{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{to:"
            + " [{ipBlock: {cidr: 10.96.0.0/12}}]}]}");
    assertThat(connect(CLIENT, "10.96.0.50", 80)).startsWith("TIMEOUT");
    policy(
        "pods",
        "{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{to:"
            + " [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]}]}");
    assertThat(connect(CLIENT, "10.96.0.50", 80)).isEqualTo("ok");
  }

  /** Translates every ClusterIP to port 8080 of the pod web. */
  private static final class ToWeb implements DataPath {
    @Override
    public Verdict route(Packet packet, Entry entry, @Nullable Trail trail) {
      boolean service = packet.destination().in(IpAddress.parse("10.96.0.0"), 12);
      return new Verdict.Forward(service ? packet.to(IpAddress.parse(WEB), 8080) : packet);
    }

    @Override
    public void closed(Packet packet) {
      // Keeps no connections.
    }
  }

  @Test
  void aConnectionThatIsMadeStaysAndAnswersPass() {
    List<String> outcomes = new ArrayList<>();
    Connection[] made = new Connection[1];
    network.connect(
        new Source.Pod(IpAddress.parse(CLIENT)),
        IpAddress.parse(WEB),
        8080,
        SECOND,
        null,
        new Connection.Client() {
          @Override
          public void established(Connection connection) {
            made[0] = connection;
          }

          @Override
          public void failed(Connection connection, Connection.Failure failure, String detail) {
            outcomes.add(detail);
          }
        });
    settle();
    policy("deny-all", "{podSelector: {}, policyTypes: [Ingress, Egress]}");
    network.segment(made[0], true, 0, "test/request", "", () -> outcomes.add("request"));
    network.segment(made[0], false, 0, "test/response", "", () -> outcomes.add("response"));
    settle();
    assertThat(outcomes).containsExactlyInAnyOrder("request", "response");
  }

  @Test
  void aPolicyThatIsDeletedIsolatesNobody() {
    policy("deny-all", "{podSelector: {}, policyTypes: [Ingress]}");
    cluster.server.delete(
        ObjectKey.of(ResourceType.NETWORK_POLICIES, "default", "deny-all"),
        DeleteOptions.BACKGROUND);
    settle();
    assertThat(connect(CLIENT, WEB, 8080)).isEqualTo("ok");
  }

  @Test
  void labelsAndNamespacesThatChangeAreFollowed() {
    policy(
        "shop",
        "{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector:"
            + " {matchLabels: {team: shop}}}]}]}");
    assertThat(connect(OTHER, WEB, 8080)).isEqualTo("ok");
    ObjectKey shop = ObjectKey.of(ResourceType.NAMESPACES, "", "shop");
    cluster.server.patch(
        ResourceType.NAMESPACES, shop, object -> object.with("none", "metadata", "labels", "team"));
    settle();
    assertThat(connect(OTHER, WEB, 8080)).startsWith("TIMEOUT");
    ObjectKey web = ObjectKey.of(ResourceType.PODS, "default", "web");
    cluster.server.patch(
        ResourceType.PODS, web, object -> object.with("gone", "metadata", "labels", "app"));
    settle();
    assertThat(connect(OTHER, WEB, 8080)).isEqualTo("ok");
  }
}
