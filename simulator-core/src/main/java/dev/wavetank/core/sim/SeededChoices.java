package dev.wavetank.core.sim;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Repeatable pseudo-random answers: one SplitMix64 generator a stream, started from the run's seed
 * and the stream's name.
 */
final class SeededChoices implements Choices {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final long seed;
  private final Map<String, ChoiceStream> streams = new LinkedHashMap<>();

  SeededChoices(long seed) {
    this.seed = seed;
  }

  @Override
  public ChoiceStream stream(String name) {
    return streams.computeIfAbsent(name, n -> new Stream(mix(seed + GAMMA) ^ nameHash(n)));
  }

  private static long nameHash(String name) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001B3L;
    }
    return mix(hash);
  }

  static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  private static final class Stream implements ChoiceStream {
    private long state;

    Stream(long state) {
      this.state = state;
    }

    private long next() {
      state += GAMMA;
      return mix(state);
    }

    @Override
    public int choose(int options) {
      SimulationBug.check(options > 0, "a choice needs at least one option");
      return (int) (((next() >>> 32) * options) >>> 32);
    }

    @Override
    public long between(long min, long max) {
      SimulationBug.check(min <= max, "an empty range has no number to choose");
      long span = max - min + 1;
      if (span > 0 && span <= Integer.MAX_VALUE) {
        return min + choose((int) span);
      }
      return span == 0 ? next() : min + Long.remainderUnsigned(next(), span);
    }
  }
}
