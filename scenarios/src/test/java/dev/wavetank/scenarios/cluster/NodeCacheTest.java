package dev.wavetank.scenarios.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.proxy.ProxyMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** NodeLocal DNSCache: a cache on each node that takes over the address of kube-dns there. */
class NodeCacheTest {

  private static final String NAME = "kubernetes.default.svc.cluster.local";

  private static Cluster cluster(ProxyMode mode) {
    Cluster cluster = Cluster.builder().nodes(2).proxyMode(mode).nodeLocalDns(true).start();
    cluster.apply(
        "client.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          nodeName: node-1
          containers: [{name: c, image: busybox, command: [sleep, "86400"]}]
        """);
    cluster.run(Duration.ofSeconds(60));
    return cluster;
  }

  private static String dig(Cluster cluster, String words) {
    return cluster.dig("pod/client", words.split(" "));
  }

  @Test
  void net_D_50_podsAskTheCacheOfTheirOwnNode() {
    Cluster cluster = cluster(ProxyMode.IPTABLES);
    assertThat(dig(cluster, NAME + " +short")).isEqualTo("10.96.0.1\n");
    assertThat(dig(cluster, "@169.254.20.10 " + NAME + " +short")).isEqualTo("10.96.0.1\n");
    assertThat(cluster.path("pod/client", "10.96.0.10", 53).text())
        .contains("node-1 raw: not tracked: the node itself has 10.96.0.10");
  }

  @Test
  void net_D_50_whatItKnowsIsNotAskedAgain() {
    Cluster cluster = cluster(ProxyMode.IPTABLES);
    dig(cluster, NAME);
    cluster.run(Duration.ofSeconds(3));
    // Answers of CoreDNS itself do not count down, those of the cache do.
    assertThat(dig(cluster, NAME + " +noall +answer")).containsPattern("\\s27\\s+IN");
  }

  @Test
  void net_D_50_whatItDoesNotKnowIsAskedOverTcp() {
    Cluster cluster = cluster(ProxyMode.IPTABLES);
    int before = cluster.kubeProxies().get("node-1").conntrack().size();
    dig(cluster, NAME);
    assertThat(cluster.kubeProxies().get("node-1").conntrack().size()).isEqualTo(before);
    assertThat(dig(cluster, "www.example.com +noall +comments")).contains("status: NXDOMAIN");
    assertThat(dig(cluster, NAME + " +tcp +short")).isEqualTo("10.96.0.1\n");
  }

  @Test
  void net_D_50_withoutTheClustersServersItAnswersWhatItKnows() {
    Cluster cluster = cluster(ProxyMode.IPTABLES);
    dig(cluster, NAME);
    cluster.kubectl("scale deployment coredns -n kube-system --replicas=0");
    cluster.run(Duration.ofSeconds(10));
    assertThat(dig(cluster, NAME + " +short")).isEqualTo("10.96.0.1\n");
    cluster.run(Duration.ofSeconds(30));
    assertThat(dig(cluster, NAME + " +noall +comments")).contains("status: SERVFAIL");
  }

  @Test
  void net_D_50_inModeIpvsPodsAskTheLinkLocalAddress() {
    Cluster cluster = cluster(ProxyMode.IPVS);
    assertThat(cluster.kubectl("exec client -- cat /etc/resolv.conf").stdout())
        .contains("nameserver 169.254.20.10");
    assertThat(dig(cluster, NAME + " +short")).isEqualTo("10.96.0.1\n");
  }

  @Test
  void aCacheThatEndsLeavesTheAddressToTheNodesRules() {
    Cluster cluster = cluster(ProxyMode.IPTABLES);
    cluster.kubectl("delete pod node-local-dns-node-1 -n kube-system --force");
    cluster.run(Duration.ofSeconds(5));
    assertThat(
            cluster
                .api()
                .find(ObjectKey.of(ResourceType.PODS, "kube-system", "node-local-dns-node-1")))
        .isNull();
    assertThat(dig(cluster, NAME + " +short")).isEqualTo("10.96.0.1\n");
    assertThat(cluster.path("pod/client", "10.96.0.10", 53).text()).doesNotContain("not tracked");
  }
}
