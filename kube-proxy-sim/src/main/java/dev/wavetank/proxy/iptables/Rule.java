package dev.wavetank.proxy.iptables;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.RuleHit;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule of a chain: conditions and a target. */
public final class Rule {

  /** No port, or no single one; see {@link #port()}. */
  static final int ANY_PORT = -1;

  private final ImmutableList<Match> matches;
  private final Target target;
  private final Match[] asked;
  private final boolean stateful;

  private Rule(ImmutableList<Match> matches, Target target) {
    this.matches = matches;
    this.target = target;
    this.asked =
        matches.stream()
            .filter(match -> !(match instanceof Match.Comment))
            .filter(match -> !(match instanceof Match.Accounting))
            .toArray(Match[]::new);
    this.stateful = matches.stream().anyMatch(Match::stateful);
  }

  /**
   * A rule with these conditions; addresses, interfaces and protocol move to the front, as in the
   * kernel.
   *
   * @throws IllegalArgumentException when two conditions count packets: a rule has one counter
   */
  public static Rule of(List<Match> matches, Target target) {
    if (matches.stream().filter(match -> match instanceof Match.Nth).count() > 1) {
      throw new IllegalArgumentException("a rule has one counter, so at most one --mode nth");
    }
    return new Rule(
        matches.stream()
            .sorted(Comparator.comparingInt(Match::rank))
            .collect(ImmutableList.toImmutableList()),
        target);
  }

  public ImmutableList<Match> matches() {
    return matches;
  }

  public Target target() {
    return target;
  }

  /** The conditions without those that always hold, in the order in which they are asked. */
  Match[] asked() {
    return asked;
  }

  /** Whether asking the rule may leave a trace on the node or draw a random number. */
  boolean stateful() {
    return stateful;
  }

  boolean matches(PacketBuffer packet, RuleState state) {
    for (Match match : asked) {
      if (!match.matches(packet, state)) {
        return false;
      }
    }
    return true;
  }

  /** What is told of the rule when it held in that chain. */
  RuleHit hit(Hook hook, HookRules.Stage stage, Table.Name table, String chain) {
    String text = toString();
    return new RuleHit(
        hook,
        stage,
        table.ruleName(),
        chain,
        "-A " + chain + (text.isEmpty() ? "" : " " + text),
        target.words());
  }

  /** The protocol without which the rule cannot hold and is not asked further, or null. */
  @Nullable Protocol protocol() {
    for (Match match : asked) {
      if (match instanceof Match.OfProtocol p && !p.negated()) {
        return p.protocol();
      }
    }
    return null;
  }

  /**
   * The destination port without which the rule cannot hold, or {@link #ANY_PORT}; also that when a
   * condition that leaves a trace is asked before the port.
   */
  int port() {
    for (Match match : asked) {
      if (match instanceof Match.Ports ports
          && !ports.negated()
          && ports.destinationPort() >= 0
          && protocol() == ports.protocol()) {
        return ports.destinationPort();
      }
      if (match.stateful()) {
        return ANY_PORT;
      }
    }
    return ANY_PORT;
  }

  /** The one destination address for which the rule can hold, or null. */
  @Nullable IpAddress destination() {
    for (Match match : asked) {
      if (match instanceof Match.Destination d && !d.negated() && d.block().single()) {
        return d.block().first();
      }
    }
    return null;
  }

  /** The rule as {@code iptables-save} prints it after {@code -A CHAIN}. */
  void appendSaved(StringBuilder out, IpFamily family) {
    for (Match match : matches) {
      match.appendSaved(out, family);
    }
    target.appendSaved(out);
  }

  /**
   * The rule as kube-proxy writes it after {@code -A CHAIN}: addresses and interfaces stand behind
   * the protocol, or, where there is none, behind comment and address type.
   */
  public void appendWritten(StringBuilder out, IpFamily family) {
    boolean headerDone = false;
    boolean hasPorts = matches.stream().anyMatch(match -> match instanceof Match.Ports);
    for (Match match : matches) {
      if (match.rank() < 5) {
        continue;
      }
      if (match instanceof Match.Ports ports) {
        out.append(" -m ").append(ports.protocol().lowerCase());
        appendHeader(out, family, ports);
        headerDone = true;
        continue;
      }
      boolean leading = match instanceof Match.Comment || match instanceof Match.AddressType;
      if (!headerDone && !hasPorts && !leading) {
        appendHeader(out, family, null);
        headerDone = true;
      }
      match.appendWritten(out, family);
    }
    if (!headerDone) {
      appendHeader(out, family, null);
    }
    target.appendWritten(out);
  }

  private void appendHeader(StringBuilder out, IpFamily family, Match.@Nullable Ports ports) {
    appendRank(out, family, 4);
    appendRank(out, family, 1);
    if (ports != null) {
      ports.appendPort(out);
    }
    appendRank(out, family, 0);
    appendRank(out, family, 2);
    appendRank(out, family, 3);
  }

  private void appendRank(StringBuilder out, IpFamily family, int rank) {
    for (Match match : matches) {
      if (match.rank() == rank) {
        match.appendWritten(out, family);
      }
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Rule that
            && matches.equals(that.matches)
            && target.equals(that.target));
  }

  @Override
  public int hashCode() {
    return matches.hashCode() * 31 + target.hashCode();
  }

  /** The rule as {@code iptables-save} prints it after {@code -A CHAIN}, for IPv4. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    appendSaved(out, IpFamily.IPV4);
    return out.substring(Math.min(1, out.length()));
  }
}
