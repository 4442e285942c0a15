package dev.wavetank.scenarios.bench;

import com.google.common.collect.ImmutableMap;

/** A piece of work that is measured as a whole. */
public interface Workload {

  /**
   * What came of it.
   *
   * @param work how much of it was done, by its unit, such as {@code pods}: rates are made of them
   * @param figures further figures that are no rates
   * @param virtualNanos virtual time that passed; 0 when there is none
   */
  record Done(
      ImmutableMap<String, Long> work,
      ImmutableMap<String, Long> figures,
      long virtualNanos,
      long events,
      long commits,
      String traceHash) {}

  /** Does the work, from the beginning. */
  Done run();
}
