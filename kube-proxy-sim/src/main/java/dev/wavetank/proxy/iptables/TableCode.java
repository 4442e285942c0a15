package dev.wavetank.proxy.iptables;

import dev.wavetank.proxy.netfilter.Hook;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The chains of a table as words in one array (see {@link ChainCode}), as the kernel has them: a
 * jump leads to a place in the array. A chain is put there when a packet comes to it, and with it
 * those to which its rules jump, so that a Service's chains lie side by side; only an indexed chain
 * waits for packets to each of its jumps. What no packet came to takes no place.
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

  /** By number. */
  private final List<Chain> linked = new ArrayList<>();

  /** Of each chain, by number, the number of its first run. */
  private int[] firstRuns = new int[16];

  private long[] words = new long[WORDS_MIN];
  private int end = 1;
  private int runs;

  TableCode(Map<String, Chain> chains) {
    this.chains = chains;
    for (int i = 0; i < HOOKS.length; i++) {
      byHook[i] = link(HOOKS[i].name());
    }
  }

  /** All words; another array after a chain was put in. */
  long[] words() {
    return words;
  }

  /** Where the chain begins that is asked at a hook, or {@link #NOWHERE}. */
  @SuppressWarnings("EnumOrdinal") // kept in memory only
  int at(Hook hook) {
    return byHook[hook.ordinal()];
  }

  /** A chain by its number, which its own word tells. */
  Chain chain(int number) {
    return linked.get(number);
  }

  /** The number of a chain's first run. */
  int firstRun(int chain) {
    return firstRuns[chain];
  }

  /** How many runs all chains have that have been put in. */
  int runs() {
    return runs;
  }

  /** Where a chain begins, which is put in if it is not; NOWHERE when the table has none. */
  int link(String name) {
    return link(name, 0);
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
    int start = end;
    end = Math.addExact(end, code.words.length);
    if (end > words.length) {
      words = Arrays.copyOf(words, Math.max(end, Math.multiplyExact(words.length, 2)));
    }
    System.arraycopy(code.words, 0, words, start, code.words.length);
    int number = linked.size();
    words[start] |= (long) number << Integer.SIZE;
    if (number == firstRuns.length) {
      firstRuns = Arrays.copyOf(firstRuns, number * 2);
    }
    firstRuns[number] = runs;
    runs += code.runs;
    linked.add(chain);
    starts.put(name, start);
    return start;
  }

  private void linkJumps(int start, Chain chain, int depth) {
    int firstRun = firstRuns[ChainCode.upper(words[start])];
    int at = start + 1;
    int position = 0;
    while (position < chain.rules().size()) {
      int head = (int) words[at];
      boolean run = (head & ChainCode.RUN) != 0;
      int size = run ? ChainCode.upper(words[at]) : 1;
      if (run) {
        words[at + 1] += firstRun;
      }
      for (int i = 0; i < size; i++) {
        if (chain.rules().get(position + i).target() instanceof Target.Jump jump) {
          int to = link(jump.chain(), depth);
          if (run) {
            jumpOfRun(at, i, to);
          } else {
            jump(at, to);
          }
        }
      }
      at += run ? ChainCode.runWords(size) : ChainCode.ruleWords(head);
      position += size;
    }
  }

  /** Says where the rule that begins there jumps. */
  void jump(int at, int to) {
    words[at] = (words[at] & 0xffffffffL) | (long) to << Integer.SIZE;
  }

  /** Says where a rule of the run that begins there jumps. */
  void jumpOfRun(int at, int rule, int to) {
    int word = at + 2 + (rule >> 1);
    int shift = (rule & 1) << 5;
    words[word] = (words[word] & ~(0xffffffffL << shift)) | (long) to << shift;
  }

  /** Where a rule of a run jumps. */
  static int jumpOfRun(long[] words, int at, int rule) {
    return (int) (words[at + 2 + (rule >> 1)] >>> ((rule & 1) << 5));
  }
}
