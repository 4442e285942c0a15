package dev.wavetank.dns;

import static dev.wavetank.dns.TestCluster.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.dns.plugin.kubernetes.ClusterRecords;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** What cluster DNS answers, in zone text. */
class KubernetesDnsTest {
  private static final String SOA =
      "; cluster.local. 30 IN SOA ns.dns.cluster.local. hostmaster.cluster.local. 1767225600 7200"
          + " 1800 86400 30\n";

  private final TestCluster cluster =
      new TestCluster()
          .service("default", "todobackend", "10.103.210.17", "/TCP/80")
          .slice(
              "default",
              "todobackend",
              "todobackend-1",
              KubeList.of(endpoint("10.1.0.27", "", true), endpoint("10.1.0.30", "", true)),
              "/TCP/8000")
          .service("default", "web", "10.96.1.1", "http/TCP/80", "https/TCP/443")
          .service("default", "ds", "10.96.1.4,fd00:10:96::14", "http/TCP/80")
          .service("default", "mysql", "None", "mysql/TCP/3306")
          .slice(
              "default",
              "mysql",
              "mysql-1",
              KubeList.of(
                  endpoint("10.1.0.50", "mysql-0", true),
                  endpoint("10.1.0.51", "mysql-1", true),
                  endpoint("10.1.0.52", "mysql-2", false)),
              "mysql/TCP/13306")
          .service("default", "empty", "None", "http/TCP/80")
          .service("kube-system", "kube-dns", "10.96.0.10", "dns/UDP/53", "dns-tcp/TCP/53")
          .slice(
              "kube-system",
              "kube-dns",
              "kube-dns-1",
              KubeList.of(endpoint("10.1.0.5", "", true)),
              "dns/UDP/53")
          .external("default", "ext", "db.example.com")
          .external("default", "ext-in", "todobackend.default.svc.cluster.local")
          .external("default", "ext-ip", "192.0.2.33");

  private static String nxdomain() {
    return "NXDOMAIN\n" + SOA;
  }

  private static String noData() {
    return "NOERROR\n" + SOA;
  }

  @Test
  void net_D_01_aServiceHasItsClusterIpEvenWithoutEndpoints() {
    assertThat(cluster.zoneText("web.default.svc.cluster.local.", "A"))
        .isEqualTo("NOERROR\nweb.default.svc.cluster.local. 30 IN A 10.96.1.1\n");
    assertThat(cluster.zoneText("ds.default.svc.cluster.local.", "AAAA"))
        .isEqualTo("NOERROR\nds.default.svc.cluster.local. 30 IN AAAA fd00:10:96::14\n");
  }

  @Test
  void net_D_02_srvRecordsOfAServiceShareTheWeight() {
    assertThat(cluster.zoneText("web.default.svc.cluster.local.", "SRV"))
        .isEqualTo(
            """
            NOERROR
            web.default.svc.cluster.local. 30 IN SRV 0 50 80 web.default.svc.cluster.local.
            web.default.svc.cluster.local. 30 IN SRV 0 50 443 web.default.svc.cluster.local.
            + web.default.svc.cluster.local. 30 IN A 10.96.1.1
            """);
    assertThat(cluster.zoneText("_https._tcp.web.default.svc.cluster.local.", "SRV"))
        .contains("_https._tcp.web.default.svc.cluster.local. 30 IN SRV 0 100 443 web.default");
    assertThat(cluster.zoneText("ds.default.svc.cluster.local.", "SRV"))
        .contains("SRV 0 50 80 ds.default.svc.cluster.local.");
  }

  @Test
  void net_D_03_anUnnamedPortHasAnSrvRecordOnlyUnderTheServicesName() {
    assertThat(cluster.zoneText("_http._tcp.todobackend.default.svc.cluster.local.", "SRV"))
        .isEqualTo(nxdomain());
    assertThat(cluster.zoneText("todobackend.default.svc.cluster.local.", "SRV"))
        .contains("30 IN SRV 0 100 80 todobackend.default.svc.cluster.local.\n")
        .contains("+ todobackend.default.svc.cluster.local. 30 IN A 10.103.210.17\n");
  }

  @Test
  void net_D_04_addressesHaveNames() {
    assertThat(cluster.zoneText("17.210.103.10.in-addr.arpa.", "PTR"))
        .isEqualTo(
            "NOERROR\n17.210.103.10.in-addr.arpa. 30 IN PTR"
                + " todobackend.default.svc.cluster.local.\n");
    assertThat(cluster.zoneText("50.0.1.10.in-addr.arpa.", "PTR"))
        .contains("PTR mysql-0.mysql.default.svc.cluster.local.");
    assertThat(
            cluster.zoneText(
                "4.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa.", "PTR"))
        .contains("PTR ds.default.svc.cluster.local.");
  }

  @Test
  void net_D_05_aHeadlessServiceHasItsReadyEndpoints() {
    assertThat(cluster.zoneText("mysql.default.svc.cluster.local.", "A"))
        .isEqualTo(
            """
            NOERROR
            mysql.default.svc.cluster.local. 30 IN A 10.1.0.50
            mysql.default.svc.cluster.local. 30 IN A 10.1.0.51
            """);
    assertThat(cluster.zoneText("empty.default.svc.cluster.local.", "A")).isEqualTo(nxdomain());
  }

  @Test
  void net_D_06_anEndpointIsNamedByItsHostnameElseByItsAddress() {
    assertThat(cluster.zoneText("mysql-0.mysql.default.svc.cluster.local.", "A"))
        .contains("IN A 10.1.0.50");
    assertThat(cluster.zoneText("10-1-0-50.mysql.default.svc.cluster.local.", "A"))
        .isEqualTo(nxdomain());
    assertThat(cluster.zoneText("10-1-0-27.todobackend.default.svc.cluster.local.", "A"))
        .contains("IN A 10.1.0.27");
    cluster
        .service("default", "six", "None", "http/TCP/80")
        .slice(
            "default",
            "six",
            "six-1",
            KubeList.of(endpoint("5678:abcd::", "", true)),
            "http/TCP/80");
    assertThat(cluster.zoneText("5678-abcd--0.six.default.svc.cluster.local.", "AAAA"))
        .contains("IN AAAA 5678:abcd::");
  }

  @Test
  void net_D_07_theSameHostnameOnSeveralEndpointsMeansAllOfThem() {
    twins();
    assertThat(cluster.zoneText("twin.pair.default.svc.cluster.local.", "A"))
        .contains("IN A 10.1.0.72", "IN A 10.1.0.73");
  }

  private void twins() {
    cluster
        .service("default", "pair", "None", "http/TCP/80")
        .slice(
            "default",
            "pair",
            "pair-1",
            KubeList.of(endpoint("10.1.0.72", "twin", true), endpoint("10.1.0.73", "twin", true)),
            "http/TCP/80");
  }

  @Test
  void net_D_08_headlessSrvWeightsAreAHundredByAllTargetsDoublesIncluded() {
    twins();
    assertThat(cluster.zoneText("pair.default.svc.cluster.local.", "SRV"))
        .isEqualTo(
            """
            NOERROR
            pair.default.svc.cluster.local. 30 IN SRV 0 50 80 twin.pair.default.svc.cluster.local.
            + twin.pair.default.svc.cluster.local. 30 IN A 10.1.0.72
            + twin.pair.default.svc.cluster.local. 30 IN A 10.1.0.73
            """);
  }

  @Test
  void net_D_09_headlessSrvNamesThePortOfTheEndpoint() {
    assertThat(cluster.zoneText("_mysql._tcp.mysql.default.svc.cluster.local.", "SRV"))
        .contains("SRV 0 50 13306 mysql-0.mysql.default.svc.cluster.local.");
  }

  @Test
  void net_D_10_externalNamesAreAliasesWithWhatTheyLeadTo() {
    assertThat(cluster.zoneText("ext.default.svc.cluster.local.", "A"))
        .isEqualTo(
            """
            NOERROR
            ext.default.svc.cluster.local. 30 IN CNAME db.example.com.
            db.example.com. 30 IN A 192.0.2.50
            """);
    assertThat(cluster.zoneText("ext-in.default.svc.cluster.local.", "A"))
        .contains(
            "ext-in.default.svc.cluster.local. 30 IN CNAME todobackend.default.svc.cluster.local.",
            "todobackend.default.svc.cluster.local. 30 IN A 10.103.210.17");
    assertThat(cluster.zoneText("x.ext.default.svc.cluster.local.", "A")).isEqualTo(nxdomain());
    assertThat(cluster.zoneText("ext.default.svc.cluster.local.", "SRV")).isEqualTo(noData());
  }

  @Test
  void net_D_10_chainsOfExternalNamesEnd() {
    for (int i = 0; i < 30; i++) {
      cluster.external("default", "c" + i, "c" + (i + 1) + ".default.svc.cluster.local");
    }
    cluster.external("default", "c30", "web.default.svc.cluster.local");
    assertThat(cluster.zoneText("c0.default.svc.cluster.local.", "A")).isEqualTo(noData());
    assertThat(cluster.zoneText("c25.default.svc.cluster.local.", "A")).contains("10.96.1.1");
    cluster.external("default", "loop", "loop.default.svc.cluster.local");
    assertThat(cluster.zoneText("loop.default.svc.cluster.local.", "A")).isEqualTo(noData());
  }

  @Test
  void net_D_11_anExternalNameThatIsAnAddressHasNoName() {
    assertThat(cluster.zoneText("ext-ip.default.svc.cluster.local.", "A")).isEqualTo(nxdomain());
  }

  @Test
  void net_D_12_podNamesEchoTheAddressVerifyItOrAreOff() {
    assertThat(cluster.zoneText("1-2-3-4.default.pod.cluster.local.", "A"))
        .contains("1-2-3-4.default.pod.cluster.local. 30 IN A 1.2.3.4");
    assertThat(cluster.zoneText("1-2-3-4.nowhere.pod.cluster.local.", "A")).isEqualTo(nxdomain());
    assertThat(cluster.zoneText("300-2-3-4.default.pod.cluster.local.", "A")).isEqualTo(nxdomain());
    TestCluster verified = with("pods verified");
    KubeObject pod =
        TestCluster.object(ResourceType.PODS, "default", "p")
            .withStatus(KubeMap.of("podIP", "10.1.0.9"));
    verified.add(ResourceType.PODS, pod);
    assertThat(verified.zoneText("10-1-0-9.default.pod.cluster.local.", "A"))
        .contains("IN A 10.1.0.9");
    assertThat(verified.zoneText("10-1-0-8.default.pod.cluster.local.", "A"))
        .startsWith("NXDOMAIN");
    verified.change(ResourceType.PODS, pod, null);
    assertThat(verified.zoneText("10-1-0-9.default.pod.cluster.local.", "A"))
        .startsWith("NXDOMAIN");
    assertThat(with("").zoneText("10-1-0-9.default.pod.cluster.local.", "A"))
        .startsWith("NXDOMAIN");
  }

  private static TestCluster with(String option) {
    return new TestCluster(
        ".:53 {\n kubernetes cluster.local {\n " + option + "\n }\n}\n",
        Choices.first(),
        new ClusterRecords());
  }

  @Test
  void net_D_13_theSchemaVersionLivesAsLongAsTheCacheLets() {
    assertThat(cluster.zoneText("dns-version.cluster.local.", "TXT"))
        .isEqualTo("NOERROR\ndns-version.cluster.local. 30 IN TXT \"1.1.0\"\n");
    assertThat(with("").zoneText("dns-version.cluster.local.", "TXT")).contains(" 28800 IN TXT");
  }

  @Test
  void net_D_14_theTtlIsThirtyAndDoesNotCountDown() {
    String first = cluster.zoneText("todobackend.default.svc.cluster.local.", "A");
    cluster.nowNanos += TimeUnit.SECONDS.toNanos(2);
    assertThat(cluster.zoneText("todobackend.default.svc.cluster.local.", "A"))
        .isEqualTo(first)
        .contains(" 30 IN A ");
    assertThat(
            with("")
                .service("default", "a", "10.96.7.7", "/TCP/1")
                .zoneText("a.default.svc.cluster.local.", "A"))
        .contains(" 5 IN A ");
  }

  @Test
  void net_D_15_noSuchNameAndNoSuchTypeDiffer() {
    assertThat(cluster.zoneText("nosuch.default.svc.cluster.local.", "A")).isEqualTo(nxdomain());
    assertThat(cluster.zoneText("web.nowhere.svc.cluster.local.", "A")).isEqualTo(nxdomain());
    assertThat(cluster.zoneText("x.web.default.svc.cluster.local.", "A")).isEqualTo(nxdomain());
    for (String name :
        new String[] {
          "web.default.svc.cluster.local.",
          "svc.cluster.local.",
          "pod.cluster.local.",
          "default.svc.cluster.local.",
          "cluster.local."
        }) {
      assertThat(cluster.zoneText(name, "AAAA")).as(name).isEqualTo(noData());
    }
  }

  @Test
  void net_D_16_denialsCarryTheStartOfAuthorityWithTheTimeOfTheLastChange() {
    cluster.nowNanos = TimeUnit.SECONDS.toNanos(90);
    cluster.service("default", "late", "10.96.9.9", "/TCP/80");
    assertThat(cluster.zoneText("nosuch.default.svc.cluster.local.", "A"))
        .isEqualTo("NXDOMAIN\n" + SOA.replace("1767225600", "1767225690"));
  }

  @Test
  void net_D_17_answersAreAuthoritativeAndTransfersRefused() {
    assertThat(cluster.ask("web.default.svc.cluster.local.", "A").getHeader().getFlag(Flags.AA))
        .isTrue();
    assertThat(cluster.ask("cluster.local.", "AXFR").getRcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void net_D_17_beforeItHasSeenTheClusterAServerFails() {
    DnsServer fresh =
        new DnsServer(
            "fresh",
            Corefile.parse("Corefile", Corefile.kubeadm("cluster.local")),
            new ClusterRecords(),
            com.google.common.collect.ImmutableList.of("10.1.0.6"),
            com.google.common.collect.ImmutableList.of("192.0.2.53"),
            cluster.outside,
            Choices.first(),
            dev.wavetank.core.sim.Simulation.START);
    DnsServer.Response response =
        fresh.answer(TestCluster.question("web.default.svc.cluster.local.", "A"), Protocol.UDP, 0);
    assertThat(response).isNotNull();
    assertThat(response.message().getRcode()).isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void net_D_18_namesHaveNoCaseButAnswersKeepIt() {
    assertThat(cluster.zoneText("TODOBACKEND.Default.SVC.Cluster.Local.", "A"))
        .isEqualTo("NOERROR\nTODOBACKEND.Default.SVC.Cluster.Local. 30 IN A 10.103.210.17\n");
  }

  @Test
  void net_D_19_underscoresMayBeLeftOutAndLongNamesAreNotThere() {
    assertThat(cluster.zoneText("http.tcp.web.default.svc.cluster.local.", "SRV"))
        .contains("SRV 0 100 80");
    assertThat(cluster.zoneText("a.b.c.web.default.svc.cluster.local.", "A")).isEqualTo(nxdomain());
  }

  @Test
  void net_D_20_unknownReverseNamesAreHandedOn() {
    assertThat(cluster.zoneText("8.8.8.8.in-addr.arpa.", "PTR"))
        .startsWith("NXDOMAIN\n; . 30 IN SOA a.root-servers.net.");
  }

  @Test
  void net_D_22_theNameServerOfTheZoneIsTheServiceInFrontOfIt() {
    assertThat(cluster.zoneText("cluster.local.", "NS"))
        .isEqualTo(
            """
            NOERROR
            cluster.local. 30 IN NS kube-dns.kube-system.svc.cluster.local.
            + kube-dns.kube-system.svc.cluster.local. 30 IN A 10.96.0.10
            """);
    assertThat(cluster.zoneText("ns.dns.cluster.local.", "A")).contains("IN A 10.96.0.10");
  }

  @Test
  void net_D_31_ignoreEmptyServiceHidesServicesWithoutEndpoints() {
    TestCluster ignoring =
        with("ignore empty_service").service("default", "web", "10.96.1.1", "http/TCP/80");
    assertThat(ignoring.zoneText("web.default.svc.cluster.local.", "A")).startsWith("NXDOMAIN");
    ignoring.slice(
        "default", "web", "web-1", KubeList.of(endpoint("10.1.0.1", "", true)), "http/TCP/80");
    assertThat(ignoring.zoneText("web.default.svc.cluster.local.", "A")).contains("10.96.1.1");
  }

  @Test
  void seed_S_30_aServiceNameMeansItsClusterIpAndHasNoIpv6Address() {
    Message message = cluster.ask("todobackend.default.svc.cluster.local.", "A");
    assertThat(message.getHeader().printFlags()).isEqualTo("qr aa rd ");
    assertThat(cluster.zoneText("todobackend.default.svc.cluster.local.", "A"))
        .isEqualTo("NOERROR\ntodobackend.default.svc.cluster.local. 30 IN A 10.103.210.17\n");
    assertThat(cluster.zoneText("todobackend.default.svc.cluster.local.", "AAAA"))
        .isEqualTo(noData());
  }

  @Test
  void answersThatDoNotFitAreCutAndMarked() {
    Object[] endpoints = new Object[60];
    for (int i = 0; i < endpoints.length; i++) {
      endpoints[i] = endpoint("10.1.2." + (i + 1), "", true);
    }
    cluster
        .service("default", "hl-big", "None", "http/TCP/80")
        .slice("default", "hl-big", "hl-big-1", KubeList.of(endpoints), "http/TCP/80");
    Message cut = cluster.ask("hl-big.default.svc.cluster.local.", "A");
    assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(cut.getHeader().getCount(org.xbill.DNS.Section.ANSWER)).isEqualTo(28);
    Message whole =
        cluster.response("hl-big.default.svc.cluster.local.", "A", Protocol.TCP).message();
    assertThat(whole.getHeader().getFlag(Flags.TC)).isFalse();
    assertThat(whole.getHeader().getCount(org.xbill.DNS.Section.ANSWER)).isEqualTo(60);
  }
}
