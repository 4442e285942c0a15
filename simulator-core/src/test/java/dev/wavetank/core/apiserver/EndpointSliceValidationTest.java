package dev.wavetank.core.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which EndpointSlices the server refuses. */
class EndpointSliceValidationTest {

  private final TestCluster cluster = new TestCluster();

  private static KubeObject slice(KubeList endpoints, KubeList ports) {
    return KubeObject.of(
            ResourceType.ENDPOINT_SLICES, KubeMap.of("name", "web", "namespace", "default"))
        .with("IPv4", "addressType")
        .with(endpoints, "endpoints")
        .with(ports, "ports");
  }

  private static KubeList many(int size, IntFunction<Object> item) {
    Object[] items = new Object[size];
    for (int i = 0; i < size; i++) {
      items[i] = item.apply(i);
    }
    return KubeList.of(items);
  }

  private static String ip(int number) {
    return "10.1." + number / 250 + "." + (number % 250 + 1);
  }

  private static KubeMap endpoint(KubeList addresses) {
    return KubeMap.of("addresses", addresses);
  }

  private static KubeMap hinted(String kind, int hints) {
    return endpoint(KubeList.of("10.1.0.1"))
        .with("hints", KubeMap.of(kind, many(hints, i -> KubeMap.of("name", "n" + i))));
  }

  private static KubeMap port(int number) {
    return KubeMap.of("name", "p" + number, "port", number + 1, "protocol", "TCP");
  }

  private void accepted(KubeObject slice) {
    cluster.server.create(ResourceType.ENDPOINT_SLICES, slice, true);
  }

  @Test
  void net_E_09_atMostAThousandEndpoints() {
    accepted(slice(many(1000, i -> endpoint(KubeList.of(ip(i)))), KubeList.EMPTY));
    assertThat(
            cluster.refused(slice(many(1001, i -> endpoint(KubeList.of(ip(i)))), KubeList.EMPTY)))
        .isEqualTo("endpoints: Too many: 1001: must have at most 1000 items");
  }

  @Test
  void net_E_09_atMostAHundredAddressesEach() {
    KubeList addresses = many(101, EndpointSliceValidationTest::ip);
    assertThat(cluster.refused(slice(KubeList.of(endpoint(addresses)), KubeList.EMPTY)))
        .isEqualTo("endpoints[0].addresses: Too many: 101: must have at most 100 items");
  }

  @Test
  void net_E_09_atMostTwentyThousandPorts() {
    KubeList ports = many(20_001, EndpointSliceValidationTest::port);
    assertThat(cluster.refused(slice(KubeList.EMPTY, ports)))
        .isEqualTo("ports: Too many: 20001: must have at most 20000 items");
  }

  @ParameterizedTest
  @CsvSource({"forZones", "forNodes"})
  void net_E_09_atMostEightHints(String kind) {
    accepted(slice(KubeList.of(hinted(kind, 8)), KubeList.EMPTY));
    assertThat(cluster.refused(slice(KubeList.of(hinted(kind, 9)), KubeList.EMPTY)))
        .isEqualTo("endpoints[0].hints." + kind + ": Too many: 9: must have at most 8 items");
  }

  @Test
  void theAddressTypeStays() {
    KubeObject slice = slice(KubeList.EMPTY, KubeList.EMPTY);
    KubeObject created = cluster.server.create(ResourceType.ENDPOINT_SLICES, slice);
    assertThat(cluster.refusedUpdate(created.with("IPv6", "addressType")))
        .isEqualTo("addressType: Invalid value: \"IPv6\": field is immutable");
  }
}
