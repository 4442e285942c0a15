package dev.wavetank.proxy.iptables;

import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.proxy.netfilter.Hook;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The chains of a table as words in one array (see {@link ChainCode}), as the kernel has them: a
 * jump leads to a place in the array. A chain is put there when a packet comes to it, and with it
 * those to which its rules jump, so that a Service's chains lie side by side; of an indexed chain
 * only the own word is, and each rule follows when a packet is led to it (see {@link ChainIndex}).
 * What no packet came to takes no place.
 */
final class TableCode {

  /** Of a jump: no place is known yet. Nothing begins there. */
  static final int NOWHERE = 0;

  private static final int WORDS_MIN = 256;

  /** Chains within chains that are put in together; deeper ones wait for packets. */
  private static final int TOGETHER_MAX = 16;

  private static final Hook[] HOOKS = Hook.values();

  private final Map<String, Chain> chains;
  private final Map<String, Integer> starts = new LinkedHashMap<>();

  /** Of each hook, where its chain begins. */
  private final int[] byHook = new int[HOOKS.length];

  /** Of each hook, what happens to a packet that no rule decides. */
  private final Target.Effect[] policies = new Target.Effect[HOOKS.length];

  /** By number. */
  private final List<Chain> linked = new ArrayList<>();

  /** Of each chain, by number; null for one that is not indexed. */
  private final List<@Nullable ChainIndex> indices = new ArrayList<>();

  /** Of each chain, by number, the number of its first run. */
  private int[] firstRuns = new int[16];

  private long[] words = new long[WORDS_MIN];
  private int end = 1;
  private int runs;

  TableCode(Map<String, Chain> chains) {
    this.chains = chains;
    for (int i = 0; i < HOOKS.length; i++) {
      Chain chain = chains.get(HOOKS[i].name());
      byHook[i] = chain == null || chain.rules().isEmpty() ? NOWHERE : link(chain.name(), 0);
      policies[i] =
          chain != null && "DROP".equals(chain.policy())
              ? Target.Effect.DROP
              : Target.Effect.ACCEPT;
    }
  }

  /** All words; another array after a chain was put in. */
  long[] words() {
    return words;
  }

  /** Where the chain begins that is asked at a hook, or {@link #NOWHERE} when it has no rules. */
  @SuppressWarnings("EnumOrdinal") // kept in memory only
  int at(Hook hook) {
    return byHook[hook.ordinal()];
  }

  /** ACCEPT or DROP: what happens at a hook to a packet that no rule decides. */
  @SuppressWarnings("EnumOrdinal") // kept in memory only
  Target.Effect policy(Hook hook) {
    return policies[hook.ordinal()];
  }

  /** A chain by its number, which its own word tells. */
  Chain chain(int number) {
    return linked.get(number);
  }

  /** What finds the rules of an indexed chain. */
  ChainIndex index(int number) {
    ChainIndex index = indices.get(number);
    if (index == null) {
      throw new SimulationBug("chain " + chain(number).name() + " is not indexed");
    }
    return index;
  }

  /** The number of a chain's first run. */
  int firstRun(int chain) {
    return firstRuns[chain];
  }

  /** How many runs all chains have that have been put in. */
  int runs() {
    return runs;
  }

  /** Where the chain begins to which a rule jumps; it is put in if it is not. */
  int link(Rule rule) {
    return link(target(rule).name(), 0);
  }

  private int link(String name, int depth) {
    Integer known = starts.get(name);
    if (known != null) {
      return known;
    }
    Chain chain = chains.get(name);
    if (chain == null || depth > TOGETHER_MAX) {
      return NOWHERE;
    }
    int start = append(name, chain);
    if (!chain.indexed()) {
      linkJumps(start, chain, depth + 1);
    }
    return start;
  }

  private int append(String name, Chain chain) {
    ChainCode code = chain.code();
    boolean indexed = chain.indexed();
    int start = append(code.words, 0, indexed ? 1 : code.words.length);
    int number = linked.size();
    words[start] |= (long) number << Integer.SIZE;
    if (number == firstRuns.length) {
      firstRuns = Arrays.copyOf(firstRuns, number * 2);
    }
    firstRuns[number] = runs;
    runs += code.runs;
    linked.add(chain);
    indices.add(indexed ? new ChainIndex(chain, this) : null);
    starts.put(name, start);
    return start;
  }

  /** Adds some of those words; returns where they begin. */
  private int append(long[] added, int from, int to) {
    int start = reserve(to - from);
    System.arraycopy(added, from, words, start, to - from);
    return start;
  }

  private int reserve(int size) {
    int start = end;
    end = Math.addExact(end, size);
    if (end > words.length) {
      words = Arrays.copyOf(words, Math.max(end, Math.multiplyExact(words.length, 2)));
    }
    return start;
  }

  /**
   * Puts one rule of an indexed chain in, and behind it the chain to which it jumps, if that is not
   * there yet.
   *
   * @param link the word before the rule
   * @return where the rule begins
   */
  int put(Chain chain, int position, long link) {
    ChainCode code = chain.code();
    int offset = code.offsets[position];
    int before = reserve(1);
    words[before] = link;
    int start = append(code.words, offset, offset + ChainCode.ruleWords((int) code.words[offset]));
    Rule rule = chain.rules().get(position);
    if (rule.target() instanceof Target.Jump) {
      jump(start, link(rule));
    }
    return start;
  }

  private void linkJumps(int start, Chain chain, int depth) {
    int firstRun = firstRuns[ChainCode.upper(words[start])];
    int at = start + 1;
    int position = 0;
    while (position < chain.rules().size()) {
      int head = (int) words[at];
      if ((head & ChainCode.RUN) != 0) {
        int size = ChainCode.upper(words[at]);
        words[at + 1] += firstRun;
        linkRun(at, chain.rules().subList(position, position + size), depth);
        at += ChainCode.runWords(size);
        position += size;
      } else {
        if (chain.rules().get(position).target() instanceof Target.Jump jump) {
          jump(at, link(jump.chain(), depth));
        }
        at += ChainCode.ruleWords(head);
        position++;
      }
    }
  }

  private void linkRun(int at, List<Rule> rules, int depth) {
    boolean translates = true;
    int protocol = 0;
    for (int i = 0; i < rules.size() && translates; i++) {
      ChainCode to = target(rules.get(i)).code();
      long translation = to.translation();
      translates = translation != 0 && (i == 0 || to.translated() == protocol);
      if (translates) {
        protocol = to.translated();
        words[at + 2 + i] = translation;
      }
    }
    if (translates) {
      words[at + 1] |= (long) protocol << Integer.SIZE;
      return;
    }
    for (int i = 0; i < rules.size(); i++) {
      int to = link(target(rules.get(i)).name(), depth);
      words[at + 2 + i] = to; // not before: another array may have taken the place of the old one
    }
  }

  /** The chain to which a rule jumps. */
  private Chain target(Rule rule) {
    Chain found = rule.target() instanceof Target.Jump jump ? chains.get(jump.chain()) : null;
    if (found == null) {
      throw new SimulationBug("no chain for " + rule);
    }
    return found;
  }

  /** Says where the rule that begins there jumps. */
  void jump(int at, int to) {
    words[at] = (words[at] & 0xffffffffL) | (long) to << Integer.SIZE;
  }
}
