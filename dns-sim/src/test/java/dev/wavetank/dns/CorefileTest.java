package dev.wavetank.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.dns.plugin.kubernetes.ClusterRecords;
import org.junit.jupiter.api.Test;

class CorefileTest {

  private static TestCluster with(String corefile) {
    return new TestCluster(corefile, Choices.first(), new ClusterRecords());
  }

  private static void refused(String corefile, String... words) {
    assertThatThrownBy(() -> with(corefile))
        .isInstanceOf(ScenarioException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void net_D_21_kubeadmsCorefileHasItsPluginsAndOptions() {
    Corefile corefile = Corefile.parse("Corefile", Corefile.kubeadm("cluster.local"));
    assertThat(corefile.blocks()).hasSize(1);
    assertThat(corefile.blocks().get(0).plugins())
        .extracting(plugin -> plugin.name().text())
        .containsExactly(
            "errors",
            "health",
            "ready",
            "kubernetes",
            "prometheus",
            "forward",
            "cache",
            "loop",
            "reload",
            "loadbalance");
  }

  @Test
  void net_D_23_theOrderOfLinesDoesNotMatter() {
    String backwards =
        """
        .:53 {
          forward . 192.0.2.53
          kubernetes cluster.local
          cache 30
          loadbalance
        }
        """;
    assertThat(
            with(backwards)
                .service("default", "web", "10.96.1.1", "http/TCP/80")
                .zoneText("web.default.svc.cluster.local.", "A"))
        .contains(" 5 IN A 10.96.1.1");
    assertThat(with(backwards).zoneText("www.example.com.", "A")).contains(" 30 IN A 192.0.2.80");
  }

  @Test
  void net_D_27_aStubDomainIsAServerBlockAndTheLongestZoneCounts() {
    TestCluster cluster =
        with(
            """
            .:53 {
              kubernetes cluster.local
            }
            example.com:53 {
              forward . 192.0.2.53
            }
            """);
    assertThat(cluster.zoneText("db.example.com.", "A")).contains("192.0.2.50");
    assertThat(cluster.zoneText("db.example.org.", "A")).startsWith("SERVFAIL");
  }

  @Test
  void namesOfNoServerBlockAreRefused() {
    TestCluster cluster = with("cluster.local:53 {\n kubernetes cluster.local\n}\n");
    assertThat(cluster.zoneText("www.example.com.", "A")).isEqualTo("REFUSED\n");
  }

  @Test
  void anUnknownPluginIsNamedWithItsPlaceAndTheNearestWord() {
    refused(".:53 {\n    kubernets cluster.local\n}\n", "Corefile:2:5", "did you mean kubernetes?");
    refused(".:53 {\n  cache 30 {\n    dissable success\n  }\n}\n", "Corefile:3:5", "disable");
    refused(".:53 {\n  acl {\n  }\n}\n", "Corefile:2:3", "acl is not simulated");
  }

  @Test
  void wrongValuesAreNamedWithTheirPlace() {
    refused(
        ".:53 {\n kubernetes cluster.local {\n  ttl 4000\n }\n}\n",
        "Corefile:3:7",
        "range [0, 3600]");
    refused(".:53 {\n kubernetes cluster.local {\n  pods maybe\n }\n}\n", "Corefile:3:8");
    refused(".:53 {\n kubernetes in-addr.arpa\n}\n", "non-reverse zone name must be used");
    refused(".:53 {\n cache 0\n}\n", "Corefile:2:8", "cache TTL can not be zero or negative");
    refused(".:53 {\n forward . resolver\n}\n", "Corefile:2:12", "expected an IP address");
    refused(".:53 {\n cache\n cache\n}\n", "Corefile:3:2", "only once");
  }

  @Test
  void brokenBlocksAreNamedWithTheirPlace() {
    refused("", "Corefile:1:1", "expected a server block");
    refused(".:53 {\n errors\n", "Corefile:1:6", "without its closing }");
    refused(".:53\nerrors\n", "Corefile:1:1", "expected {");
    refused(".:53 {\n forward . \"192\n}\n", "Corefile:2:12", "closing \"");
    refused(".:53 {\n forward . {$UPSTREAM}\n}\n", "Corefile:2:12", "environment");
  }

  @Test
  void commentsAndQuotesAreRead() {
    assertThat(
            with("# hello\n.:53 { # open\n  kubernetes \"cluster.local\" # zone\n}\n")
                .zoneText("cluster.local.", "A"))
        .startsWith("NOERROR");
  }
}
