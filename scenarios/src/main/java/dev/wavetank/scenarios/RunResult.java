package dev.wavetank.scenarios;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.scenarios.traffic.Traffic;

/**
 * How a run of a scenario ended.
 *
 * @param scenario its name
 * @param file the file it was read from, as the user named it
 * @param passed whether every step succeeded and no invariant broke
 * @param virtualNanos virtual time from the first step to the end
 * @param events events of the simulation, the start of the cluster included
 * @param commits revisions of the store
 * @param traceHash hash of the whole trace
 * @param expectations what was expected, in order, those that were not reached included
 * @param traffic of each source, in the order in which they began
 * @param objects how many objects of each kind there are at the end
 * @param failure what failed, in words; empty when nothing did
 * @param failureEvent number of the event at which it failed; 0 when nothing did
 */
public record RunResult(
    String scenario,
    String file,
    long seed,
    boolean passed,
    long virtualNanos,
    long events,
    long commits,
    String traceHash,
    ImmutableList<Expected> expectations,
    ImmutableList<Traffic> traffic,
    ImmutableMap<String, Integer> objects,
    String failure,
    long failureEvent) {

  /**
   * One thing that was expected.
   *
   * @param passed false also when the run ended before it
   * @param atNanos virtual time since the beginning; -1 when it was not reached
   * @param message what was unmet; empty when it passed
   */
  public record Expected(String name, boolean passed, long atNanos, String message) {}

  /** The command that repeats the run. */
  public String replay() {
    return "wavetank run " + file + " --seed " + seed;
  }
}
