package dev.wavetank.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.List;
import org.junit.jupiter.api.Test;

class CategorizedEndpointsTest {

  private static final ProxyNode NODE = ProxyNode.of(Manifest.node(1, "zone-a"));
  private static final KubeObject WEB =
      Manifest.service("web", "10.96.0.20", Manifest.nodePort("", "TCP", 80, 30_001))
          .with("NodePort", "spec", "type");

  private static Endpoint endpoint(int number, String node) {
    IpAddress address = IpAddress.parse("10.244.0." + number);
    return new Endpoint(
        address + ":80",
        address,
        80,
        true,
        true,
        false,
        node,
        ImmutableList.of(),
        ImmutableList.of());
  }

  private static Endpoint state(Endpoint e, boolean ready, boolean serving, boolean terminating) {
    return new Endpoint(
        e.text(),
        e.address(),
        e.port(),
        ready,
        serving,
        terminating,
        e.nodeName(),
        e.zoneHints(),
        e.nodeHints());
  }

  private static Endpoint hints(Endpoint e, List<String> zones, List<String> nodes) {
    return new Endpoint(
        e.text(),
        e.address(),
        e.port(),
        e.ready(),
        e.serving(),
        e.terminating(),
        e.nodeName(),
        ImmutableList.copyOf(zones),
        ImmutableList.copyOf(nodes));
  }

  private static CategorizedEndpoints of(KubeObject service, Endpoint... endpoints) {
    ServicePort port = Iterables.getOnlyElement(ServicePort.of(service, IpFamily.IPV4).values());
    return CategorizedEndpoints.of(port, ImmutableList.copyOf(endpoints), NODE);
  }

  @Test
  void net_P_09_readyEndpointsServeWhileThereIsOne() {
    Endpoint ready = endpoint(1, "node-2");
    Endpoint terminating = state(endpoint(2, "node-1"), false, true, true);
    Endpoint notReady = state(endpoint(3, "node-1"), false, false, false);
    CategorizedEndpoints found = of(WEB, ready, terminating, notReady);
    assertThat(found.cluster()).containsExactly(ready);
    assertThat(found.any()).isTrue();
  }

  @Test
  void net_I_44_withoutAReadyOneThoseThatServeWhileTheyTerminateAreUsed() {
    Endpoint serving = state(endpoint(1, "node-2"), false, true, true);
    Endpoint gone = state(endpoint(2, "node-2"), false, false, true);
    assertThat(of(WEB, serving, gone).cluster()).containsExactly(serving);
    assertThat(of(WEB, gone).any()).isFalse();
  }

  @Test
  void net_P_10_policyLocalPrefersTheNodesReadyEndpoints() {
    KubeObject local = WEB.with("Local", "spec", "externalTrafficPolicy");
    Endpoint here = endpoint(1, "node-1");
    Endpoint hereLeaving = state(endpoint(2, "node-1"), false, true, true);
    Endpoint there = endpoint(3, "node-2");
    assertThat(of(local, here, hereLeaving, there).local()).containsExactly(here);
    CategorizedEndpoints fallback = of(local, hereLeaving, there);
    assertThat(fallback.local()).containsExactly(hereLeaving);
    assertThat(fallback.cluster()).containsExactly(there);
    assertThat(fallback.reachable()).containsExactly(hereLeaving, there);
  }

  @Test
  void net_P_11_zoneHintsAreUsedWhenAllReadyEndpointsHaveThem() {
    Endpoint near = hints(endpoint(1, "node-1"), List.of("zone-a"), List.of());
    Endpoint far = hints(endpoint(2, "node-2"), List.of("zone-b"), List.of());
    assertThat(of(WEB, near, far).cluster()).containsExactly(near);
    assertThat(of(WEB, far).cluster()).containsExactly(far);
    Endpoint unhinted = endpoint(3, "node-2");
    assertThat(of(WEB, near, far, unhinted).cluster()).containsExactly(near, far, unhinted);
  }

  @Test
  void net_P_11_nodeHintsComeFirst() {
    Endpoint here = hints(endpoint(1, "node-1"), List.of("zone-a"), List.of("node-1"));
    Endpoint sameZone = hints(endpoint(2, "node-3"), List.of("zone-a"), List.of("node-3"));
    assertThat(of(WEB, here, sameZone).cluster()).containsExactly(here);
    assertThat(of(WEB, sameZone).cluster()).containsExactly(sameZone);
  }

  @Test
  void net_P_11_hintsOfEndpointsThatAreNotReadyDoNotCount() {
    Endpoint near =
        state(hints(endpoint(1, "node-1"), List.of("zone-a"), List.of()), false, false, false);
    Endpoint far = hints(endpoint(2, "node-2"), List.of("zone-b"), List.of());
    assertThat(of(WEB, near, far).cluster()).containsExactly(far);
  }
}
