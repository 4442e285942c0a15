package dev.wavetank.dns.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.net.InetAddresses;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.dns.TestCluster;
import dev.wavetank.dns.resolver.StubResolver.Family;
import dev.wavetank.dns.resolver.StubResolver.Resolution;
import dev.wavetank.dns.resolver.StubResolver.Result;
import dev.wavetank.dns.resolver.StubResolver.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

class StubResolverTest {
  private static final String POD =
      """
      nameserver 10.96.0.10
      search default.svc.cluster.local svc.cluster.local cluster.local
      options ndots:5
      """;

  private final TestCluster cluster =
      new TestCluster()
          .service("default", "todobackend", "10.103.210.17", "/TCP/80")
          .external("default", "ext", "db.example.com");

  private static Resolution resolve(String conf, String name, Family family) {
    return new StubResolver(ResolvConf.parse(conf), HostsFile.EMPTY, TestCluster.ids())
        .resolve(name, family);
  }

  private static Result result(Resolution resolution) {
    Result result = resolution.result();
    assertThat(result).isNotNull();
    return result;
  }

  @Test
  void net_D_45_fewDotsMeanSearchListFirst() {
    assertThat(cluster.converse(resolve(POD, "nosuch", Family.IPV4)))
        .containsExactly(
            "nosuch.default.svc.cluster.local. A",
            "nosuch.svc.cluster.local. A",
            "nosuch.cluster.local. A",
            "nosuch. A");
  }

  @Test
  void net_D_45_manyDotsOrAFinalDotMeanAsItIsFirst() {
    assertThat(cluster.converse(resolve(POD, "a.b.c.d.e.org", Family.IPV4)).get(0))
        .isEqualTo("a.b.c.d.e.org. A");
    assertThat(cluster.converse(resolve(POD, "nosuch.", Family.IPV4))).containsExactly("nosuch. A");
  }

  @Test
  void net_D_46_anExternalNameCostsThreeDenialsOfBothFamilies() {
    Resolution resolution = resolve(POD, "www.example.com", Family.ANY);
    assertThat(cluster.converse(resolution)).hasSize(8);
    assertThat(result(resolution).addresses())
        .containsExactly(InetAddresses.forString("192.0.2.80"));
  }

  @Test
  void seed_S_32_anotherNamespaceNeedsTheNamespaceInTheName() {
    String elsewhere = POD.replace("default.svc", "blue.svc");
    Resolution bare = resolve(elsewhere, "todobackend", Family.IPV4);
    cluster.converse(bare);
    assertThat(result(bare).status()).isEqualTo(Status.NAME_NOT_KNOWN);
    assertThat(result(bare).status().words()).isEqualTo("Name or service not known");
    Resolution qualified = resolve(elsewhere, "todobackend.default", Family.IPV4);
    cluster.converse(qualified);
    assertThat(result(qualified).addresses())
        .containsExactly(InetAddresses.forString("10.103.210.17"));
    assertThat(result(qualified).canonicalName())
        .isEqualTo("todobackend.default.svc.cluster.local");
  }

  @Test
  void aliasesGiveTheCanonicalName() {
    Resolution resolution = resolve(POD, "ext", Family.ANY);
    cluster.converse(resolution);
    assertThat(result(resolution).canonicalName()).isEqualTo("db.example.com");
  }

  @Test
  void addressesAndHostsNeedNoServer() {
    assertThat(resolve(POD, "192.0.2.1", Family.ANY).ask()).isNull();
    Resolution local =
        new StubResolver(
                ResolvConf.parse(POD),
                HostsFile.parse("127.0.0.1 localhost\n10.1.0.7 me # comment\n"),
                TestCluster.ids())
            .resolve("ME", Family.ANY);
    assertThat(local.ask()).isNull();
    assertThat(result(local).addresses()).containsExactly(InetAddresses.forString("10.1.0.7"));
  }

  @Test
  void silentServersAreAskedTwiceForFiveSecondsThenTheNameAsItIs() {
    Resolution resolution = resolve(POD, "todobackend", Family.ANY);
    List<String> asked = new ArrayList<>();
    long nanos = 0;
    for (Lookup.Ask ask = resolution.ask(); ask != null; ask = resolution.ask()) {
      asked.add(ask.questions().get(0).getQuestion().getName().toString());
      nanos += ask.timeoutNanos();
      resolution.timedOut();
    }
    assertThat(asked)
        .containsExactly(
            "todobackend.default.svc.cluster.local.",
            "todobackend.default.svc.cluster.local.",
            "todobackend.",
            "todobackend.");
    assertThat(nanos).isEqualTo(TimeUnit.SECONDS.toNanos(20));
    assertThat(result(resolution).status()).isEqualTo(Status.TEMPORARY_FAILURE);
  }

  @Test
  void refusalEndsTheSearchAtOnce() {
    Resolution resolution = resolve(POD, "todobackend", Family.ANY);
    int asks = 0;
    while (resolution.ask() != null) {
      asks++;
      resolution.refused();
    }
    assertThat(asks).isEqualTo(2);
    assertThat(result(resolution).status()).isEqualTo(Status.TEMPORARY_FAILURE);
  }

  @Test
  void laterServersShareTheTime() {
    String conf = "nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\n";
    Resolution resolution = resolve(conf, "a.", Family.IPV4);
    List<Long> seconds = new ArrayList<>();
    for (Lookup.Ask ask = resolution.ask(); ask != null; ask = resolution.ask()) {
      seconds.add(TimeUnit.NANOSECONDS.toSeconds(ask.timeoutNanos()));
      resolution.timedOut();
    }
    assertThat(seconds).containsExactly(5L, 3L, 6L, 5L, 3L, 6L);
  }

  @Test
  void aTruncatedAnswerIsAskedForAgainOverTcp() {
    Resolution resolution = resolve(POD, "todobackend", Family.IPV4);
    Lookup.Ask first = resolution.ask();
    assertThat(first).isNotNull();
    var cut = cluster.response("todobackend.default.svc.cluster.local.", "A", Protocol.UDP);
    cut.message().getHeader().setFlag(org.xbill.DNS.Flags.TC);
    resolution.answered(ImmutableList.of(new Lookup.Answer(cut.message(), cut.sizeBytes(), 0)));
    Lookup.Ask second = resolution.ask();
    assertThat(second).isNotNull();
    assertThat(second.transport()).isEqualTo(Protocol.TCP);
  }

  /** An answer to the first question and none to the second. */
  private static void half(Resolution resolution) {
    Lookup.Ask ask = resolution.ask();
    assertThat(ask).isNotNull();
    Message answer = new Message(ask.questions().get(0).getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.addRecord(ask.questions().get(0).getQuestion(), Section.QUESTION);
    resolution.timedOut(ImmutableList.of(new Lookup.Answer(answer, answer.toWire().length, 1)));
  }

  @Test
  void afterHalfAnAnswerItAsksOneAfterTheOtherThenFromSocketsOfTheirOwn() {
    Resolution resolution = resolve(POD, "todobackend.", Family.ANY);
    List<Lookup.Pace> paces = new ArrayList<>();
    for (Lookup.Ask ask = resolution.ask(); ask != null; ask = resolution.ask()) {
      paces.add(ask.pace());
      half(resolution);
    }
    assertThat(paces)
        .containsExactly(Lookup.Pace.TOGETHER, Lookup.Pace.SINGLE, Lookup.Pace.REOPENED);
    assertThat(result(resolution).status()).isEqualTo(Status.NO_ADDRESS);
  }

  @Test
  void optionsSayHowQuestionsFollowEachOther() {
    Lookup.Ask single = resolve(POD + "options single-request\n", "web", Family.ANY).ask();
    Lookup.Ask reopen = resolve(POD + "options single-request-reopen\n", "web", Family.ANY).ask();
    assertThat(single).extracting(Lookup.Ask::pace).isEqualTo(Lookup.Pace.SINGLE);
    assertThat(reopen).extracting(Lookup.Ask::pace).isEqualTo(Lookup.Pace.REOPENED);
  }
}
