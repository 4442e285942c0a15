package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;
import java.util.function.Function;

/**
 * A scheduler's configuration: its name and its plugins in order.
 *
 * @param schedulerName pods with this {@code spec.schedulerName} are its own
 * @param percentageOfNodesToScore 0 for the adaptive default, else 1 to 100
 * @param plugins in the order in which every extension point calls them
 */
public record Profile(
    String schedulerName, int percentageOfNodesToScore, ImmutableList<Entry> plugins) {

  /** Name of the scheduler that pods get when they name none. */
  public static final String DEFAULT_SCHEDULER_NAME = "default-scheduler";

  /**
   * A plugin of a profile.
   *
   * @param weight what its normalized score is multiplied with
   * @param factory builds it
   */
  public record Entry(int weight, Function<Handle, Plugin> factory) {}

  public Profile withPercentageOfNodesToScore(int percentage) {
    return new Profile(schedulerName, percentage, plugins);
  }

  /** This profile with one more plugin after all others. */
  public Profile plus(int weight, Function<Handle, Plugin> factory) {
    return new Profile(
        schedulerName,
        percentageOfNodesToScore,
        ImmutableList.<Entry>builder().addAll(plugins).add(new Entry(weight, factory)).build());
  }
}
