package dev.wavetank.core.sim;

/** The calm answers: option zero and the smallest number. */
final class FirstChoices {

  static final ChoiceStream STREAM =
      new ChoiceStream() {
        @Override
        public int choose(int options) {
          SimulationBug.check(options > 0, "a choice needs at least one option");
          return 0;
        }

        @Override
        public long between(long min, long max) {
          SimulationBug.check(min <= max, "an empty range has no number to choose");
          return min;
        }
      };

  private FirstChoices() {}
}
