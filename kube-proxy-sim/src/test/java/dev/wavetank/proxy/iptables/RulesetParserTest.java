package dev.wavetank.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.ConnectionState;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RulesetParserTest {

  private static final String SAVED =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :KUBE-FORWARD - [0:0]
      -A INPUT -m conntrack --ctstate NEW -m comment --comment "a portal" -j KUBE-FORWARD
      -A KUBE-FORWARD -m conntrack --ctstate INVALID -m nfacct --nfacct-name  dropped -j DROP
      -A KUBE-FORWARD -m mark ! --mark 0x4000/0x4000 -j RETURN
      -A KUBE-FORWARD -d 10.96.0.10/32 -p udp -m comment --comment plain_name -m udp --dport 53 \
      -j REJECT --reject-with icmp-port-unreachable
      COMMIT
      *nat
      :POSTROUTING ACCEPT [0:0]
      :CHAIN - [0:0]
      -A POSTROUTING -m comment --comment "say \\"hi\\"" -j MASQUERADE --random-fully
      -A CHAIN ! -s 10.244.0.0/16 -d 10.96.0.1/32 ! -i cbr0 -p tcp -m tcp --dport 443 -j RETURN
      -A CHAIN -m statistic --mode random --probability 0.33333333349 -j ACCEPT
      -A CHAIN -m statistic --mode nth --every 3 --packet 0 -j ACCEPT
      -A CHAIN -m recent --rcheck --seconds 10800 --reap --name CHAIN --mask 255.255.255.255 \
      --rsource -j ACCEPT
      -A CHAIN -p tcp -m recent --set --name CHAIN --mask 255.255.255.255 --rsource -m tcp \
      -j DNAT --to-destination 10.244.1.2:8080
      -A CHAIN -m addrtype --src-type LOCAL -j MARK --set-xmark 0x4000/0x0
      -A CHAIN -m comment --comment "nothing happens here"
      COMMIT
      """;

  @Test
  void whatWasSavedIsPrintedAgain() {
    Ruleset rules = RulesetParser.parse(IpFamily.IPV4, SAVED);
    assertThat(rules.save()).isEqualTo(SAVED);
    assertThat(RulesetParser.parse(IpFamily.IPV4, rules.save())).isEqualTo(rules);
  }

  @Test
  void net_I_17_theSavedFormOfARecentMatchNamesTheMask() {
    Ruleset rules =
        RulesetParser.parse(
            IpFamily.IPV6,
            "*nat\n:C - [0:0]\n-A C -m recent --name C --rcheck --seconds 9 --reap -j RETURN\n");
    assertThat(rules.save())
        .contains(
            "-A C -m recent --rcheck --seconds 9 --reap --name C "
                + "--mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource -j RETURN");
  }

  @Test
  void bothTextFormsOfARuleMeanTheSame() {
    String written =
        "*nat\n:C - [0:0]\n"
            + "-A C -m comment --comment \"a b\" -m tcp -p tcp -d 10.96.0.1 --dport 80 "
            + "! -s 10.244.0.0/16 -j RETURN\n"
            + "-A C -j MARK --xor-mark 0x00004000\n-A C -j MARK --or-mark 0x00004000\nCOMMIT\n";
    String saved =
        "*nat\n:C - [0:0]\n"
            + "-A C ! -s 10.244.0.0/16 -d 10.96.0.1/32 -p tcp -m comment --comment \"a b\" "
            + "-m tcp --dport 80 -j RETURN\n"
            + "-A C -j MARK --set-xmark 0x4000/0x0\n-A C -j MARK --set-xmark 0x4000/0x4000\n"
            + "COMMIT\n";
    Ruleset rules = RulesetParser.parse(IpFamily.IPV4, written);
    assertThat(rules).isEqualTo(RulesetParser.parse(IpFamily.IPV4, saved));
    assertThat(rules.save()).isEqualTo(saved);
  }

  @Test
  void restoringWithoutFlushChangesOnlyTheChainsNamed() {
    String before =
        """
        *nat
        :A - [0:0]
        :B - [0:0]
        :C - [0:0]
        -A A -j RETURN
        -A B -j RETURN
        -A C -j ACCEPT
        COMMIT
        """;
    String input =
        """
        *nat
        :A - [0:0]
        :B - [0:0]
        :D - [0:0]
        -A A -j D
        -X B
        COMMIT
        """;
    String after =
        """
        *nat
        :A - [0:0]
        :C - [0:0]
        :D - [0:0]
        -A A -j D
        -A C -j ACCEPT
        COMMIT
        """;
    Ruleset held = RulesetParser.parse(IpFamily.IPV4, before);
    assertThat(RulesetParser.restore(held, input).save()).isEqualTo(after);
  }

  @Test
  void whatItDoesNotKnowIsAnErrorWithItsLine() {
    assertThatThrownBy(
            () -> RulesetParser.parse(IpFamily.IPV4, "*nat\n:C - [0:0]\n-A C -m owner -j DROP\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 3")
        .hasMessageContaining("owner");
    assertThatThrownBy(() -> RulesetParser.parse(IpFamily.IPV4, "-A C -j DROP\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 1");
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void printingAndParsingGiveTheSameRules(@ForAll("rulesets") Ruleset rules) {
    Ruleset parsed = RulesetParser.parse(rules.family(), rules.save());
    assertThat(parsed).isEqualTo(rules);
    assertThat(parsed.save()).isEqualTo(rules.save());
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void theWrittenFormMeansTheSameAsTheSavedForm(@ForAll("rules") Rule rule) {
    StringBuilder written = new StringBuilder("*nat\n:C - [0:0]\n-A C");
    rule.appendWritten(written, IpFamily.IPV4);
    Chain chain = RulesetParser.parse(IpFamily.IPV4, written + "\n").chain(Table.Name.NAT, "C");
    assertThat(chain.rules()).containsExactly(rule);
  }

  @Provide
  Arbitrary<Ruleset> rulesets() {
    Arbitrary<List<Rule>> chain = rules().list().ofMaxSize(6);
    return Combinators.combine(chain, chain)
        .as(
            (one, other) ->
                Ruleset.of(
                    IpFamily.IPV4,
                    List.of(
                        Table.of(
                            Table.Name.FILTER,
                            List.of(Chain.builtIn(Hook.INPUT, "DROP", one), Chain.of("B", other))),
                        Table.of(Table.Name.NAT, List.of(Chain.of("C", other))))));
  }

  @Provide
  Arbitrary<Rule> rules() {
    return Combinators.combine(matches(), targets()).as(Rule::of);
  }

  private static Arbitrary<AddressBlock> blocks() {
    return Combinators.combine(Arbitraries.integers(), Arbitraries.integers().between(1, 32))
        .as((bits, length) -> AddressBlock.parse(IpAddress.v4(bits) + "/" + length));
  }

  private static Arbitrary<List<Match>> matches() {
    Arbitrary<Boolean> negated = Arbitraries.of(true, false);
    Arbitrary<Match> source = Combinators.combine(negated, blocks()).as(Match.Source::new);
    Arbitrary<Match> destination =
        Combinators.combine(negated, blocks()).as(Match.Destination::new);
    Arbitrary<Match> extension =
        Arbitraries.oneOf(
            Arbitraries.strings().ascii().excludeChars('\n', '\0').map(RulesetParserTest::comment),
            Arbitraries.of(ConnectionState.class)
                .set()
                .ofMinSize(1)
                .map(states -> Match.ConntrackState.of(false, ImmutableSortedSet.copyOf(states))),
            Arbitraries.integers().between(2, 50).map(n -> new Match.Random(Probability.oneIn(n))),
            Arbitraries.integers().between(1, 99).map(n -> new Match.RecentCheck("L", n)),
            Arbitraries.of(new Match.RecentSet("L"), new Match.AddressType(true, false)),
            negated.map(not -> new Match.Mark(not, 0x80, 0x80)));
    Arbitrary<List<Match>> protocol =
        Combinators.combine(
                Arbitraries.of(Protocol.class), Arbitraries.integers().between(1, 65_535))
            .as(
                (p, port) ->
                    ImmutableList.of(
                        new Match.OfProtocol(false, p), new Match.Ports(p, false, port)));
    return Combinators.combine(
            source.optional(), destination.optional(), extension.list().ofMaxSize(3), protocol)
        .as(
            (s, d, extensions, ports) -> {
              List<Match> all = new ArrayList<>(extensions);
              all.addAll(ports);
              s.ifPresent(all::add);
              d.ifPresent(all::add);
              return all;
            });
  }

  /** kube-proxy's comments hold neither quotes nor backslashes, and its written form needs none. */
  private static Match comment(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9/:;.>_ -]", "x");
    return new Match.Comment("c" + plain);
  }

  private static Arbitrary<Target> targets() {
    return Arbitraries.of(
        new Target.Accept(),
        new Target.Drop(),
        new Target.Return(),
        new Target.None(),
        new Target.Jump("B"),
        new Target.Reject("icmp-port-unreachable"),
        new Target.Masquerade(true),
        new Target.SetMark(0x4000, 0),
        new Target.SetMark(0x4000, 0x4000),
        new Target.SetMark(1, 0xff),
        new Target.Dnat(IpAddress.parse("10.0.0.1"), 80));
  }
}
