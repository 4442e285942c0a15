package dev.wavetank.proxy.iptables;

import dev.wavetank.core.sim.SimulationBug;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is in each run of a table's chains on one node (see {@link ChainCode}): what the
 * counters of the run's rules say together. A chain that comes back unchanged goes on; one whose
 * rules changed begins anew.
 *
 * <p>While each jump decides, the counters of all rules follow from the turn. A jump that decided
 * nothing has the rules behind it asked as well; from then on each counts for itself.
 */
final class RunTurns {

  /** Instead of a turn: the chain has not been asked since its rules were loaded. */
  static final short UNKNOWN = -1;

  /** Instead of a turn: each rule has a counter. */
  static final short EACH = -2;

  /** So many chains are kept without asking whether they still exist. */
  private static final int KEPT = 1024;

  /** What is left of a chain whose table was replaced. */
  private static final class Kept {
    final Chain chain;
    final short[] turns;

    /** By run, the chain's first being 0. */
    final Map<Integer, int[]> counters = new LinkedHashMap<>();

    Kept(Chain chain, short[] turns) {
      this.chain = chain;
      this.turns = turns;
    }
  }

  private @Nullable TableCode code;

  /**
   * Of each run, by number: the rule that is next, or one of the above. Small, to stay in caches.
   */
  private short[] turns = {};

  /** Of the runs of which each rule counts for itself: all rules' but the last one's. */
  private final Map<Integer, int[]> counters = new LinkedHashMap<>();

  /** The chains that were asked since the table was loaded, by number. */
  private int[] asked = new int[16];

  private int askedSize;
  private final Map<String, Kept> kept = new LinkedHashMap<>();

  /** Another table is loaded in place of the one before. */
  void load(TableCode loaded) {
    TableCode before = code;
    if (before != null) {
      for (int i = 0; i < askedSize; i++) {
        keep(before, asked[i]);
      }
    }
    code = loaded;
    askedSize = 0;
    counters.clear();
    Arrays.fill(turns, UNKNOWN);
  }

  private void keep(TableCode before, int number) {
    Chain chain = before.chain(number);
    int first = before.firstRun(number);
    int end = first + chain.code().runs;
    Kept left = new Kept(chain, Arrays.copyOfRange(turns, first, end));
    for (int run = first; run < end && !counters.isEmpty(); run++) {
      int[] counts = counters.get(run);
      if (counts != null) {
        left.counters.put(run - first, counts);
      }
    }
    kept.put(chain.name(), left);
  }

  /** Whose turn it is in a run of that number; of its chain, too, the number is given. */
  int turn(int run, int chain) {
    int turn = run < turns.length ? turns[run] : UNKNOWN;
    return turn == UNKNOWN ? begin(run, chain) : turn;
  }

  private int begin(int run, int number) {
    TableCode loaded = code;
    if (loaded == null) {
      throw new SimulationBug("no table is loaded");
    }
    if (turns.length < loaded.runs()) {
      int before = turns.length;
      turns = Arrays.copyOf(turns, Math.max(16, loaded.runs() * 2));
      Arrays.fill(turns, before, turns.length, UNKNOWN);
    }
    if (askedSize == asked.length) {
      asked = Arrays.copyOf(asked, askedSize * 2);
    }
    asked[askedSize++] = number;
    Chain chain = loaded.chain(number);
    Kept known = kept.get(chain.name());
    int first = loaded.firstRun(number);
    if (known != null && known.chain.equals(chain)) {
      System.arraycopy(known.turns, 0, turns, first, known.turns.length);
      known.counters.forEach((i, each) -> counters.put(first + i, each));
    } else {
      Arrays.fill(turns, first, first + chain.code().runs, (short) 0);
    }
    return turns[run];
  }

  /** Says whose turn is next in a run. */
  void next(int run, int turn) {
    turns[run] = (short) turn;
  }

  /** The counters of a run of which each rule counts for itself. */
  int[] each(int run) {
    int[] known = counters.get(run);
    if (known == null) {
      throw new SimulationBug("the rules of run " + run + " have no counters");
    }
    return known;
  }

  /**
   * From now on each rule of a run counts for itself; the one whose turn it was has counted.
   *
   * @param size how many rules there are
   */
  int[] countEach(int run, int size, int turn) {
    int[] each = new int[size - 1];
    for (int i = 0; i <= turn && i < each.length; i++) {
      each[i] = (turn - i + 1) % (size - i);
    }
    counters.put(run, each);
    turns[run] = EACH;
    return each;
  }

  /** Whether there are so many chains that forgetting those that are gone is worth it. */
  boolean worthCleaning() {
    return kept.size() > KEPT;
  }

  /** Forgets the chains that are gone. */
  void retain(Predicate<String> exists) {
    kept.keySet().removeIf(exists.negate());
  }
}
