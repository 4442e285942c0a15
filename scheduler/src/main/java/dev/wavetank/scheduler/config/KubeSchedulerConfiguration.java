package dev.wavetank.scheduler.config;

import com.google.common.collect.ImmutableList;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.queue.BackoffLimits;

/**
 * How a scheduler is set up.
 *
 * <p>Follows {@code KubeSchedulerConfiguration} of pkg/scheduler/apis/config/types.go (v1.36), as
 * far as it decides anything in a simulation.
 *
 * @param profiles at least one; their scheduler names differ
 * @param backoff how long rejected pods back off
 */
public record KubeSchedulerConfiguration(ImmutableList<Profile> profiles, BackoffLimits backoff) {

  /** What a scheduler is when nobody configures it. */
  public static final KubeSchedulerConfiguration DEFAULT = of(DefaultPlugins.profile());

  /**
   * Reads a file of this kind, defaults and validation included. Whether there are the plugins that
   * it names is only known when a scheduler is made of it.
   *
   * @param file as errors name it
   * @throws dev.wavetank.core.api.ScenarioException when it is wrong; the message has the place,
   *     and upstream's words
   */
  public static KubeSchedulerConfiguration read(String file, String text) {
    return ConfigurationFile.read(file, text);
  }

  /** Default times, and these profiles. */
  public static KubeSchedulerConfiguration of(Profile... profiles) {
    return new KubeSchedulerConfiguration(ImmutableList.copyOf(profiles), BackoffLimits.DEFAULT);
  }
}
