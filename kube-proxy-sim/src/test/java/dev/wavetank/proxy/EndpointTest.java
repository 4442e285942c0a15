package dev.wavetank.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointTest {

  private static final KubeMap HTTP = Manifest.port("http", "TCP", 80);
  private static final Endpoint.PortKey KEY = new Endpoint.PortKey("http", Protocol.TCP);

  private static ImmutableList<Endpoint> read(KubeObject... slices) {
    ImmutableMap<Endpoint.PortKey, ImmutableList<Endpoint>> found =
        Endpoint.of(List.of(slices), IpFamily.IPV4);
    return found.getOrDefault(KEY, ImmutableList.of());
  }

  @Test
  void net_P_03_endpointsAreSortedAsText() {
    KubeList endpoints = Manifest.endpoints("10.244.1.2", "10.244.1.10", "10.244.1.1");
    assertThat(read(Manifest.slice("web-1", "web", endpoints, HTTP)))
        .extracting(Endpoint::text)
        .containsExactly("10.244.1.10:80", "10.244.1.1:80", "10.244.1.2:80");
  }

  @Test
  void net_P_03_anAddressInTwoSlicesCountsOnceAndTheRunningOneWins() {
    KubeList terminating =
        KubeList.of(Manifest.endpoint("10.244.1.2", "node-1", false, true, true));
    KubeList running = KubeList.of(Manifest.endpoint("10.244.1.2", "node-1"));
    KubeObject old = Manifest.slice("web-1", "web", terminating, HTTP);
    KubeObject fresh = Manifest.slice("web-2", "web", running, HTTP);
    assertThat(read(old, fresh)).singleElement().matches(Endpoint::ready);
    assertThat(read(fresh, old)).singleElement().matches(Endpoint::ready);
  }

  @Test
  void net_P_04_aPortWithoutNameOrNumberIsIgnored() {
    KubeList endpoints = Manifest.endpoints("10.244.1.2");
    KubeMap nameless = HTTP.without("name");
    KubeMap zero = HTTP.with("port", 0L);
    assertThat(read(Manifest.slice("web-1", "web", endpoints, nameless, zero))).isEmpty();
    KubeMap unnamed = HTTP.with("name", "");
    assertThat(
            Endpoint.of(List.of(Manifest.slice("web-1", "web", endpoints, unnamed)), IpFamily.IPV4))
        .containsOnlyKeys(new Endpoint.PortKey("", Protocol.TCP));
  }

  @Test
  void net_E_03_missingConditionsMeanReadyAndServingAndNotTerminating() {
    KubeList endpoints = KubeList.of(KubeMap.of("addresses", KubeList.of("10.244.1.2")));
    assertThat(read(Manifest.slice("web-1", "web", endpoints, HTTP)))
        .singleElement()
        .matches(endpoint -> endpoint.ready() && endpoint.serving() && !endpoint.terminating());
  }

  @Test
  void slicesOfTheOtherFamilyAreIgnored() {
    KubeObject slice = Manifest.slice("web-1", "web", Manifest.endpoints("fd00:10:244:1::2"), HTTP);
    assertThat(read(slice)).isEmpty();
    assertThat(Endpoint.of(List.of(slice), IpFamily.IPV6).get(KEY))
        .extracting(Endpoint::text)
        .containsExactly("[fd00:10:244:1::2]:80");
  }

  @Test
  void net_P_05_anEndpointIsLocalToTheNodeThatItNames() {
    KubeList endpoints = Manifest.endpoints("10.244.1.2", "10.244.2.2");
    ProxyNode node = ProxyNode.of(Manifest.node(2, "zone-b"));
    assertThat(read(Manifest.slice("web-1", "web", endpoints, HTTP)))
        .extracting(endpoint -> endpoint.on(node))
        .containsExactly(false, true);
  }
}
