package dev.wavetank.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.dns.plugin.kubernetes.ClusterRecords;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** Names that become others on the server: rewrite and autopath. */
class RewriteTest {

  private static TestCluster with(String plugins) {
    String corefile =
        ".:53 {\n"
            + plugins
            + "\nkubernetes cluster.local {\n pods verified\n}\nforward . 192.0.2.53\n}\n";
    TestCluster cluster =
        new TestCluster(corefile, Choices.first(), new ClusterRecords())
            .service("default", "web", "10.96.0.20", "http/TCP/80")
            .service("shop", "web", "10.96.0.30", "http/TCP/80")
            .add(ResourceType.NAMESPACES, TestCluster.namespace("shop"));
    return cluster.add(
        ResourceType.PODS,
        TestCluster.object(ResourceType.PODS, "shop", "client")
            .withStatus(KubeMap.of("podIP", "10.1.0.9", "phase", "Running")));
  }

  @Test
  void net_D_28_anExactNameIsAskedForAsAnotherAndAnsweredAsItself() {
    TestCluster cluster = with("rewrite name shop.example.com web.default.svc.cluster.local");
    assertThat(cluster.zoneText("shop.example.com.", "A"))
        .isEqualTo("NOERROR\nshop.example.com. 5 IN A 10.96.0.20\n");
    assertThat(cluster.zoneText("www.example.com.", "A")).contains("192.0.2.80");
  }

  @Test
  void net_D_28_aSuffixKeepsWhatIsBeforeIt() {
    TestCluster plain = with("rewrite name suffix .test .default.svc.cluster.local");
    assertThat(plain.zoneText("web.test.", "A"))
        .isEqualTo("NOERROR\nweb.default.svc.cluster.local. 5 IN A 10.96.0.20\n");
    TestCluster auto = with("rewrite name suffix .test .default.svc.cluster.local answer auto");
    assertThat(auto.zoneText("web.test.", "A")).contains("web.test. 5 IN A 10.96.0.20");
  }

  @Test
  void net_D_28_groupsOfARegularExpressionGoIntoTheNewName() {
    TestCluster cluster =
        with(
            "rewrite stop {\n name regex (.*)-([a-z]+)\\.test\\. {1}.{2}.svc.cluster.local\n"
                + " answer name (.*)\\.([a-z]+)\\.svc\\.cluster\\.local\\. {1}-{2}.test\n}");
    assertThat(cluster.zoneText("web-shop.test.", "A"))
        .isEqualTo("NOERROR\nweb-shop.test. 5 IN A 10.96.0.30\n");
  }

  @Test
  void net_D_28_theFirstRuleThatFitsIsTheLastUnlessItGoesOn() {
    String second = "\nrewrite name b.test web.default.svc.cluster.local";
    assertThat(with("rewrite name a.test b.test" + second).ask("a.test.", "A").getRcode())
        .isEqualTo(Rcode.NXDOMAIN);
    assertThat(with("rewrite continue name a.test b.test" + second).zoneText("a.test.", "A"))
        .contains("10.96.0.20");
  }

  @Test
  void net_D_28_typesAndTimesToLiveAreRewrittenToo() {
    assertThat(with("rewrite type ANY A").zoneText("web.default.svc.cluster.local.", "ANY"))
        .contains("IN A 10.96.0.20");
    assertThat(
            with("rewrite ttl suffix .cluster.local 77")
                .zoneText("web.default.svc.cluster.local.", "A"))
        .contains("77 IN A 10.96.0.20");
  }

  @Test
  void aRuleThatIsWrongIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> with("rewrite edns0 local set 0xffee 1"))
        .hasMessageContaining("Corefile:2:9")
        .hasMessageContaining("name, type, ttl");
    assertThatThrownBy(() -> with("rewrite name regex ( x")).hasMessageContaining("Corefile:2:");
    assertThatThrownBy(() -> with("rewrite name a.test"))
        .hasMessageContaining("expected a name after this");
  }

  private static Message askFrom(TestCluster cluster, String client, String name) throws Exception {
    byte[] question = TestCluster.question(name, "A").toWire();
    DnsServer.Response response =
        cluster.server.answer(question, Protocol.UDP, cluster.nowNanos, client);
    return new Message(response.wire());
  }

  @Test
  void net_D_30_theServerWalksTheSearchListOfThePodThatAsks() throws Exception {
    TestCluster cluster = with("autopath @kubernetes");
    Message answer = askFrom(cluster, "10.1.0.9", "www.example.com.shop.svc.cluster.local.");
    assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(answer.getSection(Section.ANSWER).toString())
        .contains("www.example.com.shop.svc.cluster.local.")
        .contains("CNAME\twww.example.com.")
        .contains("192.0.2.80");
    Message own = askFrom(cluster, "10.1.0.9", "web.shop.svc.cluster.local.");
    assertThat(own.getSection(Section.ANSWER)).hasSize(1);
  }

  @Test
  void net_D_30_whoeverIsNoPodIsAnsweredAsEver() throws Exception {
    TestCluster cluster = with("autopath @kubernetes");
    String name = "www.example.com.shop.svc.cluster.local.";
    assertThat(askFrom(cluster, "10.1.0.200", name).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(askFrom(with(""), "10.1.0.9", name).getRcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void net_D_30_aNameThatIsNowhereIsDeniedAsItWasAsked() throws Exception {
    Message answer =
        askFrom(with("autopath @kubernetes"), "10.1.0.9", "no.such.shop.svc.cluster.local.");
    assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(answer.getSection(Section.ANSWER)).isEmpty();
  }
}
