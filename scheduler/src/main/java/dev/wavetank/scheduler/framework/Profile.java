package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What pods of one {@code spec.schedulerName} are scheduled with.
 *
 * <p>Follows {@code KubeSchedulerProfile} of pkg/scheduler/apis/config/types.go (v1.36).
 *
 * @param schedulerName pods with this {@code spec.schedulerName} are its own
 * @param percentageOfNodesToScore 0 for the adaptive default, else 1 to 100
 * @param multiPoint plugins that take part in every extension point that they implement
 * @param plugins what single extension points have instead or besides
 * @param pluginConfig {@code args} by plugin name
 */
public record Profile(
    String schedulerName,
    int percentageOfNodesToScore,
    PluginSet multiPoint,
    ImmutableMap<ExtensionPoint, PluginSet> plugins,
    ImmutableMap<String, KubeMap> pluginConfig) {

  /** Name of the scheduler that pods get when they name none. */
  public static final String DEFAULT_SCHEDULER_NAME = "default-scheduler";

  /** A profile whose plugins take part wherever they can. */
  public static Profile of(String schedulerName, PluginSet multiPoint) {
    return new Profile(schedulerName, 0, multiPoint, ImmutableMap.of(), ImmutableMap.of());
  }

  public Profile withSchedulerName(String name) {
    return new Profile(name, percentageOfNodesToScore, multiPoint, plugins, pluginConfig);
  }

  public Profile withPercentageOfNodesToScore(int percentage) {
    return new Profile(schedulerName, percentage, multiPoint, plugins, pluginConfig);
  }

  public Profile withMultiPoint(PluginSet set) {
    return new Profile(schedulerName, percentageOfNodesToScore, set, plugins, pluginConfig);
  }

  /** This profile with other plugins at one extension point. */
  public Profile with(ExtensionPoint point, PluginSet set) {
    Map<ExtensionPoint, PluginSet> changed = new LinkedHashMap<>(plugins);
    changed.put(point, set);
    return new Profile(
        schedulerName,
        percentageOfNodesToScore,
        multiPoint,
        ImmutableMap.copyOf(changed),
        pluginConfig);
  }

  /** This profile with other arguments of one plugin. */
  public Profile withArgs(String plugin, KubeMap args) {
    Map<String, KubeMap> changed = new LinkedHashMap<>(pluginConfig);
    changed.put(plugin, args);
    return new Profile(
        schedulerName, percentageOfNodesToScore, multiPoint, plugins, ImmutableMap.copyOf(changed));
  }

  /** The error of a scheduler whose profile this cannot be, in upstream's words. */
  public IllegalArgumentException notCreated(IllegalArgumentException cause) {
    return new IllegalArgumentException(
        "initializing profiles: creating profile for scheduler name "
            + schedulerName
            + ": "
            + cause.getMessage(),
        cause);
  }

  /** The plugins named for one extension point. */
  public PluginSet at(ExtensionPoint point) {
    return plugins.getOrDefault(point, PluginSet.EMPTY);
  }
}
