package dev.wavetank.proxy.iptables;

import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a chain as words in one array, as the kernel keeps a table, so that asking them (see
 * {@link LinkedChain}) touches little memory and makes no calls.
 *
 * <p>A rule is a head and its operands. The head says which conditions there are and which of them
 * are negated, what happens when they hold, how many words the rule has, and its place in the
 * chain. Conditions that have no form here are asked of the rule itself, after those that have; one
 * that leaves a trace, and all behind it, are among them, but for the counter of {@code statistic}.
 */
final class ChainCode {

  static final int PROTOCOL = 1;
  static final int PORT = 1 << 1;
  static final int SOURCE = 1 << 2;
  static final int DESTINATION = 1 << 3;
  static final int STATES = 1 << 4;
  static final int MARK = 1 << 5;
  static final int FIELDS = (1 << 6) - 1;

  static final int NEGATED_SHIFT = 6;

  /** The rule counts: every, and which of them. */
  static final int NTH = 1 << 12;

  /** Conditions are left that are asked of the rule. */
  static final int OTHERS = 1 << 13;

  static final int EFFECT_SHIFT = 14;
  static final int EFFECT = 7;

  /** The target changes the packet, so it is asked itself. */
  static final int TARGET = 1 << 17;

  /** The target is DNAT to an IPv4 address, which is the last operand, with the port. */
  static final int DNAT = 1 << 23;

  static final int LENGTH_SHIFT = 18;
  static final int LENGTH = 31;
  static final int POSITION_SHIFT = 32;

  private static final int LENGTH_MAX = 16;
  private static final Match[] NO_MATCHES = {};
  private static final Match[][] NO_OTHERS = {};

  /** Heads and operands. */
  final long[] words;

  /** Where each rule begins, and where the last one ends. */
  final int[] offsets;

  /** The conditions of each rule that are asked of it; empty when no rule has any. */
  final Match[][] others;

  private ChainCode(long[] words, int[] offsets, Match[][] others) {
    this.words = words;
    this.offsets = offsets;
    this.others = others;
  }

  static ChainCode of(List<Rule> rules) {
    long[] words = new long[Math.multiplyExact(rules.size(), LENGTH_MAX)];
    int[] offsets = new int[rules.size() + 1];
    Match[][] others = new Match[rules.size()][];
    boolean anyOthers = false;
    int end = 0;
    for (int position = 0; position < rules.size(); position++) {
      Writer writer = new Writer(words, end);
      others[position] = writer.write(rules.get(position), position);
      anyOthers |= others[position].length > 0;
      end = writer.end;
      offsets[position + 1] = end;
    }
    return new ChainCode(Arrays.copyOf(words, end), offsets, anyOthers ? others : NO_OTHERS);
  }

  /** Writes one rule. */
  private static final class Writer {
    private final long[] words;
    private final int start;
    private int end;
    private int fields;
    private int negated;
    private Protocol protocol = Protocol.TCP;
    private int port;
    private @Nullable AddressBlock source;
    private @Nullable AddressBlock destination;
    private int states;
    private long mark;
    private Match.@Nullable Nth nth;

    Writer(long[] words, int start) {
      this.words = words;
      this.start = start;
    }

    /** Returns the conditions that have no form. */
    Match[] write(Rule rule, int position) {
      Match[] rest = rest(rule);
      end = start + 1;
      if ((fields & (PROTOCOL | PORT)) != 0) {
        words[end++] = (long) protocol.number() << 32 | port;
      }
      write(source);
      write(destination);
      if ((fields & STATES) != 0) {
        words[end++] = states;
      }
      if ((fields & MARK) != 0) {
        words[end++] = mark;
      }
      if (nth != null) {
        words[end++] = (long) nth.every() << 32 | nth.packet();
      }
      Target target = rule.target();
      boolean dnat = target instanceof Target.Dnat to && !to.address().isV6();
      if (target instanceof Target.Dnat to && dnat) {
        words[end++] = to.address().low() << 32 | to.port();
      }
      long head = fields | negated << NEGATED_SHIFT;
      head |= (nth == null ? 0 : NTH) | (rest.length == 0 ? 0 : OTHERS);
      Target.Effect effect = target.fixed();
      head |= dnat ? DNAT : effect == null ? TARGET : effect.number() << EFFECT_SHIFT;
      head |= (long) (end - start) << LENGTH_SHIFT;
      words[start] = head | (long) position << POSITION_SHIFT;
      return rest;
    }

    private void write(@Nullable AddressBlock block) {
      if (block != null && block.family() == IpFamily.IPV4) {
        words[end++] = block.network().low() << 32 | block.lowMask();
      } else if (block != null) {
        words[end++] = block.network().high();
        words[end++] = block.highMask();
        words[end++] = block.network().low();
        words[end++] = block.lowMask();
      }
    }

    private Match[] rest(Rule rule) {
      Match[] asked = rule.asked();
      int kept = 0;
      while (kept < asked.length && keep(asked[kept])) {
        kept++;
      }
      if (kept < asked.length && asked[kept] instanceof Match.Nth counted) {
        nth = counted;
        kept++;
      }
      return kept == asked.length ? NO_MATCHES : Arrays.copyOfRange(asked, kept, asked.length);
    }

    /**
     * Keeps a condition as a field; false when it is of another kind, or the second of its kind.
     */
    private boolean keep(Match match) {
      if (match instanceof Match.OfProtocol of && claim(PROTOCOL, of.negated())) {
        protocol = of.protocol();
      } else if (match instanceof Match.Ports of && of.destinationPort() < 0) {
        return true;
      } else if (match instanceof Match.Ports of && claim(PORT, of.negated())) {
        port = of.destinationPort();
      } else if (match instanceof Match.Source of && claim(SOURCE, of.negated())) {
        source = of.block();
      } else if (match instanceof Match.Destination of && claim(DESTINATION, of.negated())) {
        destination = of.block();
      } else if (match instanceof Match.ConntrackState of && claim(STATES, of.negated())) {
        states = of.bits();
      } else if (match instanceof Match.Mark of && claim(MARK, of.negated())) {
        mark = (long) of.value() << 32 | (of.mask() & 0xffffffffL);
      } else {
        return false;
      }
      return true;
    }

    private boolean claim(int field, boolean not) {
      if ((fields & field) != 0) {
        return false;
      }
      fields |= field;
      negated |= not ? field : 0;
      return true;
    }
  }
}
