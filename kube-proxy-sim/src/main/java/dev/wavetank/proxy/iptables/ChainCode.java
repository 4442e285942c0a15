package dev.wavetank.proxy.iptables;

import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a chain as words, as the kernel keeps them, so that asking them touches little
 * memory and makes no calls. {@link TableCode} puts the chains of a table into one array and says
 * where jumps lead; {@link TableWalk} asks.
 *
 * <p>A chain begins with a word of its own: in the lower half how many words there are, and {@link
 * #INDEXED}; in the upper half the chain's number in its table. A rule is a head and its operands.
 * The head's lower half says which conditions there are and which of them are negated, what happens
 * when they hold, and how many words the rule has; its upper half is where a jump leads. Conditions
 * that have no form here are asked of the rule itself, after those that have; one that leaves a
 * trace, and all behind it, are among them, but for the counter of {@code statistic}.
 *
 * <p>Rules that balance by turns, one for every nth packet, one for every nth less one of the
 * others, and so on to the last without a condition, are one run: a head with the number of rules
 * in its upper half, a word with the run's number, and a word for each rule that says where its
 * jump leads. Instead of that it says the {@link #translation} of the chain to which it jumps, if
 * that has one and those of all have one protocol, which is then the upper half of the run's
 * number.
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

  /** Whatever must hold. */
  private static final int CONDITIONS = FIELDS | FIELDS << NEGATED_SHIFT | NTH | OTHERS;

  static final int EFFECT_SHIFT = 14;
  static final int EFFECT = 7;

  /** The target changes the packet, so it is asked itself. */
  static final int TARGET = 1 << 17;

  private static final int LENGTH_SHIFT = 18;
  private static final int LENGTH = 31;

  /** The target is DNAT to an IPv4 address, which is the last operand, with the port. */
  static final int DNAT = 1 << 23;

  /** A run, not a rule. */
  static final int RUN = 1 << 24;

  /**
   * Bound on the rules of a run, so that a turn is a {@code short}; those before it stand alone.
   */
  static final int RUN_MAX = Short.MAX_VALUE;

  /** Of a chain's own word: its rules are found by {@link ChainIndex}. */
  static final int INDEXED = 1 << 31;

  /** Chains of which fewer rules can be found by the destination are asked one by one. */
  private static final int INDEX_FROM = 12;

  private static final int RULE_WORDS_MAX = 16;
  private static final Match[] NO_MATCHES = {};
  private static final Match[][] NO_OTHERS = {};

  /**
   * The chain's own word without its number, heads and operands; jumps lead nowhere yet, and runs
   * are numbered from 0.
   */
  final long[] words;

  /** Where each rule begins; empty for a chain that is not indexed. */
  final int[] offsets;

  /** The conditions of each rule that are asked of it; empty when no rule has any. */
  final Match[][] others;

  /** How many runs there are. */
  final int runs;

  private ChainCode(long[] words, int[] offsets, Match[][] others, int runs) {
    this.words = words;
    this.offsets = offsets;
    this.others = others;
    this.runs = runs;
  }

  static ChainCode of(List<Rule> rules) {
    boolean indexed = findable(rules) >= INDEX_FROM;
    long[] words = new long[1 + Math.multiplyExact(rules.size(), RULE_WORDS_MAX)];
    int[] offsets = new int[indexed ? rules.size() : 0];
    Match[][] others = new Match[rules.size()][];
    Arrays.fill(others, NO_MATCHES);
    boolean anyOthers = false;
    int runs = 0;
    int end = 1;
    for (int position = 0; position < rules.size(); ) {
      int size = indexed ? 1 : runFrom(rules, position);
      if (size > 1) {
        words[end] = RUN | (long) size << Integer.SIZE;
        words[end + 1] = runs++;
        end += runWords(size);
      } else {
        Writer writer = new Writer(words, end);
        others[position] = writer.write(rules.get(position));
        anyOthers |= others[position].length > 0;
        if (indexed) {
          offsets[position] = end;
        }
        end = writer.end;
      }
      position += size;
    }
    words[0] = end | (indexed ? INDEXED & 0xffffffffL : 0);
    return new ChainCode(Arrays.copyOf(words, end), offsets, anyOthers ? others : NO_OTHERS, runs);
  }

  private static int findable(List<Rule> rules) {
    int found = 0;
    if (rules.size() >= INDEX_FROM) {
      for (Rule rule : rules) {
        found += ChainIndex.finds(rule) ? 1 : 0;
      }
    }
    return found;
  }

  /** How many rules from there on are a run; 1 when there is none. */
  private static int runFrom(List<Rule> rules, int position) {
    Match[] first = rules.get(position).asked();
    int size = first.length == 1 && first[0] instanceof Match.Nth nth ? nth.every() : 1;
    if (size < 2 || size > RUN_MAX || size > rules.size() - position) {
      return 1;
    }
    for (int i = 0; i < size; i++) {
      Rule rule = rules.get(position + i);
      Match[] asked = rule.asked();
      boolean counts =
          i == size - 1
              ? asked.length == 0
              : asked.length == 1 && asked[0].equals(new Match.Nth(size - i, 0));
      if (!counts || !(rule.target() instanceof Target.Jump)) {
        return 1;
      }
    }
    return size;
  }

  /** The upper half of a word. */
  static int upper(long word) {
    return (int) (word >>> Integer.SIZE);
  }

  /** How many words the rule with that head has. */
  static int ruleWords(int head) {
    return head >>> LENGTH_SHIFT & LENGTH;
  }

  /** How many words a run of so many rules has. */
  static int runWords(int size) {
    return 2 + size;
  }

  /**
   * What the chain does, if it has two rules as kube-proxy writes them for an IPv4 endpoint: one
   * for packets from the endpoint itself, and one that translates all others of a protocol. The
   * endpoint's address is the upper half, its port the lower one; 0 for another chain.
   */
  long translation() {
    if (words.length != 6
        || ((int) words[1] & CONDITIONS) != SOURCE
        || ((int) words[3] & CONDITIONS) != PROTOCOL
        || ((int) words[3] & DNAT) == 0
        || (int) words[2] != -1) {
      return 0;
    }
    return upper(words[2]) == upper(words[5]) ? words[5] : 0;
  }

  /** The protocol's number of a chain that has a translation. */
  int translated() {
    return upper(words[4]);
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
    Match[] write(Rule rule) {
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
      words[start] = head | (long) (end - start) << LENGTH_SHIFT;
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
