package dev.wavetank.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import org.junit.jupiter.api.Test;

class ServicePortTest {

  private static final KubeObject WEB =
      Manifest.service("web", "10.96.0.20", Manifest.port("http", "TCP", 80));

  private static ServicePort only(KubeObject service) {
    return Iterables.getOnlyElement(ServicePort.of(service, IpFamily.IPV4).values());
  }

  private static KubeObject loadBalancer(KubeMap... ingress) {
    return WEB.with("LoadBalancer", "spec", "type")
        .with(KubeList.of((Object[]) ingress), "status", "loadBalancer", "ingress");
  }

  @Test
  void net_P_01_aHeadlessServiceIsNotProxied() {
    KubeObject headless = WEB.with("None", "spec", "clusterIP");
    headless = headless.with(KubeList.of("None"), "spec", "clusterIPs");
    assertThat(ServicePort.of(headless, IpFamily.IPV4)).isEmpty();
  }

  @Test
  void net_P_01_anExternalNameServiceIsNotProxied() {
    KubeObject external = WEB.with("ExternalName", "spec", "type");
    assertThat(ServicePort.of(external, IpFamily.IPV4)).isEmpty();
  }

  @Test
  void aServiceOfAnotherProxyIsNotProxied() {
    KubeObject other =
        WEB.with(
            KubeMap.of("service.kubernetes.io/service-proxy-name", "other"), "metadata", "labels");
    assertThat(ServicePort.of(other, IpFamily.IPV4)).isEmpty();
  }

  @Test
  void net_P_02_aPortIsNamedByServicePortNameAndProtocol() {
    KubeObject dns =
        Manifest.service(
            "dns",
            "10.96.0.10",
            Manifest.port("dns", "UDP", 53),
            Manifest.port("dns-tcp", "TCP", 53),
            Manifest.port("", "TCP", 9153));
    ImmutableMap<ServicePortName, ServicePort> ports = ServicePort.of(dns, IpFamily.IPV4);
    assertThat(ports.keySet())
        .extracting(ServicePortName::toString)
        .containsExactly("default/dns:dns", "default/dns:dns-tcp", "default/dns");
  }

  @Test
  void net_P_15_aLoadBalancerOfModeProxyIsNotCaptured() {
    KubeObject service =
        loadBalancer(
            KubeMap.of("ip", "203.0.113.1"),
            KubeMap.of("ip", "203.0.113.2", "ipMode", "VIP"),
            KubeMap.of("ip", "203.0.113.3", "ipMode", "Proxy"),
            KubeMap.of("hostname", "lb.example.com"));
    assertThat(only(service).loadBalancerVips())
        .extracting(Object::toString)
        .containsExactly("203.0.113.1", "203.0.113.2");
  }

  @Test
  void net_P_16_addressesOfTheOtherFamilyAreIgnored() {
    KubeObject service =
        WEB.with(KubeList.of("10.96.0.20", "fd00:10:96::20"), "spec", "clusterIPs")
            .with(KubeList.of("198.18.0.1", "2001:db8::1"), "spec", "externalIPs");
    ServicePort ipv6 = Iterables.getOnlyElement(ServicePort.of(service, IpFamily.IPV6).values());
    assertThat(ipv6.clusterIp()).hasToString("fd00:10:96::20");
    assertThat(ipv6.externalIps()).extracting(Object::toString).containsExactly("2001:db8::1");
    assertThat(only(service).externalIps())
        .extracting(Object::toString)
        .containsExactly("198.18.0.1");
    assertThat(ServicePort.of(WEB, IpFamily.IPV6)).isEmpty();
  }

  @Test
  void net_S_19_sourceRangesMayBePaddedAndAllSourcesMeanNone() {
    KubeObject padded =
        WEB.with(
            KubeList.of(" 203.0.113.0/25", "2001:db8::/32"), "spec", "loadBalancerSourceRanges");
    assertThat(only(padded).loadBalancerSourceRanges())
        .containsExactly(AddressBlock.parse("203.0.113.0/25"));
    KubeObject all =
        WEB.with(KubeList.of("203.0.113.0/25", "0.0.0.0/0"), "spec", "loadBalancerSourceRanges");
    assertThat(only(all).loadBalancerSourceRanges()).isEmpty();
  }

  @Test
  void net_S_04_affinityLastsThreeHoursUnlessToldOtherwise() {
    KubeObject sticky = WEB.with("ClientIP", "spec", "sessionAffinity");
    assertThat(only(sticky).stickySeconds()).isEqualTo(10_800);
    KubeObject brief =
        sticky.with(3L, "spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds");
    assertThat(only(brief).stickySeconds()).isEqualTo(3);
    assertThat(only(WEB).stickySeconds()).isZero();
  }

  @Test
  void net_S_21_externalPolicyLocalNeedsAnExternalAddress() {
    KubeObject local = WEB.with("Local", "spec", "externalTrafficPolicy");
    assertThat(only(local).externalPolicyLocal()).isFalse();
    assertThat(only(local.with("NodePort", "spec", "type")).externalPolicyLocal()).isTrue();
  }

  @Test
  void net_S_22_aHealthCheckPortBelongsToALocalLoadBalancer() {
    KubeObject service =
        loadBalancer(KubeMap.of("ip", "203.0.113.1"))
            .with("Local", "spec", "externalTrafficPolicy")
            .with(31_500L, "spec", "healthCheckNodePort");
    assertThat(only(service).healthCheckNodePort()).isEqualTo(31_500);
    KubeObject cluster = service.with("Cluster", "spec", "externalTrafficPolicy");
    assertThat(only(cluster).healthCheckNodePort()).isZero();
  }
}
