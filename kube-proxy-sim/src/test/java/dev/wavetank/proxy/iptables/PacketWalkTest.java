package dev.wavetank.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.proxy.netfilter.Conntrack;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.PacketWalk;
import dev.wavetank.proxy.netfilter.Routing;
import dev.wavetank.proxy.netfilter.RuleHit;
import dev.wavetank.proxy.netfilter.WalkResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketWalkTest {

  private static final IpAddress NODE = IpAddress.parse("172.18.0.3");
  private static final IpAddress POD = IpAddress.parse("10.244.1.5");
  private static final IpAddress VIRTUAL = IpAddress.parse("10.96.0.20");
  private static final IpAddress OUTSIDE = IpAddress.parse("192.0.2.10");

  /** A node that owns one address. */
  private static final class OneAddress implements Routing {
    @Override
    public boolean local(IpAddress address) {
      return address.equals(NODE);
    }

    @Override
    public String outInterface(IpAddress destination) {
      return "eth0";
    }

    @Override
    public IpAddress sourceFor(IpAddress destination) {
      return NODE;
    }
  }

  private static final String RULES =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      -A INPUT -p tcp -m tcp --dport 23 -j DROP
      -A FORWARD -d 10.96.0.99/32 -m conntrack --ctstate NEW -j REJECT --reject-with \
      icmp-port-unreachable
      -A OUTPUT -d 10.96.0.99/32 -j REJECT --reject-with icmp-port-unreachable
      COMMIT
      *nat
      :PREROUTING ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      :SERVICES - [0:0]
      :MASQ - [0:0]
      :NODEPORTS - [0:0]
      :ONE - [0:0]
      -A PREROUTING -j SERVICES
      -A OUTPUT -j SERVICES
      -A POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
      -A POSTROUTING -j MARK --set-xmark 0x4000/0x0
      -A POSTROUTING -j MASQUERADE --random-fully
      -A SERVICES -d 10.96.0.20/32 -p tcp -m tcp --dport 80 -j ONE
      -A SERVICES -m addrtype --dst-type LOCAL -j NODEPORTS
      -A MASQ -j MARK --set-xmark 0x4000/0x4000
      -A NODEPORTS -p tcp -m tcp --dport 30001 -j MASQ
      -A NODEPORTS -p tcp -m tcp --dport 30001 -j ONE
      -A ONE ! -s 10.244.0.0/16 -j MASQ
      -A ONE -p tcp -m tcp -j DNAT --to-destination 10.244.2.2:8080
      COMMIT
      """;

  private final Ruleset rules = RulesetParser.parse(IpFamily.IPV4, RULES);
  private final Conntrack conntrack = new Conntrack();
  private final ChoiceStream random = Choices.first().stream("statistic");
  private final RuleState memory = new RuleState(new OneAddress(), random);
  private final PacketWalk walk = new PacketWalk(new OneAddress(), conntrack);

  private static PacketBuffer tcp(IpAddress from, int fromPort, IpAddress to, int port) {
    return new PacketBuffer(new Packet(Protocol.TCP, from, fromPort, to, port));
  }

  private WalkResult send(PacketBuffer packet) {
    return walk.walk(new LoadedRuleset(rules, memory), packet, 0, null);
  }

  @Test
  void net_I_45_aPodsPacketIsTranslatedInPrerouting() {
    List<RuleHit> hits = new ArrayList<>();
    WalkResult result =
        walk.walk(
            new LoadedRuleset(rules, memory), tcp(POD, 40_000, VIRTUAL, 80).from("cni0"), 0, hits);
    assertThat(result.verdict()).isEqualTo(WalkResult.Verdict.ACCEPTED);
    assertThat(SocketAddress.text(result.destination(), result.destinationPort()))
        .isEqualTo("10.244.2.2:8080");
    assertThat(result.source()).isEqualTo(POD);
    assertThat(result.masqueraded()).isFalse();
    assertThat(hits)
        .extracting(RuleHit::hook, RuleHit::toString)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(Hook.PREROUTING, "nat -A PREROUTING -j SERVICES"),
            org.assertj.core.groups.Tuple.tuple(
                Hook.PREROUTING,
                "nat -A SERVICES -d 10.96.0.20/32 -p tcp -m tcp --dport 80 -j ONE"),
            org.assertj.core.groups.Tuple.tuple(
                Hook.PREROUTING,
                "nat -A ONE -p tcp -m tcp -j DNAT --to-destination 10.244.2.2:8080"),
            org.assertj.core.groups.Tuple.tuple(
                Hook.POSTROUTING, "nat -A POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN"));
  }

  @Test
  void net_I_45_aProcessOfTheNodeIsTranslatedInOutputAndMasqueraded() {
    List<RuleHit> hits = new ArrayList<>();
    WalkResult result =
        walk.walk(new LoadedRuleset(rules, memory), tcp(NODE, 40_000, VIRTUAL, 80), 0, hits);
    assertThat(hits.get(0)).hasToString("nat -A OUTPUT -j SERVICES");
    assertThat(result.masqueraded()).isTrue();
    assertThat(result.source()).isEqualTo(NODE);
  }

  @Test
  void net_P_17_anEstablishedConnectionKeepsItsTranslationWithoutTheRules() {
    WalkResult first = send(tcp(POD, 40_000, VIRTUAL, 80).from("cni0"));
    Ruleset none = Ruleset.of(IpFamily.IPV4, List.of());
    WalkResult later =
        walk.walk(
            new LoadedRuleset(none, memory), tcp(POD, 40_000, VIRTUAL, 80).from("cni0"), 1, null);
    assertThat(later.destination()).isEqualTo(first.destination());
    WalkResult other =
        walk.walk(
            new LoadedRuleset(none, memory), tcp(POD, 40_001, VIRTUAL, 80).from("cni0"), 1, null);
    assertThat(other.translated()).isFalse();
    assertThat(other.destination()).isEqualTo(VIRTUAL);
  }

  @Test
  void anAnswerIsTranslatedBack() {
    WalkResult result = send(tcp(OUTSIDE, 5_000, NODE, 30_001).from("eth0"));
    assertThat(result.masqueraded()).isTrue();
    PacketBuffer answer =
        tcp(result.destination(), result.destinationPort(), NODE, result.sourcePort());
    WalkResult back = send(answer.from("cni0"));
    assertThat(back.source()).isEqualTo(NODE);
    assertThat(back.sourcePort()).isEqualTo(30_001);
    assertThat(back.destination()).isEqualTo(OUTSIDE);
    assertThat(back.destinationPort()).isEqualTo(5_000);
    assertThat(conntrack.size()).isEqualTo(1);
    assertThat(conntrack.entries(0).get(0).answered()).isTrue();
  }

  @Test
  void masqueradedConnectionsOfOneSourcePortGetPortsOfTheirOwn() {
    WalkResult one = send(tcp(OUTSIDE, 5_000, NODE, 30_001).from("eth0"));
    WalkResult two = send(tcp(IpAddress.parse("192.0.2.11"), 5_000, NODE, 30_001).from("eth0"));
    assertThat(one.source()).isEqualTo(two.source());
    assertThat(one.sourcePort()).isEqualTo(5_000);
    assertThat(two.sourcePort()).isEqualTo(5_001);
  }

  @Test
  void aRejectedConnectionIsNotTracked() {
    IpAddress refused = IpAddress.parse("10.96.0.99");
    WalkResult forwarded = send(tcp(POD, 1, refused, 80).from("cni0"));
    assertThat(forwarded.verdict()).isEqualTo(WalkResult.Verdict.REJECTED);
    assertThat(forwarded.hook()).isEqualTo(Hook.FORWARD);
    assertThat(send(tcp(NODE, 1, refused, 80)).hook()).isEqualTo(Hook.OUTPUT);
    assertThat(conntrack.size()).isZero();
  }

  @Test
  void aDroppedPacketIsGone() {
    WalkResult result = send(tcp(OUTSIDE, 1, NODE, 23).from("eth0"));
    assertThat(result.verdict()).isEqualTo(WalkResult.Verdict.DROPPED);
    assertThat(result.hook()).isEqualTo(Hook.INPUT);
    assertThat(result.connection()).isNull();
  }

  @Test
  void net_I_34_aPortThatNoRuleNamesIsLeftAlone() {
    WalkResult result = send(tcp(POD, 1, VIRTUAL, 81).from("cni0"));
    assertThat(result.verdict()).isEqualTo(WalkResult.Verdict.ACCEPTED);
    assertThat(result.translated()).isFalse();
    assertThat(result.deliveredLocally()).isFalse();
  }

  private static final String BALANCED =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :BALANCED - [0:0]
      :ONE - [0:0]
      :TWO - [0:0]
      :THREE - [0:0]
      -A PREROUTING -j BALANCED
      -A BALANCED -m statistic --mode nth --every 3 -j ONE
      -A BALANCED -m statistic --mode nth --every 2 -j TWO
      -A BALANCED -j THREE
      -A ONE -p tcp -m tcp -j DNAT --to-destination 10.244.2.1:80
      -A TWO -p tcp -m tcp -j DNAT --to-destination 10.244.2.2:80
      -A THREE -p tcp -m tcp -j DNAT --to-destination 10.244.2.3:80
      COMMIT
      """;

  private String chosen(Ruleset loaded, int port) {
    PacketBuffer packet = tcp(POD, port, VIRTUAL, 80).from("cni0");
    return walk.walk(new LoadedRuleset(loaded, memory), packet, 0, null).destination().toString();
  }

  @Test
  void turnsGoOnWhenRulesAreLoadedAgainUnchanged() {
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      chosen.add(chosen(RulesetParser.parse(IpFamily.IPV4, BALANCED), 40_000 + i));
    }
    assertThat(chosen).containsExactly("10.244.2.1", "10.244.2.2", "10.244.2.3", "10.244.2.1");
  }

  @Test
  void turnsBeginAnewWhenTheirRulesChanged() {
    Ruleset before = RulesetParser.parse(IpFamily.IPV4, BALANCED);
    assertThat(chosen(before, 40_000)).isEqualTo("10.244.2.1");
    Ruleset changed =
        RulesetParser.parse(
            IpFamily.IPV4,
            BALANCED.replace(
                "-A BALANCED -j THREE", "-A BALANCED -m comment --comment c -j THREE"));
    assertThat(chosen(changed, 40_001)).isEqualTo("10.244.2.1");
  }

  private static final String BALANCED_TWICE =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :OUTER - [0:0]
      :INNER - [0:0]
      :ONE - [0:0]
      :TWO - [0:0]
      :THREE - [0:0]
      -A PREROUTING -j OUTER
      -A OUTER -p udp -j INNER
      -A OUTER -m statistic --mode nth --every 2 -j THREE
      -A OUTER -j INNER
      -A INNER -m statistic --mode nth --every 2 -j ONE
      -A INNER -j TWO
      -A ONE -p tcp -m tcp -j DNAT --to-destination 10.244.2.1:80
      -A TWO -p tcp -m tcp -j DNAT --to-destination 10.244.2.2:80
      -A THREE -p tcp -m tcp -j DNAT --to-destination 10.244.2.3:80
      COMMIT
      """;

  @Test
  void chainsThatBalanceOneAfterAnotherHaveTurnsOfTheirOwn() {
    Ruleset loaded = RulesetParser.parse(IpFamily.IPV4, BALANCED_TWICE);
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      chosen.add(chosen(loaded, 40_000 + i));
    }
    assertThat(chosen)
        .containsExactly("10.244.2.3", "10.244.2.1", "10.244.2.3", "10.244.2.2", "10.244.2.3");
  }

  @Test
  void aRuleAtTheVeryEndOfItsTableIsAsked() {
    for (int count = 1; count <= 300; count++) {
      String chain =
          "*nat\n:PREROUTING ACCEPT [0:0]\n"
              + "-A PREROUTING -j RETURN -p udp\n".repeat(count - 1)
              + "-A PREROUTING -m addrtype --dst-type LOCAL -j ACCEPT\nCOMMIT\n";
      PacketBuffer packet = tcp(POD, 40_000 + count, VIRTUAL, 80).from("cni0");
      Ruleset loaded = RulesetParser.parse(IpFamily.IPV4, chain);
      assertThat(walk.walk(new LoadedRuleset(loaded, memory), packet, 0, null).verdict())
          .isEqualTo(WalkResult.Verdict.ACCEPTED);
    }
  }
}
