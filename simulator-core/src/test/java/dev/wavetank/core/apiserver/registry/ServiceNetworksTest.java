package dev.wavetank.core.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ServiceNetworksTest {

  /** A server whose own network has two addresses. */
  private static final class Cluster {
    private final ApiServer server;
    private int count;

    Cluster(long seed) {
      Choices choices = Choices.seeded(seed);
      server = new ApiServer(new Simulation(choices), Latencies.DEFAULT);
      ServiceIpAllocator first =
          new ServiceIpAllocator(IpAddress.parse("10.96.0.0"), 30, choices.stream("ips"));
      Registry.install(
          server, ImmutableList.of(first), new NodePortAllocator(choices.stream("ports")));
      server.create(
          ResourceType.NAMESPACES,
          KubeObject.of(ResourceType.NAMESPACES, KubeMap.of("name", "default")));
    }

    ObjectKey serviceCidr(String name, String cidr) {
      server.create(
          ResourceType.SERVICE_CIDRS,
          KubeObject.of(ResourceType.SERVICE_CIDRS, KubeMap.of("name", name))
              .withSpec(KubeMap.of("cidrs", KubeList.of(cidr))));
      return ObjectKey.of(ResourceType.SERVICE_CIDRS, "", name);
    }

    void ready(ObjectKey serviceCidr, String status) {
      KubeMap condition =
          KubeMap.of(
              "type", "Ready",
              "status", status,
              "lastTransitionTime", server.timestamp(),
              "reason", "",
              "message", "");
      server.patchStatus(serviceCidr, any -> KubeMap.of("conditions", KubeList.of(condition)));
    }

    String service(String... ip) {
      KubeMap spec = KubeMap.of("ports", KubeList.of(KubeMap.of("port", 80, "targetPort", 80)));
      KubeMap metadata = KubeMap.of("name", "s" + count++, "namespace", "default");
      return server
          .create(
              ResourceType.SERVICES,
              KubeObject.of(ResourceType.SERVICES, metadata)
                  .withSpec(ip.length == 0 ? spec : spec.with("clusterIP", ip[0])))
          .spec()
          .string("clusterIP", "");
    }
  }

  private final Cluster cluster = new Cluster(1);

  @Test
  void aFullNetworkIsExtendedByAServiceCidrThatIsReady() {
    assertThat(new TreeSet<>(List.of(cluster.service(), cluster.service())))
        .containsExactly("10.96.0.1", "10.96.0.2");
    ObjectKey extra = cluster.serviceCidr("extra", "10.200.0.0/24");
    assertThatThrownBy(cluster::service)
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("range is full");
    cluster.ready(extra, "True");
    assertThat(cluster.service()).startsWith("10.200.0.");
  }

  @Test
  void aCertainAddressMustBeInANetworkThatIsReady() {
    ObjectKey extra = cluster.serviceCidr("extra", "10.200.0.0/24");
    assertThatThrownBy(() -> cluster.service("10.200.0.5"))
        .hasMessageContaining("the provided network does not match the current range");
    cluster.ready(extra, "True");
    assertThat(cluster.service("10.200.0.5")).isEqualTo("10.200.0.5");
    cluster.ready(extra, "False");
    assertThatThrownBy(() -> cluster.service("10.200.0.6"))
        .hasMessageContaining("the provided network does not match the current range");
  }

  @Test
  void anAddressOfTwoNetworksIsGivenOnce() {
    cluster.ready(cluster.serviceCidr("wide", "10.200.0.0/16"), "True");
    cluster.ready(cluster.serviceCidr("narrow", "10.200.0.0/24"), "True");
    cluster.service("10.200.0.5");
    assertThatThrownBy(() -> cluster.service("10.200.0.5"))
        .hasMessageContaining("provided IP is already allocated");
    for (int i = 0; i < 100; i++) {
      assertThat(cluster.service()).isNotEqualTo("10.200.0.5");
    }
  }

  @Test
  void anAddressOfANetworkThatIsGoneIsGivenBack() {
    ObjectKey extra = cluster.serviceCidr("extra", "10.200.0.0/24");
    cluster.ready(extra, "True");
    cluster.service("10.200.0.5");
    cluster.server.delete(extra, DeleteOptions.BACKGROUND);
    cluster.server.delete(
        ObjectKey.of(ResourceType.SERVICES, "default", "s0"), DeleteOptions.BACKGROUND);
    assertThat(cluster.server.list(ResourceType.IP_ADDRESSES)).isEmpty();
    cluster.ready(cluster.serviceCidr("extra", "10.200.0.0/24"), "True");
    assertThat(cluster.service("10.200.0.5")).isEqualTo("10.200.0.5");
  }

  @Test
  void whichNetworkGivesAnAddressIsAChoice() {
    Set<Boolean> first = new TreeSet<>();
    for (long seed = 0; seed < 20; seed++) {
      Cluster other = new Cluster(seed);
      other.ready(other.serviceCidr("own", "10.96.0.0/30"), "True");
      other.ready(other.serviceCidr("extra", "10.200.0.0/24"), "True");
      first.add(other.service().startsWith("10.96."));
    }
    assertThat(first).containsExactly(false, true);
  }
}
