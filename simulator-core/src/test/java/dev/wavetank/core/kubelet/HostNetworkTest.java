package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import org.junit.jupiter.api.Test;

/** Pods at the address of their node. */
class HostNetworkTest {

  private static final IpAddress NODE = IpAddress.parse("192.168.65.10");

  private final KubeletCluster cluster = new KubeletCluster();

  @Test
  void aPodInTheHostNetworkHasTheAddressOfItsNode() {
    cluster.pod(
        """
        hostNetwork: true
        containers:
        - {name: c, image: app, imagePullPolicy: IfNotPresent, ports: [{containerPort: 8080}]}
        """);
    cluster.run(5);
    assertThat(cluster.status().get("podIP")).isEqualTo("192.168.65.10");
    assertThat(cluster.status().get("hostIP")).isEqualTo("192.168.65.10");
    assertThat(cluster.running().sandbox().hostname()).isEqualTo("node-1");
    assertThat(cluster.kubelets.listener(NODE, Protocol.TCP, 8080))
        .isSameAs(cluster.running().sandbox());
    assertThat(cluster.kubelets.listener(NODE, Protocol.TCP, 81)).isNull();
  }

  @Test
  void itsAddressIsReportedBeforeItHasASandbox() {
    cluster.pod(
        """
        hostNetwork: true
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    cluster.run(0.1);
    assertThat(cluster.status().get("podIP")).isEqualTo("192.168.65.10");
  }

  @Test
  void twoPodsInTheHostNetworkShareTheAddress() {
    cluster.pod(
        """
        hostNetwork: true
        containers:
        - {name: c, image: app, imagePullPolicy: IfNotPresent, ports: [{containerPort: 8080}]}
        """);
    cluster.pod(
        "q",
        """
        hostNetwork: true
        containers:
        - {name: c, image: app, imagePullPolicy: IfNotPresent, ports: [{containerPort: 8081}]}
        """);
    cluster.run(5);
    assertThat(cluster.kubelets.listener(NODE, Protocol.TCP, 8081).podName()).isEqualTo("q");
    cluster.delete(-1);
    cluster.until("gone", c -> c.find() == null);
    assertThat(cluster.kubelets.listener(NODE, Protocol.TCP, 8080)).isNull();
    assertThat(cluster.kubelets.listener(NODE, Protocol.TCP, 8081)).isNotNull();
    assertThat(cluster.kubelets.up(NODE)).isTrue();
  }

  @Test
  void aHostPortLeadsToThePod() {
    cluster.app("ports: [{containerPort: 8080, hostPort: 80}, {containerPort: 53, protocol: UDP}]");
    cluster.run(5);
    Kubelets.HostPort target = cluster.kubelets.hostPort(NODE, Protocol.TCP, 80);
    assertThat(target.sandbox()).isSameAs(cluster.running().sandbox());
    assertThat(target.containerPort()).isEqualTo(8080);
    assertThat(cluster.kubelets.hostPort(NODE, Protocol.UDP, 80)).isNull();
    assertThat(cluster.kubelets.hostPort(NODE, Protocol.TCP, 8080)).isNull();
    assertThat(cluster.kubelets.hostPort(NODE, Protocol.UDP, 53)).isNull();
    cluster.delete(-1);
    cluster.until("gone", c -> c.find() == null);
    assertThat(cluster.kubelets.hostPort(NODE, Protocol.TCP, 80)).isNull();
  }

  @Test
  void aHostPortAtOneAddressOnly() {
    cluster.app("ports: [{containerPort: 8080, hostPort: 80, hostIP: 127.0.0.1}]");
    cluster.run(5);
    assertThat(cluster.kubelets.hostPort(NODE, Protocol.TCP, 80)).isNull();
  }

  @Test
  void seed_S_03_aPortThatIsNotPublishedIsNotAtTheNode() {
    cluster.app("ports: [{containerPort: 8000}]");
    cluster.run(5);
    assertThat(cluster.kubelets.listener(NODE, Protocol.TCP, 8000)).isNull();
    assertThat(cluster.kubelets.hostPort(NODE, Protocol.TCP, 8000)).isNull();
  }

  @Test
  void addressesOfPodsAreHandedOutInOrderAndReleased() {
    IpAddress first = IpAddress.parse("10.9.0.0");
    PodIpAllocator allocator = new PodIpAllocator(first, 29);
    for (int i = 2; i <= 6; i++) {
      assertThat(allocator.allocate()).isEqualTo(first.plus(i));
    }
    assertThat(allocator.allocate()).isNull();
    assertThat(allocator.range()).isEqualTo("10.9.0.1-10.9.0.6");
    allocator.release(first.plus(4));
    assertThat(allocator.allocate()).isEqualTo(first.plus(4));
  }

  @Test
  void aNodeWithoutAFreeAddressCannotMakeASandbox() {
    cluster.join(
        NodeConfig.of("small", IpAddress.parse("192.168.65.99"), IpAddress.parse("10.99.0.0"))
            .withPodPrefixLength(30)
            .withImages(com.google.common.collect.ImmutableList.of("app")));
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, annotations: {example.com/node: small}}
        spec: {containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]}
        """;
    cluster.create(pod.formatted("q"));
    cluster.run(5);
    cluster.create(pod.formatted("p"));
    cluster.run(5);
    assertThat(cluster.events())
        .containsOnly(
            "Warning FailedCreatePodSandBox Failed to create pod sandbox: rpc error: code ="
                + " Unknown desc = failed to setup network for sandbox: plugin"
                + " type=\"host-local\" failed (add): failed to allocate for range 0: no IP"
                + " addresses available in range set: 10.99.0.1-10.99.0.2");
    assertThat(cluster.waitingReason("c")).isEqualTo("ContainerCreating");
    cluster.server.delete(
        KubeletCluster.key("q"), dev.wavetank.core.apiserver.DeleteOptions.grace(1));
    cluster.until("runs", c -> c.phase().equals("Running"));
  }
}
