package dev.wavetank.core.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Exhaustive exploration by re-execution: each {@link #next} starts another run whose choices
 * differ from all runs before, until there is none left.
 *
 * <p>A pick of {@code n} is tried with each of its options; a range is tried at its two ends.
 * Choices past the depth bound get the calm answer. Runs must ask the same questions when they got
 * the same answers.
 */
public final class Enumeration {

  private final int depthMax;
  private final List<int[]> path = new ArrayList<>();
  private int position;
  private long runs;

  /**
   * An enumeration that has not started.
   *
   * @param depthMax how many choices of a run are varied, the first ones
   */
  public Enumeration(int depthMax) {
    SimulationBug.check(depthMax > 0, "an enumeration needs a depth");
    this.depthMax = depthMax;
  }

  /** Moves on to the next run; false when all were made. */
  public boolean next() {
    position = 0;
    if (runs++ == 0) {
      return true;
    }
    while (!path.isEmpty()) {
      int[] last = path.get(path.size() - 1);
      if (++last[0] < last[1]) {
        return true;
      }
      path.remove(path.size() - 1);
    }
    return false;
  }

  /** How many runs were started. */
  public long runs() {
    return runs;
  }

  /** The choices of the current run. */
  public Choices choices() {
    ChoiceStream stream =
        new ChoiceStream() {
          @Override
          public int choose(int options) {
            SimulationBug.check(options > 0, "a choice needs at least one option");
            return pick(options);
          }

          @Override
          public long between(long min, long max) {
            SimulationBug.check(min <= max, "an empty range has no number to choose");
            return min == max || pick(2) == 0 ? min : max;
          }
        };
    return name -> stream;
  }

  private int pick(int options) {
    if (options == 1 || position >= depthMax) {
      return 0;
    }
    if (position == path.size()) {
      path.add(new int[] {0, options});
    }
    int[] choice = path.get(position++);
    SimulationBug.check(
        choice[1] == options, "a run asked another question after the same answers");
    return choice[0];
  }
}
