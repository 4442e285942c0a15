package dev.wavetank.dns.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The files of a pod. */
class PodDnsTest {
  private static final ResolvConf NODE =
      ResolvConf.parse("nameserver 192.0.2.53\nsearch example.com cluster.local\n");

  private final PodDns dns = new PodDns(ImmutableList.of("10.96.0.10"), "cluster.local", NODE);

  private static KubeObject pod(KubeMap spec) {
    return KubeObject.of(
            ResourceType.PODS, KubeMap.of("name", "p", "namespace", "default", "uid", "u-1"))
        .withSpec(spec);
  }

  private String file(KubeMap spec) {
    return dns.forPod(pod(spec)).resolvConf().text();
  }

  private static final String CLUSTER_FILE =
      """
      nameserver 10.96.0.10
      search default.svc.cluster.local svc.cluster.local cluster.local example.com
      options ndots:5
      """;

  private static final String NODE_FILE =
      """
      nameserver 192.0.2.53
      search example.com cluster.local
      """;

  @Test
  void net_D_40_clusterFirstSearchesTheClusterThenTheNodesDomainsWithoutDoubles() {
    assertThat(file(KubeMap.of("dnsPolicy", "ClusterFirst"))).isEqualTo(CLUSTER_FILE);
    assertThat(file(KubeMap.EMPTY)).isEqualTo(CLUSTER_FILE);
  }

  @Test
  void seed_S_32_theResolverFileOfAClusterFirstPod() {
    PodDns plain = new PodDns(ImmutableList.of("10.96.0.10"), "cluster.local", ResolvConf.EMPTY);
    assertThat(plain.forPod(pod(KubeMap.EMPTY)).resolvConf().text())
        .isEqualTo(
            """
            nameserver 10.96.0.10
            search default.svc.cluster.local svc.cluster.local cluster.local
            options ndots:5
            """);
  }

  @Test
  void net_D_41_hostNetworkFallsBackToTheNodeUnlessThePolicySaysOtherwise() {
    assertThat(file(KubeMap.of("dnsPolicy", "ClusterFirst", "hostNetwork", true)))
        .isEqualTo(NODE_FILE);
    assertThat(file(KubeMap.of("dnsPolicy", "ClusterFirstWithHostNet", "hostNetwork", true)))
        .isEqualTo(CLUSTER_FILE);
    assertThat(file(KubeMap.of("dnsPolicy", "Default"))).isEqualTo(NODE_FILE);
  }

  @Test
  void net_D_41_noneTakesOnlyThePodsOwn() {
    KubeMap config =
        KubeMap.of(
            "nameservers", KubeList.of("192.0.2.1"),
            "searches", KubeList.of("my.dns.search.suffix"),
            "options",
                KubeList.of(
                    KubeMap.of("name", "ndots", "value", "2"), KubeMap.of("name", "edns0")));
    assertThat(file(KubeMap.of("dnsPolicy", "None", "dnsConfig", config)))
        .isEqualTo(
            """
            nameserver 192.0.2.1
            search my.dns.search.suffix
            options ndots:2 edns0
            """);
  }

  @Test
  void net_D_42_dnsConfigIsAppendedAndItsOptionsOverride() {
    KubeMap config =
        KubeMap.of(
            "nameservers", KubeList.of("10.96.0.10", "192.0.2.1"),
            "searches", KubeList.of("svc.cluster.local", "extra"),
            "options",
                KubeList.of(
                    KubeMap.of("name", "debug"), KubeMap.of("name", "ndots", "value", "1")));
    assertThat(file(KubeMap.of("dnsConfig", config)))
        .isEqualTo(
            """
            nameserver 10.96.0.10
            nameserver 192.0.2.1
            search default.svc.cluster.local svc.cluster.local cluster.local example.com extra
            options ndots:1 debug
            """);
  }

  @Test
  void net_D_43_moreThanTheLimitsIsCutWithAWarning() {
    List<Object> searches = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      searches.add("s" + i + ".example");
    }
    KubeMap config =
        KubeMap.of(
            "nameservers", KubeList.of("192.0.2.1", "192.0.2.2", "192.0.2.3"),
            "searches", KubeList.copyOf(searches));
    PodDns.Result result = dns.forPod(pod(KubeMap.of("dnsConfig", config)));
    assertThat(result.resolvConf().nameservers()).hasSize(3);
    assertThat(result.resolvConf().searches()).hasSize(32);
    assertThat(result.warnings())
        .extracting(PodDns.Warning::reason)
        .containsOnly("DNSConfigForming");
    assertThat(result.warnings().get(0).message())
        .isEqualTo(
            "Nameserver limits were exceeded, some nameservers have been omitted, the applied"
                + " nameserver line is: 10.96.0.10 192.0.2.1 192.0.2.2");
    assertThat(result.warnings().get(1).message())
        .startsWith(
            "Search Line limits were exceeded, some search paths have been omitted, the applied"
                + " search line is: default.svc.cluster.local ");
  }

  @Test
  void net_D_44_withoutClusterDnsTheNodesFileIsUsedAndWarnedOf() {
    PodDns.Result result =
        new PodDns(ImmutableList.of(), "cluster.local", NODE).forPod(pod(KubeMap.EMPTY));
    assertThat(result.resolvConf().text()).isEqualTo(NODE_FILE);
    assertThat(result.warnings())
        .containsExactly(
            new PodDns.Warning(
                true,
                "MissingClusterDNS",
                "kubelet does not have ClusterDNS IP configured and cannot create Pod using"
                    + " \"ClusterFirst\" policy. Falling back to \"Default\" policy."),
            new PodDns.Warning(
                false,
                "MissingClusterDNS",
                "pod: \"p_default(u-1)\". kubelet does not have ClusterDNS IP configured and cannot"
                    + " create Pod using \"ClusterFirst\" policy. Falling back to \"Default\""
                    + " policy."));
  }

  @Test
  void net_D_48_aPodsHostnameIsItsNameUnlessItHasAnother() {
    assertThat(PodHosts.of(pod(KubeMap.EMPTY), "cluster.local")).isEqualTo(new PodHosts("p", ""));
    KubeObject named = pod(KubeMap.of("hostname", "h", "subdomain", "sub"));
    assertThat(PodHosts.of(named, "cluster.local").fullName())
        .isEqualTo("h.sub.default.svc.cluster.local");
    String longName = "a".repeat(62) + "-b";
    KubeObject longer =
        KubeObject.of(ResourceType.PODS, KubeMap.of("name", longName, "namespace", "default"));
    assertThat(PodHosts.of(longer, "cluster.local").hostname()).isEqualTo("a".repeat(62));
  }

  @Test
  void net_D_49_etcHostsHasTheManagedLinesThenThePodThenItsAliases() {
    KubeObject pod =
        pod(
            KubeMap.of(
                "subdomain",
                "sub",
                "hostAliases",
                KubeList.of(KubeMap.of("ip", "192.0.2.9", "hostnames", KubeList.of("a", "b")))));
    assertThat(
            PodHosts.of(pod, "cluster.local")
                .etcHosts(pod, ImmutableList.of("10.1.0.7", "fd00::7")))
        .isEqualTo(
            """
            # Kubernetes-managed hosts file.
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::0\tip6-localnet
            fe00::0\tip6-mcastprefix
            fe00::1\tip6-allnodes
            fe00::2\tip6-allrouters
            10.1.0.7\tp.sub.default.svc.cluster.local\tp
            fd00::7\tp.sub.default.svc.cluster.local\tp

            # Entries added by HostAliases.
            192.0.2.9\ta\tb
            """);
    assertThat(PodHosts.etcHostsOfNode(pod(KubeMap.EMPTY), "127.0.0.1 localhost\n"))
        .isEqualTo("# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n");
  }
}
