package dev.wavetank.scenarios.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.proxy.ProxyMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster of both families: nodes, pods, endpoints, rules and names have IPv6 too. */
class DualStackTest {

  private static final String WEB =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
      spec:
        type: NodePort
        ipFamilyPolicy: RequireDualStack
        clusterIP: 10.96.7.7
        clusterIPs: [10.96.7.7, "fd00:10:96::77"]
        selector:
          app: web
        ports:
        - port: 80
          targetPort: 8000
          nodePort: 30080
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: headless
      spec:
        ipFamilyPolicy: RequireDualStack
        clusterIP: None
        selector:
          app: web
        ports:
        - port: 8000
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: single
      spec:
        selector:
          app: web
        ports:
        - port: 80
          targetPort: 8000
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        replicas: 3
        selector:
          matchLabels:
            app: web
        template:
          metadata:
            labels:
              app: web
          spec:
            containers:
            - name: web
              image: todobackend
              command: [uwsgi, "--http=[::]:8000"]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: client
      spec:
        containers:
        - name: client
          image: busybox
          command: [sleep, "100000"]
          env:
          - name: IP
            valueFrom: {fieldRef: {fieldPath: status.podIP}}
          - name: IPS
            valueFrom: {fieldRef: {fieldPath: status.podIPs}}
          - name: HOST_IPS
            valueFrom: {fieldRef: {fieldPath: status.hostIPs}}
      """;

  private static Cluster cluster(ProxyMode mode) {
    Cluster cluster = Cluster.builder().nodes(3).seed(42).dualStack(true).proxyMode(mode).start();
    for (Manifest manifest : Manifests.read("test.yaml", WEB)) {
      KubeObject object = manifest.object();
      ResourceType type = cluster.api().typeOf(object.apiVersion(), object.kind());
      assertThat(type).isNotNull();
      cluster.api().create(type, object);
    }
    cluster.run(Duration.ofSeconds(60));
    return cluster;
  }

  private static Cluster cluster() {
    return cluster(ProxyMode.IPTABLES);
  }

  private static KubeObject pod(Cluster cluster, String name) {
    return cluster.api().get(ObjectKey.of(ResourceType.PODS, "default", name));
  }

  private static List<String> ips(KubeList ips) {
    List<String> texts = new ArrayList<>();
    ips.maps().forEach(ip -> texts.add(ip.string("ip", "")));
    return texts;
  }

  @Test
  void aNodeHasAnAddressAndABlockOfPodAddressesOfEach() {
    Cluster cluster = Cluster.builder().nodes(2).dualStack(true).start();
    KubeObject node = cluster.api().get(ObjectKey.of(ResourceType.NODES, "", "node-2"));
    assertThat(node.spec().get("podCIDR")).isEqualTo("10.244.1.0/24");
    assertThat(node.spec().get("podCIDRs"))
        .isEqualTo(KubeList.of("10.244.1.0/24", "fd00:10:244:1::/64"));
    assertThat(node.status().listOrEmpty("addresses"))
        .isEqualTo(
            KubeList.of(
                KubeMap.of("address", "172.18.0.4", "type", "InternalIP"),
                KubeMap.of("address", "fd00:172:18::4", "type", "InternalIP"),
                KubeMap.of("address", "node-2", "type", "Hostname")));
  }

  @Test
  void aPodHasAnAddressOfEach() {
    Cluster cluster = cluster();
    KubeMap status = pod(cluster, "client").status();
    List<String> podIps = ips(status.listOrEmpty("podIPs"));
    assertThat(podIps).hasSize(2);
    assertThat(podIps.get(0)).startsWith("10.244.").isEqualTo(status.get("podIP"));
    assertThat(podIps.get(1)).startsWith("fd00:10:244:");
    List<String> hostIps = ips(status.listOrEmpty("hostIPs"));
    assertThat(hostIps).hasSize(2);
    assertThat(hostIps.get(1)).startsWith("fd00:172:18::");
    assertThat(cluster.kubectl("exec client -- sh -c 'echo $IP $IPS $HOST_IPS'").stdout())
        .isEqualTo(
            podIps.get(0)
                + " "
                + String.join(",", podIps)
                + " "
                + String.join(",", hostIps)
                + "\n");
    assertThat(cluster.kubectl("exec client -- cat /etc/hosts").stdout())
        .contains(podIps.get(0) + "\tclient\n" + podIps.get(1) + "\tclient\n");
  }

  @Test
  void aServiceOfBothHasASliceOfEach() {
    Cluster cluster = cluster();
    List<String> types = new ArrayList<>();
    for (KubeObject slice : cluster.api().list(ResourceType.ENDPOINT_SLICES)) {
      if ("web".equals(slice.labels().get("kubernetes.io/service-name"))) {
        String type = slice.root().string("addressType", "");
        types.add(type);
        assertThat(slice.root().listOrEmpty("endpoints")).hasSize(3);
        for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
          String address = String.valueOf(endpoint.listOrEmpty("addresses").get(0));
          assertThat(address.indexOf(':') >= 0).isEqualTo(type.equals("IPv6"));
        }
      }
    }
    assertThat(types).containsExactlyInAnyOrder("IPv4", "IPv6");
    KubeObject endpoints =
        cluster.api().get(ObjectKey.of(ResourceType.ENDPOINTS, "default", "web"));
    for (KubeMap subset : endpoints.root().listOrEmpty("subsets").maps()) {
      assertThat(ips(subset.listOrEmpty("addresses"))).allMatch(ip -> ip.startsWith("10.244."));
    }
  }

  @ParameterizedTest
  @EnumSource(ProxyMode.class)
  void bothClusterIpsAndNodePortsLeadToPodsOfTheirFamily(ProxyMode mode) {
    Cluster cluster = cluster(mode);
    for (String from : List.of("pod/client", "node/node-1")) {
      Reach reach = cluster.get(from, "fd00:10:96::77", 80, "/");
      assertThat(reach.failure()).isEqualTo(Failure.NONE);
      assertThat(reach.endpoint()).startsWith("[fd00:10:244:").endsWith("]:8000");
      assertThat(reach.pod()).startsWith("default/web-");
      assertThat(cluster.get(from, "10.96.7.7", 80, "/").endpoint()).startsWith("10.244.");
    }
    for (String from : List.of("pod/client", "outside")) {
      Reach reach = cluster.get(from, "fd00:172:18::4", 30080, "/");
      assertThat(reach.failure()).isEqualTo(Failure.NONE);
      assertThat(reach.endpoint()).startsWith("[fd00:10:244:");
    }
  }

  @Test
  void pathTellsTheRulesOfIpv6() {
    Cluster cluster = cluster();
    assertThat(cluster.path("pod/client", "fd00:10:96::77", 80).text())
        .contains("-d fd00:10:96::77/128", "DNAT --to-destination [fd00:10:244:");
    assertThat(cluster.rules("node-1").ip6tablesSave())
        .contains("-d fd00:10:96::77/128")
        .doesNotContain("10.96.7.7");
    assertThat(cluster.rules("node-1").iptablesSave())
        .contains("-d 10.96.7.7/32")
        .doesNotContain("fd00:");
  }

  @Test
  void namesHaveAddressesOfBoth() {
    Cluster cluster = cluster();
    assertThat(cluster.dig("pod/client", "web", "aaaa", "+search", "+short"))
        .isEqualTo("fd00:10:96::77\n");
    assertThat(cluster.dig("pod/client", "web", "a", "+search", "+short")).isEqualTo("10.96.7.7\n");
    assertThat(cluster.dig("pod/client", "single", "aaaa", "+search", "+short")).isEmpty();
    assertThat(cluster.dig("pod/client", "headless", "aaaa", "+search", "+short").lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("fd00:10:244:"));
    assertThat(cluster.dig("pod/client", "-x", "fd00:10:96::77", "+short"))
        .isEqualTo("web.default.svc.cluster.local.\n");
  }

  @Test
  void net_D_02_theAddressesOfAServiceOfBothShareTheWeight() {
    assertThat(cluster().dig("pod/client", "web", "srv", "+search", "+short"))
        .isEqualTo("0 50 80 web.default.svc.cluster.local.\n");
  }

  @Test
  void aPodThatGoesGivesBothAddressesBack() {
    Cluster cluster = cluster();
    List<String> ips = ips(pod(cluster, "client").status().listOrEmpty("podIPs"));
    cluster.kubectl("delete pod client --grace-period=1");
    cluster.run(Duration.ofMinutes(1));
    for (String ip : ips) {
      assertThat(cluster.path("node/node-1", ip, 8000).text())
          .contains("no pod or node has the address " + ip);
    }
  }

  @Test
  void aNetworkPolicyHoldsForBoth() {
    Cluster cluster = cluster();
    cluster.apply(
        "policy.yaml",
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: deny}
        spec:
          podSelector: {matchLabels: {app: web}}
          policyTypes: [Ingress]
        """);
    cluster.run(Duration.ofSeconds(5));
    for (String address : List.of("10.96.7.7", "fd00:10:96::77")) {
      assertThat(cluster.connect("pod/client", address, 80).failure()).isEqualTo(Failure.TIMED_OUT);
    }
  }

  @Test
  void aPodInTheHostNetworkHasTheNodesAddresses() {
    Cluster cluster = cluster();
    cluster.apply(
        "host.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: in-host}
        spec:
          hostNetwork: true
          containers:
          - {name: web, image: todobackend, command: [uwsgi, "--http=[::]:8001"]}
        """);
    cluster.run(Duration.ofSeconds(60));
    KubeMap status = pod(cluster, "in-host").status();
    assertThat(status.get("podIPs")).isEqualTo(status.get("hostIPs"));
    String ipv6 = ips(status.listOrEmpty("podIPs")).get(1);
    assertThat(cluster.connect("pod/client", ipv6, 8001).failure()).isEqualTo(Failure.NONE);
  }

  @Test
  void aNodeThatIsDownAnswersAtNeither() {
    Cluster cluster = cluster();
    cluster.crashNode("node-2");
    for (String address : List.of("172.18.0.4", "fd00:172:18::4")) {
      assertThat(cluster.connect("outside", address, 30080).failure()).isEqualTo(Failure.TIMED_OUT);
    }
    cluster.recoverNode("node-2");
    cluster.run(Duration.ofMinutes(1));
    assertThat(cluster.connect("outside", "fd00:172:18::4", 30080).failure())
        .isEqualTo(Failure.NONE);
  }

  @Test
  void aClusterOfOneFamilyIsAsItWas() {
    Cluster one = Cluster.builder().nodes(1).start();
    KubeObject node = one.api().get(ObjectKey.of(ResourceType.NODES, "", "node-1"));
    assertThat(node.spec().get("podCIDRs")).isEqualTo(KubeList.of("10.244.0.0/24"));
    assertThat(node.status().listOrEmpty("addresses")).hasSize(2);
  }
}
