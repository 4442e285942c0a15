package dev.wavetank.proxy.iptables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.proxy.netfilter.ChainCounters;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.IpSet;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.Routing;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of one node remember between packets: lists of the {@code recent} match and
 * counters of {@code statistic --mode nth}.
 *
 * <p>A counter belongs to its rule: it starts anew when the chain comes back with other rules, and
 * goes on when a sync leaves the chain as it was. (The kernel starts anew whenever the chain is
 * written, changed or not; kube-proxy writes unchanged ones only in a full sync.)
 */
public final class RuleState {

  private static final Chain NO_CHAIN = Chain.of("", ImmutableList.of());
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Routing routing;
  private final ChoiceStream random;
  private final Map<String, RecentList> lists = new LinkedHashMap<>();
  private final ChainCounters<Chain> counters =
      new ChainCounters<>(Chain::name, chain -> chain.rules().size());
  private final Map<IpFamily, EnumMap<Table.Name, RunTurns>> turns = new EnumMap<>(IpFamily.class);
  private ImmutableMap<String, IpSet> sets = ImmutableMap.of();
  private long nowNanos;
  private Chain chain = NO_CHAIN;
  private int position;
  private int @Nullable [] current;

  /**
   * @param random answers the {@code random} match: a number of {@code [0, 2^31)} for each rule
   *     asked
   */
  public RuleState(Routing routing, ChoiceStream random) {
    this.routing = routing;
    this.random = random;
  }

  /** Whether {@link #forgetUnused} could free something that matters. */
  public boolean worthCleaning() {
    return !lists.isEmpty() || counters.worthCleaning() || anyTurnsWorthCleaning();
  }

  private boolean anyTurnsWorthCleaning() {
    for (EnumMap<Table.Name, RunTurns> ofFamily : turns.values()) {
      for (RunTurns ofTable : ofFamily.values()) {
        if (ofTable.worthCleaning()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whose turn it is in the runs of a table. */
  RunTurns turns(IpFamily family, Table.Name table) {
    return turns
        .computeIfAbsent(family, ofFamily -> new EnumMap<>(Table.Name.class))
        .computeIfAbsent(table, ofTable -> new RunTurns());
  }

  /** Forgets what belongs to rules that are in none of these rule sets, as the kernel does. */
  public void forgetUnused(Ruleset... rulesets) {
    counters.retain(name -> anyHas(rulesets, name));
    for (EnumMap<Table.Name, RunTurns> ofFamily : turns.values()) {
      ofFamily.values().forEach(ofTable -> ofTable.retain(name -> anyHas(rulesets, name)));
    }
    current = null;
    chain = NO_CHAIN;
    if (!lists.isEmpty()) {
      Set<String> named = new LinkedHashSet<>();
      for (Ruleset rules : rulesets) {
        collectLists(rules, named);
      }
      lists.keySet().retainAll(named);
    }
  }

  private static boolean anyHas(Ruleset[] rulesets, String chain) {
    for (Ruleset rules : rulesets) {
      for (Table table : rules.tables()) {
        if (table.chains().containsKey(chain)) {
          return true;
        }
      }
    }
    return false;
  }

  private static void collectLists(Ruleset rules, Set<String> named) {
    for (Table table : rules.tables()) {
      for (Chain chain : table.chains().values()) {
        for (Rule rule : chain.rules()) {
          if (rule.stateful()) {
            for (Match match : rule.matches()) {
              String list = match.list();
              if (list != null) {
                named.add(list);
              }
            }
          }
        }
      }
    }
  }

  /** Other rules were loaded than those before. */
  void reloaded() {
    counters.reloaded();
    current = null;
    chain = NO_CHAIN;
  }

  /** Gives the node these sets, by name, in place of those before. */
  public void sets(ImmutableMap<String, IpSet> newSets) {
    sets = newSets;
  }

  boolean inSet(String set, ImmutableList<String> directions, PacketBuffer packet) {
    IpSet found = sets.get(set);
    return found != null && found.contains(directions, packet);
  }

  boolean cameByBridge(PacketBuffer packet) {
    String came = packet.inInterface();
    return came != null && routing.bridge(came);
  }

  void now(long nanos) {
    nowNanos = nanos;
  }

  /** Says which rule is asked next, for its counter. */
  @SuppressWarnings("ReferenceEquality") // the same chain is the same object within a rule set
  void at(Chain newChain, int newPosition) {
    if (chain != newChain) {
      chain = newChain;
      current = null;
    }
    position = newPosition;
  }

  boolean local(PacketBuffer packet, boolean source) {
    return routing.local(source ? packet.source() : packet.destination());
  }

  /** A number of {@code [0, 2^31)}. */
  long draw() {
    return random.between(0, 0x7fffffffL);
  }

  /**
   * Asks a rule that holds for one packet of each {@code every}, and counts this one.
   *
   * @param which number of that packet, from 0
   */
  @SuppressWarnings("ReferenceEquality") // the same chain is the same object within a rule set
  boolean nth(Chain ofChain, int atPosition, int every, int which) {
    int[] known = current;
    if (known == null || chain != ofChain) {
      chain = ofChain;
      known = counters.of(ofChain, ofChain.hashCode());
      current = known;
    }
    int count = known[atPosition];
    known[atPosition] = count + 1 == every ? 0 : count + 1;
    return count == which;
  }

  /** Asks the rule that {@link #at} named. */
  boolean nth(int every, int which) {
    return nth(chain, position, every, which);
  }

  void remember(String list, PacketBuffer packet) {
    lists.computeIfAbsent(list, name -> new RecentList()).set(packet.source(), nowNanos);
  }

  boolean seen(String list, PacketBuffer packet, long seconds) {
    RecentList found = lists.get(list);
    return found != null && found.check(packet.source(), nowNanos - seconds * NANOS_PER_SECOND);
  }
}
