package dev.wavetank.core.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Service gets and gives back when its type changes. */
class ServiceTypeChangeTest {

  private final TestCluster cluster = new TestCluster();

  private KubeObject changed(KubeObject service, String type) {
    return cluster.server.update(ResourceType.SERVICES, service.with(type, "spec", "type"));
  }

  @Test
  void net_S_26_anExternalNameThatBecomesAClusterIpGetsAnAddress() {
    KubeObject external =
        cluster.createService(
            "web", "type: ExternalName, externalName: example.com, ports: [{port: 80}]");
    assertThat(external.spec().has("clusterIP")).isFalse();
    KubeMap spec = changed(external, "ClusterIP").spec();
    assertThat(spec.string("clusterIP", "")).startsWith("10.");
    assertThat(spec.get("clusterIPs")).isEqualTo(KubeList.of(spec.get("clusterIP")));
    assertThat(spec.get("ipFamilies")).isEqualTo(KubeList.of("IPv4"));
    assertThat(spec.get("ipFamilyPolicy")).isEqualTo("SingleStack");
  }

  @Test
  void net_S_26_aClusterIpThatBecomesAnExternalNameReleasesItsAddress() {
    KubeObject service = cluster.createService("web", "clusterIP: 10.96.0.77, ports: [{port: 80}]");
    KubeObject named = service.with("example.com", "spec", "externalName");
    KubeMap spec = changed(named, "ExternalName").spec();
    for (String field : new String[] {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"}) {
      assertThat(spec.has(field)).as(field).isFalse();
    }
    KubeObject next = cluster.createService("next", "clusterIP: 10.96.0.77, ports: [{port: 80}]");
    assertThat(next.spec().get("clusterIP")).isEqualTo("10.96.0.77");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NodePort", "LoadBalancer"})
  void net_S_26_whatBecomesAClusterIpReleasesItsNodePorts(String type) {
    KubeObject service =
        cluster.createService("web", "type: " + type + ", ports: [{port: 80, nodePort: 30080}]");
    KubeMap spec = changed(service, "ClusterIP").spec();
    assertThat(spec.listOrEmpty("ports").map(0).has("nodePort")).isFalse();
    assertThat(spec.has("externalTrafficPolicy")).isFalse();
    assertThat(spec.has("allocateLoadBalancerNodePorts")).isFalse();
    cluster.createService("next", "type: NodePort, ports: [{port: 80, nodePort: 30080}]");
  }

  @Test
  void net_S_26_aClusterIpThatBecomesANodePortKeepsItsAddressAndGetsAPort() {
    KubeObject service = cluster.createService("web", "ports: [{port: 80}]");
    KubeMap spec = changed(service, "NodePort").spec();
    assertThat(spec.get("clusterIP")).isEqualTo(service.spec().get("clusterIP"));
    assertThat(spec.listOrEmpty("ports").map(0).number("nodePort", 0)).isBetween(30000L, 32767L);
    assertThat(spec.get("externalTrafficPolicy")).isEqualTo("Cluster");
  }
}
