package dev.wavetank.core.apiserver.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.TestCluster;
import dev.wavetank.core.network.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesServiceControllerTest {

  private static final long SECOND = 1_000_000_000L;
  private static final ObjectKey SERVICE = key(ResourceType.SERVICES);
  private static final ObjectKey ENDPOINTS = key(ResourceType.ENDPOINTS);
  private static final ObjectKey SLICE = key(ResourceType.ENDPOINT_SLICES);

  private final TestCluster cluster = new TestCluster();

  private static ObjectKey key(ResourceType type) {
    return ObjectKey.of(type, "default", "kubernetes");
  }

  private void run(long seconds) {
    cluster.simulation.runUntil(cluster.simulation.now() + seconds * SECOND);
  }

  @Test
  void net_A_05_theServiceKubernetesHasTheFirstAddressAndNoSelector() {
    KubeObject service = cluster.server.get(SERVICE);
    assertThat(service.labels())
        .isEqualTo(KubeMap.of("component", "apiserver", "provider", "kubernetes"));
    KubeMap spec = service.spec();
    assertThat(spec.get("type")).isEqualTo("ClusterIP");
    assertThat(spec.get("clusterIP")).isEqualTo("10.96.0.1");
    assertThat(spec.has("selector")).isFalse();
    assertThat(spec.get("ipFamilyPolicy")).isEqualTo("SingleStack");
    assertThat(spec.get("sessionAffinity")).isEqualTo("None");
    assertThat(spec.get("ports"))
        .isEqualTo(
            KubeList.of(
                KubeMap.of("name", "https", "port", 443, "protocol", "TCP", "targetPort", 6443)));
  }

  @Test
  void net_A_06_itsSliceBearsItsNameAndShowsTheApiServer() {
    KubeObject slice = cluster.server.get(SLICE);
    assertThat(slice.labels()).isEqualTo(KubeMap.of("kubernetes.io/service-name", "kubernetes"));
    assertThat(slice.root().get("endpoints"))
        .isEqualTo(
            KubeList.of(
                KubeMap.of(
                    "addresses", KubeList.of("192.168.65.3"),
                    "conditions", KubeMap.of("ready", true))));
    assertThat(slice.root().get("ports"))
        .isEqualTo(KubeList.of(KubeMap.of("name", "https", "port", 6443, "protocol", "TCP")));
    assertThat(cluster.server.get(ENDPOINTS).labels())
        .isEqualTo(KubeMap.of("endpointslice.kubernetes.io/skip-mirror", "true"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Service", "Endpoints", "EndpointSlice"})
  void net_A_06_whatIsDeletedIsBackAtTheNextRound(String kind) {
    ObjectKey key = kind.equals("Service") ? SERVICE : kind.equals("Endpoints") ? ENDPOINTS : SLICE;
    KubeObject before = cluster.server.get(key);
    run(13);
    cluster.server.delete(key, DeleteOptions.BACKGROUND);
    run(6);
    assertThat(cluster.server.find(key)).isNull();
    run(1);
    KubeObject after = cluster.server.get(key);
    assertThat(after.uid()).isNotEqualTo(before.uid());
    assertThat(after.root().without("metadata")).isEqualTo(before.root().without("metadata"));
    run(60);
    assertThat(cluster.simulation.pending()).isZero();
  }

  @Test
  void net_A_06_aChangedEndpointIsPutRight() {
    KubeObject endpoints = cluster.server.get(ENDPOINTS);
    cluster.server.update(ResourceType.ENDPOINTS, endpoints.with(null, "subsets"));
    run(10);
    assertThat(cluster.server.get(ENDPOINTS).root().get("subsets"))
        .isEqualTo(endpoints.root().get("subsets"));
    assertThat(cluster.server.get(SLICE).root().listOrEmpty("endpoints")).hasSize(1);
  }

  @Test
  void itWaitsUntilItsAddressIsFreeAgain() {
    cluster.server.delete(SERVICE, DeleteOptions.BACKGROUND);
    KubeObject thief = cluster.createService("thief", "clusterIP: 10.96.0.1, ports: [{port: 80}]");
    run(25);
    assertThat(cluster.server.find(SERVICE)).isNull();
    cluster.server.delete(thief.key(ResourceType.SERVICES), DeleteOptions.BACKGROUND);
    run(10);
    assertThat(cluster.server.find(SERVICE)).isNotNull();
  }

  @Test
  void net_A_07_clusterDnsHasTheTenthAddress() {
    ApiServerConfiguration kubeadm = ApiServerConfiguration.at(IpAddress.parse("192.168.65.3"));
    assertThat(kubeadm.dnsIp()).hasToString("10.96.0.10");
    ApiServerConfiguration other =
        new ApiServerConfiguration(
            IpAddress.parse("172.20.128.0"), 17, IpAddress.parse("192.168.65.3"), 6443);
    assertThat(other.dnsIp()).hasToString("172.20.128.10");
    assertThat(other.kubernetesIp()).hasToString("172.20.128.1");
  }
}
