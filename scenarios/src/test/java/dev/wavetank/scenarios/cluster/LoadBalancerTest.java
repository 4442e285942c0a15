package dev.wavetank.scenarios.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.cloudprovider.SimulatedLoadBalancers.IpMode;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.network.IpBlock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Services of type LoadBalancer in a cluster that runs in a cloud, and what comes by them. */
class LoadBalancerTest {

  private static final String ADDRESS = "203.0.113.1";

  private static Cluster cluster(IpMode mode, String spec) {
    Cluster cluster = Cluster.builder().nodes(3).loadBalancers(mode).start();
    cluster.apply(
        "web.yaml",
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}], %s}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, labels: {app: web}}
        spec:
          nodeName: node-2
          containers: [{name: web, image: traefik/whoami, ports: [{containerPort: 80}]}]
        """
            .formatted(spec));
    cluster.run(Duration.ofSeconds(60));
    return cluster;
  }

  private static Reach get(Cluster cluster, String from, String to) {
    return cluster.get(from, to, 80, "/");
  }

  private static String status(Cluster cluster) {
    return cluster.kubectl("get service web -o jsonpath={.status.loadBalancer.ingress}").stdout();
  }

  @Test
  void clientsOutsideComeInByAnyNode() {
    Cluster cluster = cluster(IpMode.VIP, "sessionAffinity: None");
    assertThat(status(cluster)).isEqualTo("[{\"ip\":\"203.0.113.1\",\"ipMode\":\"VIP\"}]");
    assertThat(cluster.kubectl("get service web").stdout()).contains(" " + ADDRESS + " ");
    Map<String, Integer> nodes = new TreeMap<>();
    for (int i = 0; i < 60; i++) {
      String path = cluster.path("outside", ADDRESS, 80).text();
      assertThat(path).contains("load balancer 203.0.113.1").contains("web loadbalancer IP");
      String after = path.substring(path.indexOf("goes to node ") + "goes to node ".length());
      nodes.merge(after.substring(0, "node-1".length()), 1, Integer::sum);
    }
    assertThat(nodes).containsOnlyKeys("node-1", "node-2", "node-3");
    assertThat(get(cluster, "outside", ADDRESS).ok()).isTrue();
  }

  @Test
  void withoutACloudTheAddressStaysPending() {
    Cluster cluster = Cluster.builder().nodes(1).start();
    cluster.kubectl("create service loadbalancer web --tcp=80");
    cluster.run(Duration.ofMinutes(10));
    assertThat(cluster.kubectl("get service web").stdout()).contains("<pending>");
    assertThat(get(cluster, "outside", ADDRESS).failure()).isEqualTo(Failure.TIMED_OUT);
  }

  @Test
  void underLocalPolicyOnlyNodesWithEndpointsGetTraffic() {
    Cluster cluster = cluster(IpMode.VIP, "externalTrafficPolicy: Local");
    for (int i = 0; i < 40; i++) {
      assertThat(get(cluster, "outside", ADDRESS).ok()).isTrue();
    }
  }

  @Test
  void theHealthCheckNodePortTellsWhoHasEndpoints() {
    Cluster cluster = cluster(IpMode.VIP, "externalTrafficPolicy: Local");
    int port =
        Integer.parseInt(
            cluster.kubectl("get service web -o jsonpath={.spec.healthCheckNodePort}").stdout());
    Reach with = cluster.get("outside", "172.18.0.4", port, "/healthz");
    assertThat(with.response().status()).isEqualTo(200);
    assertThat(with.response().body()).contains("\"localEndpoints\": 1");
    Reach without = cluster.get("outside", "172.18.0.3", port, "/healthz");
    assertThat(without.response().status()).isEqualTo(503);
  }

  @Test
  void net_P_14_aNodeThatTheAutoscalerRemovesSaysSoAtItsPort10256AndGetsNoTraffic() {
    Cluster cluster = cluster(IpMode.VIP, "externalTrafficPolicy: Cluster");
    Reach healthy = cluster.get("outside", "172.18.0.3", 10256, "/healthz");
    assertThat(healthy.response().status()).isEqualTo(200);
    cluster.kubectl("taint node node-1 ToBeDeletedByClusterAutoscaler=1:NoSchedule");
    cluster.run(Duration.ofSeconds(30));
    Reach leaving = cluster.get("outside", "172.18.0.3", 10256, "/healthz");
    assertThat(leaving.response().status()).isEqualTo(503);
    assertThat(leaving.response().body()).contains("\"nodeEligible\":false");
    assertThat(cluster.get("outside", "172.18.0.3", 10256, "/livez").response().status())
        .isEqualTo(200);
    for (int i = 0; i < 30; i++) {
      assertThat(cluster.path("outside", ADDRESS, 80).text()).doesNotContain("goes to node node-1");
    }
  }

  @Test
  void aNodeThatLostItsEndpointGetsTrafficUntilItsHealthChecksFail() {
    Cluster cluster = cluster(IpMode.VIP, "externalTrafficPolicy: Local");
    cluster.kubectl("delete pod web --force");
    cluster.run(Duration.ofSeconds(2));
    String before = cluster.path("outside", ADDRESS, 80).text();
    assertThat(before).contains("goes to node node-2");
    cluster.run(Duration.ofSeconds(15));
    assertThat(cluster.path("outside", ADDRESS, 80).text())
        .contains("none of 3 nodes passes its health checks");
  }

  @Test
  void aProxySendsFromItsOwnAddressToNodePorts() {
    Cluster cluster = cluster(IpMode.PROXY, "externalTrafficPolicy: Local");
    assertThat(status(cluster)).contains("\"ipMode\":\"Proxy\"");
    assertThat(get(cluster, "outside", ADDRESS).ok()).isTrue();
    assertThat(cluster.path("outside", ADDRESS, 80).text()).contains("KUBE-NODEPORTS");
    assertThat(cluster.rules("node-1").iptablesSave()).doesNotContain(ADDRESS);
  }

  @Test
  void podsReachAVipByTheirOwnNodeAndAProxyByTheProxy() {
    Cluster vip = cluster(IpMode.VIP, "sessionAffinity: None");
    assertThat(get(vip, "pod/web", ADDRESS).ok()).isTrue();
    assertThat(vip.path("pod/web", ADDRESS, 80).text()).doesNotContain("goes to node");
    Cluster proxy = cluster(IpMode.PROXY, "sessionAffinity: None");
    assertThat(get(proxy, "pod/web", ADDRESS).ok()).isTrue();
    assertThat(proxy.path("pod/web", ADDRESS, 80).text()).contains("goes to node");
  }

  @Test
  void sourceRangesKeepOthersOut() {
    Cluster closed = cluster(IpMode.PROXY, "loadBalancerSourceRanges: [192.0.2.0/24]");
    assertThat(get(closed, "outside", ADDRESS).failure()).isEqualTo(Failure.TIMED_OUT);
    assertThat(closed.path("outside", ADDRESS, 80).text())
        .contains("loadBalancerSourceRanges do not have 198.51.100.10");
    Cluster open = cluster(IpMode.PROXY, "loadBalancerSourceRanges: [198.51.100.0/24]");
    assertThat(get(open, "outside", ADDRESS).ok()).isTrue();
  }

  @Test
  void aCrashedNodeGetsNoMoreConnectionsOnceItsChecksFail() {
    Cluster cluster = cluster(IpMode.VIP, "sessionAffinity: None");
    cluster.crashNode("node-3");
    cluster.run(Duration.ofSeconds(15));
    for (int i = 0; i < 30; i++) {
      assertThat(get(cluster, "outside", ADDRESS).ok()).isTrue();
    }
  }

  @Test
  void clientAffinityKeepsAClientOnItsNode() {
    Cluster cluster = cluster(IpMode.VIP, "sessionAffinity: ClientIP");
    String first = cluster.path("outside", ADDRESS, 80).text();
    int at = first.indexOf("goes to node ");
    String node = first.substring(at, at + "goes to node node-1".length());
    for (int i = 0; i < 20; i++) {
      assertThat(cluster.path("outside", ADDRESS, 80).text()).contains(node);
    }
  }

  @Test
  void anAddressIsGivenBackAndTheWishForOneIsHeard() {
    Cluster cluster =
        Cluster.builder()
            .nodes(1)
            .loadBalancers(IpMode.VIP)
            .loadBalancerAddresses(IpBlock.parse("203.0.113.0/30"))
            .start();
    cluster.apply("a.yaml", wish("a", "203.0.113.2"));
    cluster.apply("b.yaml", wish("b", "203.0.113.1"));
    cluster.run(Duration.ofSeconds(30));
    cluster.kubectl("create service loadbalancer c --tcp=80");
    cluster.run(Duration.ofSeconds(30));
    assertThat(cluster.kubectl("get services a b c").stdout())
        .contains("203.0.113.2")
        .contains("203.0.113.1")
        .contains("<pending>");
    assertThat(cluster.kubectl("describe service c").stdout())
        .contains("no address is free in 203.0.113.0/30");
    cluster.kubectl("delete service b");
    cluster.run(Duration.ofMinutes(5));
    assertThat(cluster.kubectl("get service c").stdout()).contains("203.0.113.1");
  }

  private static String wish(String name, String address) {
    return """
        apiVersion: v1
        kind: Service
        metadata: {name: %s}
        spec: {type: LoadBalancer, loadBalancerIP: %s, ports: [{port: 80}]}
        """
        .formatted(name, address);
  }
}
