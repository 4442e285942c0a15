package dev.wavetank.core.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceIpAllocatorTest {

  private static boolean nobody(IpAddress address) {
    return false;
  }

  private static ServiceIpAllocator allocator(int prefixLength, long seed) {
    return new ServiceIpAllocator(
        IpAddress.parse("10.96.0.0"),
        prefixLength,
        Choices.seeded(seed).stream("apiserver/clusterIP"));
  }

  @ParameterizedTest
  @CsvSource({"12, 1048574", "16, 65534", "24, 254", "28, 14", "30, 2"})
  void net_A_01_neitherTheNetworksOwnAddressNorTheBroadcastIsUsable(int prefixLength, int usable) {
    ServiceIpAllocator ips = allocator(prefixLength, 1);
    assertThat(ips.free()).isEqualTo(usable);
    assertThat(ips.allocate(ips.address(0), "a", false, ServiceIpAllocatorTest::nobody))
        .contains("is not in the valid range");
    assertThat(ips.allocate(ips.address(usable + 1L), "a", false, ServiceIpAllocatorTest::nobody))
        .contains("is not in the valid range");
    assertThat(ips.allocate(ips.address(1), "a", false, ServiceIpAllocatorTest::nobody)).isNull();
    assertThat(ips.allocate(ips.address(usable), "a", false, ServiceIpAllocatorTest::nobody))
        .isNull();
  }

  @Test
  void net_A_01_ofIpv6OnlyTheNetworksOwnAddressIsNotUsable() {
    ServiceIpAllocator ips =
        new ServiceIpAllocator(IpAddress.parse("fd00::"), 120, Choices.first().stream("clusterIP"));
    assertThat(ips.free()).isEqualTo(255);
    assertThat(ips.allocate(ips.address(0), "a", false, ServiceIpAllocatorTest::nobody))
        .isNotNull();
    assertThat(ips.allocate(ips.address(255), "a", false, ServiceIpAllocatorTest::nobody)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 103, 127})
  void net_A_01_aNetworkOfIpv6WithMoreThan24OrLessThan2BitsForHostsIsRefused(int prefixLength) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ServiceIpAllocator(
                    IpAddress.parse("fd00::"), prefixLength, Choices.first().stream("clusterIP")));
  }

  @ParameterizedTest
  @CsvSource({"12, 256", "16, 256", "20, 256", "22, 64", "24, 16", "26, 16", "28, 0", "30, 0"})
  void net_A_02_theStaticBandIsASixteenthOfTheNetworkBetween16And256(
      int prefixLength, int addresses) {
    assertThat(ServiceIpAllocator.offset(1 << (32 - prefixLength))).isEqualTo(addresses);
  }

  @Property(tries = 30)
  void net_A_03_theDynamicBandIsUsedUpBeforeTheStaticOne(
      @ForAll long seed, @ForAll @IntRange(min = 24, max = 30) int prefixLength) {
    ServiceIpAllocator ips = allocator(prefixLength, seed);
    int usable = ips.free();
    int staticBand = ServiceIpAllocator.offset(1 << (32 - prefixLength));
    TreeSet<IpAddress> given = new TreeSet<>();
    for (int i = 0; i < usable; i++) {
      IpAddress ip = ips.allocateNext("a", ServiceIpAllocatorTest::nobody);
      assertThat(ip).isNotNull();
      boolean dynamic = ip.compareTo(ips.address(staticBand)) > 0;
      assertThat(dynamic).isEqualTo(i < usable - staticBand);
      given.add(ip);
    }
    assertThat(given).hasSize(usable);
    assertThat(ips.allocateNext("a", ServiceIpAllocatorTest::nobody)).isNull();
  }

  @Test
  void net_A_03_anAddressThatIsAskedForMayLieInEitherBand() {
    ServiceIpAllocator ips = allocator(24, 1);
    assertThat(
            ips.allocate(IpAddress.parse("10.96.0.3"), "a", false, ServiceIpAllocatorTest::nobody))
        .isNull();
    assertThat(
            ips.allocate(
                IpAddress.parse("10.96.0.200"), "a", false, ServiceIpAllocatorTest::nobody))
        .isNull();
    assertThat(
            ips.allocate(
                IpAddress.parse("10.96.0.200"), "b", false, ServiceIpAllocatorTest::nobody))
        .isEqualTo("provided IP is already allocated");
    ips.release(IpAddress.parse("10.96.0.200"), "b");
    assertThat(
            ips.allocate(IpAddress.parse("10.96.0.200"), "b", true, ServiceIpAllocatorTest::nobody))
        .isEqualTo("provided IP is already allocated");
    ips.release(IpAddress.parse("10.96.0.200"), "a");
    assertThat(
            ips.allocate(
                IpAddress.parse("10.96.0.200"), "b", false, ServiceIpAllocatorTest::nobody))
        .isNull();
  }

  @Property(tries = 100)
  void net_A_04_dynamicAddressesOfKubeadmsNetworkBeginAt10_96_1_1(@ForAll long seed) {
    IpAddress ip = allocator(12, seed).allocateNext("a", ServiceIpAllocatorTest::nobody);
    assertThat(ip).isBetween(IpAddress.parse("10.96.1.1"), IpAddress.parse("10.111.255.254"));
  }

  @Test
  void net_A_21_oneSeedGivesOneSequenceOfAddresses() {
    ServiceIpAllocator one = allocator(12, 5);
    ServiceIpAllocator same = allocator(12, 5);
    TreeSet<IpAddress> ofOtherSeeds = new TreeSet<>();
    for (long seed = 0; seed < 20; seed++) {
      assertThat(one.allocateNext("a", ServiceIpAllocatorTest::nobody))
          .isEqualTo(same.allocateNext("a", ServiceIpAllocatorTest::nobody));
      ofOtherSeeds.add(allocator(12, seed).allocateNext("a", ServiceIpAllocatorTest::nobody));
    }
    assertThat(ofOtherSeeds).hasSizeGreaterThan(15);
  }

  @Test
  void addressesThatOthersHaveArePassedOver() {
    ServiceIpAllocator ips = allocator(24, 1);
    Predicate<IpAddress> foreign = address -> address.low() % 2 == 0;
    int free = ips.free();
    for (int i = 0; i < 100; i++) {
      assertThat(ips.allocateNext("a", foreign)).isNotNull().matches(ip -> ip.low() % 2 == 1);
    }
    assertThat(ips.free()).isEqualTo(free - 100);
    assertThat(ips.allocate(ips.address(2), "a", false, foreign))
        .isEqualTo("provided IP is already allocated");
    assertThat(ips.allocate(ips.address(2), "a", true, foreign))
        .isEqualTo("provided IP is already allocated");
  }
}
