package dev.wavetank.scenarios.step;

import org.jspecify.annotations.Nullable;

/** One thing that a scenario does. */
public interface Step {

  /** What it does, in words: the name of its outcome unless the file gives another. */
  String words();

  /**
   * Does it.
   *
   * @return why it failed, in words; null when it did not
   */
  @Nullable String run(StepContext context);

  /** Whether its outcome is reported as an expectation. */
  default boolean expects() {
    return false;
  }
}
