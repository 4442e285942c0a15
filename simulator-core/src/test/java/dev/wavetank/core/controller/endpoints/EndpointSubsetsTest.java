package dev.wavetank.core.controller.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.DeepHash;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.controller.EndpointSubsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EndpointSubsetsTest {

  private static KubeMap address(String ip, @Nullable String uid) {
    return KubeMap.of("ip", ip, "targetRef", uid == null ? null : KubeMap.of("uid", uid));
  }

  private static KubeMap port(int number) {
    return KubeMap.of("port", number, "protocol", "TCP");
  }

  private static KubeMap subset(List<KubeMap> ready, List<KubeMap> notReady, KubeMap... ports) {
    return KubeMap.of(
        "addresses", ready.isEmpty() ? null : KubeList.copyOf(ready),
        "notReadyAddresses", notReady.isEmpty() ? null : KubeList.copyOf(notReady),
        "ports", ports.length == 0 ? null : KubeList.of((Object[]) ports));
  }

  private static KubeList repack(KubeMap... subsets) {
    return EndpointSubsets.repack(List.of(subsets));
  }

  @Test
  void portsOfTheSameAddressesShareASubset() {
    KubeList packed =
        repack(
            subset(List.of(address("1.2.3.4", null)), List.of(), port(111)),
            subset(List.of(address("1.2.3.4", null)), List.of(), port(222)));
    assertThat(packed.size()).isEqualTo(1);
    assertThat(packed.map(0).listOrEmpty("ports").size()).isEqualTo(2);
  }

  @Test
  void readinessCountsWhenAddressesAreCompared() {
    KubeList packed =
        repack(
            subset(List.of(address("1.2.3.4", null)), List.of(), port(111)),
            subset(List.of(), List.of(address("1.2.3.4", null)), port(222)));
    assertThat(packed.size()).isEqualTo(2);
  }

  @Test
  void notReadyTrumpsReady() {
    KubeList packed =
        repack(
            subset(List.of(address("1.2.3.4", null)), List.of(), port(111)),
            subset(List.of(), List.of(address("1.2.3.4", null)), port(111)));
    assertThat(packed)
        .isEqualTo(KubeList.of(subset(List.of(), List.of(address("1.2.3.4", null)), port(111))));
  }

  @Test
  void oneAddressOfTwoPodsStaysTwo() {
    KubeList packed =
        repack(
            subset(List.of(address("1.2.3.4", "b"), address("1.2.3.4", "a")), List.of(), port(1)));
    assertThat(packed.map(0).listOrEmpty("addresses"))
        .isEqualTo(KubeList.of(address("1.2.3.4", "a"), address("1.2.3.4", "b")));
  }

  @Test
  void addressesAreInTheOrderOfTheirText() {
    KubeList packed =
        repack(
            subset(
                List.of(address("10.0.0.9", null), address("10.0.0.10", null)),
                List.of(),
                port(1)));
    assertThat(packed.map(0).listOrEmpty("addresses").map(0).get("ip")).isEqualTo("10.0.0.10");
  }

  @Test
  void addressesWithoutPortsAreKept() {
    KubeMap portless = subset(List.of(address("1.2.3.4", null)), List.of());
    assertThat(repack(portless)).isEqualTo(KubeList.of(portless));
  }

  /** A pod: its address, whether it is ready, and which of four ports it offers. */
  record Offer(int ip, boolean ready, int ports) {}

  @Provide
  Arbitrary<List<Offer>> offers() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 6),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 15))
        .as(Offer::new)
        .list()
        .ofMaxSize(12);
  }

  private static KubeList packed(List<Offer> offers) {
    List<KubeMap> subsets = new ArrayList<>();
    for (Offer offer : offers) {
      for (int port = 0; port < 4; port++) {
        if ((offer.ports() >> port & 1) != 0) {
          List<KubeMap> one = List.of(address("10.0.0." + offer.ip(), null));
          subsets.add(
              offer.ready()
                  ? subset(one, List.of(), port(80 + port))
                  : subset(List.of(), one, port(80 + port)));
        }
      }
    }
    return EndpointSubsets.repack(subsets);
  }

  /** {@code port ip} to ready, however it is packed. */
  private static Map<String, Boolean> flat(KubeList subsets) {
    Map<String, Boolean> flat = new TreeMap<>();
    for (KubeMap subset : subsets.maps()) {
      for (KubeMap port : subset.listOrEmpty("ports").maps()) {
        for (KubeMap address : subset.listOrEmpty("addresses").maps()) {
          flat.merge(port.get("port") + " " + address.get("ip"), true, (a, b) -> a && b);
        }
        for (KubeMap address : subset.listOrEmpty("notReadyAddresses").maps()) {
          flat.put(port.get("port") + " " + address.get("ip"), false);
        }
      }
    }
    return flat;
  }

  @Property
  void repackingKeepsWhatIsOfferedAndIsCanonical(@ForAll("offers") List<Offer> offers) {
    KubeList packed = packed(offers);
    Map<String, Boolean> wanted = new TreeMap<>();
    for (Offer offer : offers) {
      for (int port = 0; port < 4; port++) {
        if ((offer.ports() >> port & 1) != 0) {
          wanted.merge((80L + port) + " 10.0.0." + offer.ip(), offer.ready(), (a, b) -> a && b);
        }
      }
    }
    assertThat(flat(packed)).isEqualTo(wanted);
    assertThat(EndpointSubsets.repack(packed.maps())).isEqualTo(packed);
    List<Offer> backwards = new ArrayList<>(offers);
    java.util.Collections.reverse(backwards);
    assertThat(packed(backwards)).isEqualTo(packed);
    TreeSet<String> addressSets = new TreeSet<>();
    List<String> hashes = new ArrayList<>();
    for (KubeMap subset : packed.maps()) {
      assertThat(addressSets.add(subset.without("ports").toString())).isTrue();
      hashes.add(DeepHash.fnv1a128(subset, "core.EndpointSubset"));
    }
    assertThat(hashes).isSorted();
  }

  @Property
  void net_E_23_readyAddressesStayFirstAndNoMoreThanAThousandStay(
      @ForAll("sizes") List<int[]> sizes) {
    List<KubeMap> subsets = new ArrayList<>();
    int ready = 0;
    int all = 0;
    for (int[] size : sizes) {
      subsets.add(subset(addresses(size[0]), addresses(size[1]), port(subsets.size() + 1)));
      ready += size[0];
      all += size[0] + size[1];
    }
    KubeList whole = KubeList.copyOf(subsets);
    KubeList kept = Capacity.truncate(whole);
    if (all <= Capacity.MAX) {
      assertThat(kept).isSameAs(whole);
      return;
    }
    assertThat(Capacity.used(kept)).isEqualTo(Capacity.MAX);
    int keptReady = 0;
    for (KubeMap subset : kept.maps()) {
      keptReady += subset.listOrEmpty("addresses").size();
    }
    assertThat(keptReady).isEqualTo(Math.min(ready, Capacity.MAX));
  }

  @Provide
  Arbitrary<List<int[]>> sizes() {
    return Arbitraries.integers()
        .between(0, 700)
        .array(int[].class)
        .ofSize(2)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  private static List<KubeMap> addresses(int count) {
    List<KubeMap> addresses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      addresses.add(address("10.0." + i / 256 + "." + i % 256, null));
    }
    return addresses;
  }
}
