package dev.wavetank.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.dns.plugin.Outside;
import dev.wavetank.dns.plugin.kubernetes.ClusterRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Answers agree with a second, simpler reading of the schema, whatever the cluster. */
class DnsSchemaTest {
  /** A Service of a plan; address 0 is headless. */
  record Plan(String namespace, String name, int address, List<End> ends) {
    String key() {
      return namespace + "/" + name;
    }

    KubeObject service() {
      return TestCluster.serviceObject(
          namespace, name, address == 0 ? "None" : "10.96.0." + address, "http/TCP/80");
    }

    KubeObject slice() {
      List<Object> endpoints = new ArrayList<>();
      ends.forEach(end -> endpoints.add(TestCluster.endpoint(end.ip(), end.host(), end.ready())));
      return TestCluster.sliceObject(
          namespace, name, name + "-1", KubeList.copyOf(endpoints), "http/TCP/8080");
    }
  }

  record End(int number, String host, boolean ready) {
    String ip() {
      return "10.1.0." + number;
    }
  }

  /** Without 5, the server's own: a Service with it names the zone's servers instead of ns.dns. */
  @Provide
  Arbitrary<List<Plan>> plans() {
    Arbitrary<End> end =
        Combinators.combine(
                Arbitraries.of(1, 2, 3, 4, 6, 7, 8, 9),
                Arbitraries.of("", "a", "b"),
                Arbitraries.of(true, true, false))
            .as(End::new);
    return Combinators.combine(
            Arbitraries.of("default", "blue", "absent"),
            Arbitraries.of("a", "b", "web"),
            Arbitraries.integers().between(0, 5),
            end.list().ofMaxSize(3))
        .as(Plan::new)
        .list()
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> label =
        Arbitraries.of(
            "a",
            "b",
            "web",
            "default",
            "blue",
            "absent",
            "svc",
            "pod",
            "10-1-0-1",
            "10-1-0-2",
            "_http",
            "_tcp",
            "_udp",
            "WEB",
            "Default",
            "ns",
            "dns");
    return Combinators.combine(
            label.list().ofMinSize(0).ofMaxSize(6),
            Arbitraries.of("svc.cluster.local.", "pod.cluster.local.", "cluster.local."))
        .as((labels, end) -> labels.isEmpty() ? end : String.join(".", labels) + "." + end);
  }

  /** The IPv4 addresses of a name below the cluster's zone; null when there is no such name. */
  private static @Nullable Set<String> spec(String name, TreeMap<String, Plan> cluster) {
    List<String> labels =
        ImmutableList.copyOf(
            name.toLowerCase(Locale.ROOT).replace(".cluster.local.", "").split("\\."));
    if (name.equals("cluster.local.")) {
      return Set.of();
    }
    if (labels.equals(List.of("ns", "dns"))) {
      return Set.of("10.1.0.5");
    }
    int size = labels.size();
    String kind = labels.get(size - 1);
    if (!kind.equals("svc") && !kind.equals("pod")) {
      return null;
    }
    if (size == 1) {
      return Set.of();
    }
    String namespace = labels.get(size - 2);
    boolean exists = namespace.equals("default") || namespace.equals("blue");
    if (size > 5 || !exists) {
      return null;
    }
    if (size == 2) {
      return Set.of();
    }
    String service = labels.get(size - 3);
    if (kind.equals("pod")) {
      return service.startsWith("10-") ? Set.of(service.replace('-', '.')) : null;
    }
    Plan plan = cluster.get(namespace + "/" + service);
    if (plan == null || (size == 5 && !portMatches(labels))) {
      return null;
    }
    if (plan.address() != 0 && size != 4) {
      return Set.of("10.96.0." + plan.address());
    }
    Set<String> found = new TreeSet<>();
    for (End end : plan.ends()) {
      String own = end.host().isEmpty() ? end.ip().replace('.', '-') : end.host();
      if (end.ready() && (size != 4 || own.equals(labels.get(0)))) {
        found.add(end.ip());
      }
    }
    return found.isEmpty() ? null : found;
  }

  private static boolean portMatches(List<String> labels) {
    return labels.get(0).replace("_", "").equals("http")
        && labels.get(1).replace("_", "").equals("tcp");
  }

  private static void assertAgrees(TestCluster dns, String name, TreeMap<String, Plan> cluster) {
    Set<String> expected = spec(name, cluster);
    Message message = dns.ask(name, "A");
    assertThat(message.getRcode())
        .as(name)
        .isEqualTo(expected == null ? Rcode.NXDOMAIN : Rcode.NOERROR);
    Set<String> actual = new TreeSet<>();
    for (Record record : message.getSection(Section.ANSWER)) {
      actual.add(((ARecord) record).getAddress().getHostAddress());
    }
    assertThat(actual).as(name).isEqualTo(expected == null ? Set.of() : expected);
  }

  /** Applies the plans one after the other; the later of two with one key replaces the earlier. */
  private static TreeMap<String, Plan> apply(TestCluster dns, List<Plan> plans) {
    TreeMap<String, Plan> cluster = new TreeMap<>();
    for (Plan plan : plans) {
      Plan before = cluster.put(plan.key(), plan);
      dns.change(ResourceType.SERVICES, before == null ? null : before.service(), plan.service());
      dns.change(
          ResourceType.ENDPOINT_SLICES, before == null ? null : before.slice(), plan.slice());
    }
    return cluster;
  }

  private static TestCluster fresh() {
    return new TestCluster().add(ResourceType.NAMESPACES, TestCluster.namespace("blue"));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void answersAgreeWithTheSchema(@ForAll("plans") List<Plan> plans, @ForAll("names") String name) {
    TestCluster dns = fresh();
    assertAgrees(dns, name, apply(dns, plans));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void questionsBetweenChangesDoNotDisturbTheIndex(
      @ForAll("plans") List<Plan> plans, @ForAll("names") String name) {
    TestCluster asked = fresh();
    TreeMap<String, Plan> cluster = new TreeMap<>();
    for (Plan plan : plans) {
      Plan before = cluster.put(plan.key(), plan);
      asked.change(ResourceType.SERVICES, before == null ? null : before.service(), plan.service());
      asked.change(
          ResourceType.ENDPOINT_SLICES, before == null ? null : before.slice(), plan.slice());
      assertAgrees(asked, name, cluster);
    }
    for (Plan plan : List.copyOf(cluster.values())) {
      cluster.remove(plan.key());
      asked.change(ResourceType.SERVICES, plan.service(), null);
      asked.change(ResourceType.ENDPOINT_SLICES, plan.slice(), null);
      assertAgrees(asked, name, cluster);
    }
    for (int i = 1; i <= 9; i++) {
      assertThat(asked.ask(i + ".0.1.10.in-addr.arpa.", "PTR").getRcode())
          .isEqualTo(Rcode.NXDOMAIN);
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aReadyEndpointsAddressHasTheNameThatLeadsBackToIt(@ForAll("plans") List<Plan> plans) {
    TestCluster dns = fresh();
    TreeMap<String, Plan> cluster = apply(dns, plans);
    for (Plan plan : cluster.values()) {
      for (End end : plan.ends()) {
        if (end.ready()) {
          String own = end.host().isEmpty() ? end.ip().replace('.', '-') : end.host();
          assertThat(dns.zoneText(end.number() + ".0.1.10.in-addr.arpa.", "PTR"))
              .contains("PTR " + own + "." + plan.name() + "." + plan.namespace() + ".svc.cluster");
        }
      }
    }
  }

  @Property(tries = 1000)
  void randomBytesNeverBreakAServer(@ForAll byte[] bytes) {
    DnsServer.Response response = fresh().server.answer(bytes, Protocol.UDP, 0);
    if (response != null) {
      assertThat(response.wire()).hasSize(response.sizeBytes());
    }
  }

  @Provide
  Arbitrary<byte[]> damaged() {
    byte[] question = TestCluster.question("web.default.svc.cluster.local.", "A").toWire();
    return Combinators.combine(
            Arbitraries.integers().between(0, question.length - 1),
            Arbitraries.bytes(),
            Arbitraries.integers().between(0, question.length))
        .as(Tuple::of)
        .map(
            damage -> {
              byte[] copy = java.util.Arrays.copyOf(question, damage.get3());
              if (damage.get1() < copy.length) {
                copy[damage.get1()] = damage.get2();
              }
              return copy;
            });
  }

  @Property(tries = 1000)
  void damagedQuestionsNeverBreakAServer(@ForAll("damaged") byte[] bytes) {
    DnsServer.Response response = fresh().server.answer(bytes, Protocol.UDP, 0);
    if (response != null) {
      assertThat(response.wire()).hasSize(response.sizeBytes());
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void serversThatSawTheSameRevisionsAnswerTheSame(
      @ForAll("plans") List<Plan> plans, @ForAll("names") String name) {
    ClusterRecords shared = new ClusterRecords();
    String corefile = Corefile.kubeadm("cluster.local");
    TestCluster one = new TestCluster(corefile, Choices.first(), shared);
    TestCluster two = new TestCluster(corefile, Choices.first(), shared);
    apply(one, plans);
    apply(two, plans);
    assertThat(two.zoneText(name, "A")).isEqualTo(one.zoneText(name, "A"));
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void aServerWithoutAZoneOfItsOwnNeverThrows(@ForAll("names") String name) {
    DnsServer empty =
        new DnsServer(
            "empty",
            Corefile.parse("Corefile", ".:53 {\n errors\n}\n"),
            new ClusterRecords(),
            ImmutableList.of(),
            ImmutableList.of(),
            new Outside(),
            Choices.first(),
            Simulation.START);
    DnsServer.Response response = empty.answer(TestCluster.question(name, "A"), Protocol.UDP, 0);
    assertThat(response).isNotNull();
    assertThat(response.message().getRcode()).isEqualTo(Rcode.SERVFAIL);
  }
}
