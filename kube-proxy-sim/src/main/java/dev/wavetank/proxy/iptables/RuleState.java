package dev.wavetank.proxy.iptables;

import dev.wavetank.core.sim.ChoiceStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the rules of one node remember between packets: lists of the {@code recent} match and
 * counters of {@code statistic --mode nth}.
 *
 * <p>A counter belongs to its rule: it starts anew when the chain comes back with other rules, and
 * goes on when a sync leaves the chain as it was. (The kernel starts anew whenever the chain is
 * written, changed or not; kube-proxy writes unchanged ones only in a full sync.)
 */
public final class RuleState {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Routing routing;
  private final ChoiceStream random;
  private final Map<String, RecentList> lists = new LinkedHashMap<>();
  private final Map<String, Counters> counters = new LinkedHashMap<>();
  private long nowNanos;
  private Chain chain = Chain.of("", com.google.common.collect.ImmutableList.of());
  private int position;

  private static final class Counters {
    Chain chain;
    final long[] counts;

    Counters(Chain chain) {
      this.chain = chain;
      this.counts = new long[chain.rules().size()];
    }
  }

  /**
   * @param random answers the {@code random} match: a number of {@code [0, 2^31)} for each rule
   *     asked
   */
  public RuleState(Routing routing, ChoiceStream random) {
    this.routing = routing;
    this.random = random;
  }

  /** Forgets the lists that no rule of the rule set names, as the kernel does. */
  public void forgetUnused(Ruleset rules) {
    if (lists.isEmpty() && counters.isEmpty()) {
      return;
    }
    lists.keySet().removeIf(name -> rules.chain(Table.Name.NAT, name) == null && !named(rules, name));
    counters.keySet().removeIf(name -> rules.chain(Table.Name.NAT, name) == null);
  }

  private static boolean named(Ruleset rules, String list) {
    for (Table table : rules.tables()) {
      for (Chain chain : table.chains().values()) {
        for (Rule rule : chain.rules()) {
          if (rule.stateful() && names(rule, list)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean names(Rule rule, String list) {
    for (Match match : rule.matches()) {
      if ((match instanceof Match.RecentSet set && set.list().equals(list))
          || (match instanceof Match.RecentCheck check && check.list().equals(list))) {
        return true;
      }
    }
    return false;
  }

  void now(long nanos) {
    nowNanos = nanos;
  }

  /** Says which rule is asked next, for its counter. */
  void at(Chain newChain, int newPosition) {
    chain = newChain;
    position = newPosition;
  }

  boolean local(PacketBuffer packet, boolean source) {
    return routing.local(source ? packet.source() : packet.destination());
  }

  /** A number of {@code [0, 2^31)}. */
  long draw() {
    return random.between(0, 0x7fffffffL);
  }

  /** How often the rule was asked before; counts this time. */
  long count() {
    Counters known = counters.get(chain.name());
    if (known == null) {
      known = new Counters(chain);
      counters.put(chain.name(), known);
    } else if (known.chain != chain) {
      if (known.chain.equals(chain)) {
        known.chain = chain;
      } else {
        known = new Counters(chain);
        counters.put(chain.name(), known);
      }
    }
    return known.counts[position]++;
  }

  void remember(String list, PacketBuffer packet) {
    lists.computeIfAbsent(list, name -> new RecentList()).set(packet.source(), nowNanos);
  }

  boolean seen(String list, PacketBuffer packet, long seconds) {
    RecentList found = lists.get(list);
    return found != null && found.check(packet.source(), nowNanos - seconds * NANOS_PER_SECOND);
  }
}
