package dev.wavetank.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSortedSet;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.ConnectionState;
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
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChainIndexTest {

  /** A node that owns the address 10.0.0.3. */
  private static final class OneAddress implements Routing {
    @Override
    public boolean local(IpAddress address) {
      return address.low() == 0x0A00_0003;
    }

    @Override
    public String outInterface(IpAddress destination) {
      return "eth0";
    }

    @Override
    public IpAddress sourceFor(IpAddress destination) {
      return IpAddress.v4(0x0A00_0003);
    }
  }

  private static IpAddress address(int number) {
    return IpAddress.v4(0x0A00_0000 + number);
  }

  /** Rules over few addresses and ports, so that many hold for one packet. */
  private static Arbitrary<Rule> rule() {
    Arbitrary<Match> destination =
        Combinators.combine(
                Arbitraries.of(true, false, false, false),
                Arbitraries.integers().between(0, 4),
                Arbitraries.of(32, 32, 32, 31))
            .as(
                (not, number, length) ->
                    new Match.Destination(not, AddressBlock.parse(address(number) + "/" + length)));
    Arbitrary<List<Match>> ports =
        Combinators.combine(
                Arbitraries.of(Protocol.TCP, Protocol.UDP),
                Arbitraries.of(false, false, false, true),
                Arbitraries.integers().between(-1, 3))
            .as(
                (protocol, not, port) ->
                    List.of(
                        new Match.OfProtocol(false, protocol),
                        new Match.Ports(protocol, not, port)));
    Arbitrary<Match> other =
        Arbitraries.of(
            new Match.Nth(2, 0),
            new Match.Random(Probability.oneIn(2)),
            new Match.AddressType(false, false),
            new Match.Mark(false, 1, 1),
            new Match.Mark(true, 1, 3),
            new Match.Source(true, AddressBlock.parse("10.0.0.20/31")),
            Match.ConntrackState.of(
                false, ImmutableSortedSet.of(ConnectionState.NEW, ConnectionState.DNAT)),
            Match.ConntrackState.of(true, ImmutableSortedSet.of(ConnectionState.NEW)),
            new Match.RecentSet("L"),
            new Match.RecentCheck("L", 10),
            new Match.Comment("c"));
    Arbitrary<Target> target =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(6, Arbitraries.just(new Target.None())),
            net.jqwik.api.Tuple.of(2, Arbitraries.just(new Target.SetMark(1, 0))),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(new Target.Return())),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(new Target.Dnat(address(9), 9))));
    return Combinators.combine(
            destination.optional(), ports.optional(), other.optional(), other.optional(), target)
        .as(
            (d, p, early, late, t) -> {
              List<Match> matches = new ArrayList<>();
              early.ifPresent(matches::add);
              p.ifPresent(matches::addAll);
              late.filter(m -> !(m instanceof Match.Nth)).ifPresent(matches::add);
              d.ifPresent(matches::add);
              return Rule.of(matches, t);
            });
  }

  @Provide
  Arbitrary<List<Rule>> chains() {
    return rule().list().ofMinSize(12).ofMaxSize(40);
  }

  @Provide
  Arbitrary<List<Packet>> packets() {
    Arbitrary<Integer> small = Arbitraries.integers().between(0, 4);
    return Combinators.combine(
            Arbitraries.of(Protocol.TCP, Protocol.UDP), small, small, small, small)
        .as(
            (protocol, from, fromPort, to, port) ->
                new Packet(protocol, address(from + 20), fromPort, address(to), port))
        .list()
        .ofMinSize(1)
        .ofMaxSize(20);
  }

  private static PacketWalk walk() {
    return new PacketWalk(new OneAddress(), new Conntrack());
  }

  private static RuleState state(long seed) {
    return new RuleState(new OneAddress(), Choices.seeded(seed).stream("statistic"));
  }

  /** A chain as kube-proxy writes it for an endpoint, or nearly. */
  private static Arbitrary<List<Rule>> endpoint() {
    Arbitrary<Integer> near = Arbitraries.integers().between(20, 24);
    Arbitrary<Protocol> protocol = Arbitraries.of(Protocol.TCP, Protocol.TCP, Protocol.UDP);
    Arbitrary<Integer> other = Arbitraries.of(0, 0, 0, 0, 0, 1);
    return Combinators.combine(near, protocol, other)
        .as(
            (number, of, off) ->
                List.of(
                    Rule.of(
                        List.of(
                            new Match.Source(
                                false, AddressBlock.parse(address(number + off) + "/32"))),
                        new Target.SetMark(2, 0)),
                    Rule.of(
                        List.of(new Match.OfProtocol(false, of)),
                        new Target.Dnat(address(number), 8))));
  }

  @Provide
  Arbitrary<List<List<Rule>>> endpoints() {
    return endpoint().list().ofMaxSize(4);
  }

  /**
   * A chain that jumps into others, which are short and may be left by RETURN, and to endpoints by
   * turns.
   */
  private static Ruleset rules(
      List<Rule> chain, List<List<Rule>> others, List<List<Rule>> endpoints) {
    List<Chain> chains = new ArrayList<>();
    List<Rule> first = new ArrayList<>(chain);
    for (int i = 0; i < others.size(); i++) {
      String name = "KUBE-SVC-" + i;
      chains.add(Chain.of(name, others.get(i)));
      int at = Math.min(first.size(), i * 5);
      first.add(at, Rule.of(first.get(at % first.size()).matches(), new Target.Jump(name)));
    }
    chains.add(Chain.of("BALANCED", run("KUBE-SVC-", others.size())));
    first.add(first.size() / 2, Rule.of(List.of(), new Target.Jump("BALANCED")));
    for (int i = 0; i < endpoints.size(); i++) {
      chains.add(Chain.of("KUBE-SEP-" + i, endpoints.get(i)));
    }
    chains.add(Chain.of("ENDPOINTS", run("KUBE-SEP-", endpoints.size())));
    first.add(
        first.size() / 3,
        Rule.of(first.get(first.size() / 3).matches(), new Target.Jump("ENDPOINTS")));
    chains.add(Chain.builtIn(Hook.PREROUTING, "ACCEPT", first));
    return Ruleset.of(IpFamily.IPV4, List.of(Table.of(Table.Name.NAT, chains)));
  }

  /** Rules that jump to so many chains by turns. */
  private static List<Rule> run(String name, int size) {
    List<Rule> run = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      List<Match> turn = size - i == 1 ? List.of() : List.of(new Match.Nth(size - i, 0));
      run.add(Rule.of(turn, new Target.Jump(name + i)));
    }
    return run;
  }

  @Provide
  Arbitrary<List<List<Rule>>> shortChains() {
    return rule().list().ofMaxSize(5).list().ofMaxSize(4);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void anIndexedWalkIsThePlainWalk(
      @ForAll("chains") List<Rule> chain,
      @ForAll("shortChains") List<List<Rule>> others,
      @ForAll("endpoints") List<List<Rule>> endpoints,
      @ForAll("packets") List<Packet> packets,
      @ForAll long seed) {
    Ruleset rules = rules(chain, others, endpoints);
    PacketWalk fast = walk();
    PacketWalk watched = walk();
    PacketWalk plain = walk();
    LoadedRuleset unwatchedRules = new LoadedRuleset(rules, state(seed));
    LoadedRuleset watchedRules = new LoadedRuleset(rules, state(seed));
    PlainRuleset plainRules = new PlainRuleset(rules, state(seed));
    long now = 0;
    for (Packet packet : packets) {
      now += 200_000_000_000L;
      List<RuleHit> hits = new ArrayList<>();
      List<RuleHit> plainHits = new ArrayList<>();
      PacketBuffer asked = new PacketBuffer(packet).from("eth0");
      WalkResult expected = plain.walk(plainRules, asked, now, plainHits);
      WalkResult other =
          watched.walk(watchedRules, new PacketBuffer(packet).from("eth0"), now, hits);
      PacketBuffer unwatched = new PacketBuffer(packet).from("eth0");
      WalkResult one = fast.walk(unwatchedRules, unwatched, now, null);
      assertThat(hits).isEqualTo(plainHits);
      assertThat(fate(other)).isEqualTo(fate(expected));
      assertThat(fate(one)).isEqualTo(fate(expected));
      assertThat(unwatched.mark()).isEqualTo(asked.mark());
    }
  }

  @Example
  void moreEndpointsThanARunHasTakeTurnsLikeFew() {
    int size = ChainCode.RUN_MAX + 2;
    List<Chain> chains = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Target endpoint = new Target.Dnat(address(100 + i), 9);
      chains.add(Chain.of("KUBE-SEP-" + i, List.of(Rule.of(List.of(), endpoint))));
    }
    chains.add(Chain.builtIn(Hook.PREROUTING, "ACCEPT", run("KUBE-SEP-", size)));
    Ruleset rules = Ruleset.of(IpFamily.IPV4, List.of(Table.of(Table.Name.NAT, chains)));
    LoadedRuleset loaded = new LoadedRuleset(rules, state(1));
    PacketWalk walk = walk();
    for (int i = 0; i <= size; i++) {
      Packet packet = new Packet(Protocol.UDP, address(20), 1 + i, address(4), 2);
      PacketBuffer asked = new PacketBuffer(packet).from("eth0");
      WalkResult result = walk.walk(loaded, asked, 1, null);
      assertThat(result.destination()).isEqualTo(address(100 + i % size));
    }
  }

  private static String fate(WalkResult result) {
    return result.verdict() + " " + result.destination() + ":" + result.destinationPort();
  }
}
