package dev.wavetank.proxy.iptables;

import com.google.common.collect.ImmutableList;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A named list of rules. A built-in chain has a policy; one that a user made has none. */
public final class Chain {

  private final String name;
  private final @Nullable String policy;
  private final ImmutableList<Rule> rules;
  private @Nullable ChainCode code;

  private Chain(String name, @Nullable String policy, ImmutableList<Rule> rules) {
    this.name = name;
    this.policy = policy;
    this.rules = rules;
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

  /** Whether so many rules can be found by the destination that not all are asked. */
  boolean indexed() {
    return code().offsets.length > 0;
  }

  /** The rules as words; made when first asked for. */
  ChainCode code() {
    ChainCode made = code;
    if (made == null) {
      made = ChainCode.of(rules);
      code = made;
    }
    return made;
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
    return name.hashCode();
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
