package dev.wavetank.dns.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.dns.TestCluster;
import org.junit.jupiter.api.Test;

/** What dig and nslookup print. */
class DigTest {
  private static final ResolvConf POD =
      ResolvConf.parse(
          """
          nameserver 10.96.0.10
          search default.svc.cluster.local svc.cluster.local cluster.local
          options ndots:5
          """);

  private final TestCluster cluster =
      new TestCluster()
          .service("default", "todobackend", "10.103.210.17", "/TCP/80")
          .slice(
              "default",
              "todobackend",
              "todobackend-1",
              dev.wavetank.core.api.KubeList.of(TestCluster.endpoint("10.1.0.27", "", true)),
              "/TCP/8000")
          .external("default", "ext", "db.example.com");

  private Dig dig(String arguments) {
    return new Dig(
        Splitter.on(' ').splitToList(arguments), POD, TestCluster.ids(), () -> Simulation.START);
  }

  private String output(String arguments) {
    Dig dig = dig(arguments);
    cluster.converse(dig);
    return dig.output();
  }

  @Test
  void net_D_60_columnsAreTabStopsOrOneBlank() {
    assertThat(output("+noall +answer todobackend.default.svc.cluster.local"))
        .isEqualTo("todobackend.default.svc.cluster.local. 30 IN A\t10.103.210.17\n");
    assertThat(output("+noall +answer -x 10.103.210.17"))
        .isEqualTo(
            "17.210.103.10.in-addr.arpa. 30\tIN\tPTR\ttodobackend.default.svc.cluster.local.\n");
    assertThat(output("+noall +answer cluster.local SOA"))
        .isEqualTo(
            "cluster.local.\t\t30\tIN\tSOA\tns.dns.cluster.local. hostmaster.cluster.local."
                + " 1767225600 7200 1800 86400 30\n");
    assertThat(output("+noall +answer ext.default.svc.cluster.local"))
        .isEqualTo(
            """
            ext.default.svc.cluster.local. 30 IN\tCNAME\tdb.example.com.
            db.example.com.\t\t30\tIN\tA\t192.0.2.50
            """);
  }

  @Test
  void net_D_61_withoutSearchTheBareNameIsAskedAndNothingAnswered() {
    assertThat(output("+noall +answer todobackend")).isEmpty();
    assertThat(cluster.converse(dig("todobackend"))).containsExactly("todobackend. A");
    assertThat(output("+search +short todobackend")).isEqualTo("10.103.210.17\n");
    assertThat(cluster.converse(dig("+search nosuch")))
        .containsExactly(
            "nosuch.default.svc.cluster.local. A",
            "nosuch.svc.cluster.local. A",
            "nosuch.cluster.local. A",
            "nosuch. A");
    assertThat(output("+search nosuch")).contains("status: NXDOMAIN", "\n;nosuch.\t\t\t\tIN\tA\n");
  }

  @Test
  void seed_S_31_digFromAThrowAwayPod() {
    assertThat(output("todobackend a +search +noall +answer"))
        .isEqualTo("todobackend.default.svc.cluster.local. 30 IN A\t10.103.210.17\n");
    cluster.nowNanos = 2_000_000_000L;
    assertThat(output("todobackend a +search +noall +answer"))
        .isEqualTo("todobackend.default.svc.cluster.local. 30 IN A\t10.103.210.17\n");
  }

  @Test
  void seed_S_33_theVirtualAddressAndThePodsHaveNames() {
    assertThat(output("+noall +answer -x 10.103.210.17"))
        .isEqualTo(
            "17.210.103.10.in-addr.arpa. 30\tIN\tPTR\ttodobackend.default.svc.cluster.local.\n");
    assertThat(output("+short -x 10.1.0.27"))
        .isEqualTo("10-1-0-27.todobackend.default.svc.cluster.local.\n");
  }

  @Test
  void net_D_61_theFullOutput() {
    assertThat(output("todobackend +search"))
        .isEqualTo(
            """

            ; <<>> DiG 9.18.28 <<>> todobackend +search
            ;; global options: +cmd
            ;; Got answer:
            ;; WARNING: .local is reserved for Multicast DNS
            ;; You are currently testing what happens when an mDNS query is leaked to DNS
            ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 0
            ;; flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1
            ;; WARNING: recursion requested but not available

            ;; OPT PSEUDOSECTION:
            ; EDNS: version: 0, flags:; udp: 1232
            ; COOKIE: 0000000000000000 (echoed)
            ;; QUESTION SECTION:
            ;todobackend.default.svc.cluster.local. IN A

            ;; ANSWER SECTION:
            todobackend.default.svc.cluster.local. 30 IN A\t10.103.210.17

            ;; Query time: 1 msec
            ;; SERVER: 10.96.0.10#53(10.96.0.10) (UDP)
            ;; WHEN: Thu Jan 01 00:00:00 UTC 2026
            ;; MSG SIZE  rcvd: 131

            """);
  }

  @Test
  void serversThatCannotBeReachedAreNamedThreeTimes() {
    Dig dig = dig("+short web");
    while (dig.ask() != null) {
      dig.refused();
    }
    assertThat(dig.output())
        .isEqualTo(
            """
            ;; communications error to 10.96.0.10#53: connection refused
            ;; communications error to 10.96.0.10#53: connection refused
            ;; communications error to 10.96.0.10#53: connection refused
            ;; no servers could be reached
            """);
    assertThat(dig.exitCode()).isEqualTo(9);
  }

  @Test
  void aTransferIsRefusedAndWrongOptionsAreNamed() {
    assertThat(output("cluster.local axfr")).endsWith("; Transfer failed.\n");
    assertThat(output("+foo web")).startsWith("Invalid option: +foo\nUsage:  dig ");
  }

  @Test
  void nslookupOfBind() {
    Nslookup found = new Nslookup("todobackend", "", "", POD, TestCluster.ids());
    cluster.converse(found);
    assertThat(found.output())
        .isEqualTo(
            """
            ;; Got recursion not available from 10.96.0.10
            Server:\t\t10.96.0.10
            Address:\t10.96.0.10#53

            Name:\ttodobackend.default.svc.cluster.local
            Address: 10.103.210.17
            ;; Got recursion not available from 10.96.0.10

            """);
    Nslookup missing = new Nslookup("nosuch.", "10.96.0.10", "", POD, TestCluster.ids());
    cluster.converse(missing);
    assertThat(missing.output())
        .isEqualTo(
            """
            Server:\t\t10.96.0.10
            Address:\t10.96.0.10#53

            ** server can't find nosuch.: NXDOMAIN

            """);
    assertThat(missing.exitCode()).isEqualTo(1);
  }

  @Test
  void nslookupOfBusyBoxShowsEveryNameOfTheSearchList() {
    BusyBoxNslookup found = new BusyBoxNslookup("todobackend", "", "", POD, TestCluster.ids());
    cluster.converse(found);
    assertThat(found.output())
        .isEqualTo(
            """
            Server:\t\t10.96.0.10
            Address:\t10.96.0.10:53

            Name:\ttodobackend.default.svc.cluster.local
            Address: 10.103.210.17

            ** server can't find todobackend.svc.cluster.local: NXDOMAIN

            ** server can't find todobackend.cluster.local: NXDOMAIN


            ** server can't find todobackend.svc.cluster.local: NXDOMAIN

            ** server can't find todobackend.cluster.local: NXDOMAIN

            """);
  }
}
