package dev.wavetank.proxy.iptables;

import com.google.common.collect.ImmutableList;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A named list of rules. A built-in chain has a policy; one that a user made has none. */
public final class Chain {

  /** Links of longer chains are looked up each time: tables take turns, and each begins anew. */
  private static final int LINKED_MAX = 64;

  private static final @Nullable Chain[] NO_LINKS = {};

  private final String name;
  private final @Nullable String policy;
  private final ImmutableList<Rule> rules;
  private final boolean counts;
  private @Nullable ChainIndex index;
  private @Nullable Table linkedIn;
  private @Nullable Chain[] links = NO_LINKS;

  private Chain(String name, @Nullable String policy, ImmutableList<Rule> rules) {
    this.name = name;
    this.policy = policy;
    this.rules = rules;
    boolean anyNth = false;
    for (Rule rule : rules) {
      if (rule.stateful()) {
        for (Match match : rule.matches()) {
          anyNth |= match instanceof Match.Nth;
        }
      }
    }
    this.counts = anyNth;
  }

  /** A chain that a user made. */
  public static Chain of(String name, List<Rule> rules) {
    return new Chain(name, null, ImmutableList.copyOf(rules));
  }

  /**
   * A chain that the kernel asks at a hook.
   *
   * @param policy {@code ACCEPT} or {@code DROP}: the fate of a packet that no rule decides
   */
  public static Chain builtIn(Hook hook, String policy, List<Rule> rules) {
    return new Chain(hook.name(), policy, ImmutableList.copyOf(rules));
  }

  static Chain of(String name, @Nullable String policy, List<Rule> rules) {
    return new Chain(name, policy, ImmutableList.copyOf(rules));
  }

  public String name() {
    return name;
  }

  /** {@code ACCEPT} or {@code DROP} for a built-in chain, else null. */
  public @Nullable String policy() {
    return policy;
  }

  public ImmutableList<Rule> rules() {
    return rules;
  }

  /** Whether a rule counts packets. */
  boolean counts() {
    return counts;
  }

  /** The index by destination; made when first asked for. */
  ChainIndex index() {
    ChainIndex made = index;
    if (made == null) {
      made = ChainIndex.of(rules);
      index = made;
    }
    return made;
  }

  /** The chain of the table that the rule at a position jumps to; null when it is not there. */
  @Nullable Chain next(Table table, int position, Target.Jump jump) {
    if (rules.size() > LINKED_MAX) {
      return table.chains().get(jump.chain());
    }
    if (linkedIn != table) {
      linkedIn = table;
      links = new Chain[rules.size()];
    }
    Chain known = links[position];
    if (known == null) {
      known = table.chains().get(jump.chain());
      links[position] = known;
    }
    return known;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Chain that
            && name.equals(that.name)
            && Objects.equals(policy, that.policy)
            && rules.equals(that.rules));
  }

  @Override
  public int hashCode() {
    return name.hashCode() * 31 + rules.hashCode();
  }

  /** The chain's lines as {@code iptables-save} prints them, for IPv4. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    out.append(':').append(name).append(' ').append(policy == null ? "-" : policy).append('\n');
    for (Rule rule : rules) {
      out.append("-A ").append(name);
      rule.appendSaved(out, IpFamily.IPV4);
      out.append('\n');
    }
    return out.toString();
  }
}
