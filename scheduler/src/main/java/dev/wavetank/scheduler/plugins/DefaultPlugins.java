package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.Plugin;
import dev.wavetank.scheduler.framework.Profile;
import java.util.function.Function;

/**
 * The plugins of the default profile with their weights, in upstream's order.
 *
 * <p>Follows pkg/scheduler/apis/config/v1/default_plugins.go (v1.36).
 */
public final class DefaultPlugins {

  private DefaultPlugins() {}

  /** The profile of {@code default-scheduler}. */
  public static Profile profile() {
    return new Profile(
        Profile.DEFAULT_SCHEDULER_NAME,
        0,
        ImmutableList.of(
            plugin(1, handle -> new SchedulingGates()),
            plugin(1, handle -> new PrioritySort()),
            plugin(1, handle -> new NodeUnschedulable()),
            plugin(1, handle -> new NodeName()),
            plugin(3, handle -> new TaintToleration()),
            plugin(2, handle -> new NodeAffinity()),
            plugin(1, handle -> new NodePorts()),
            plugin(1, handle -> new NodeResourcesFit()),
            plugin(2, handle -> new DynamicResources()),
            plugin(1, DefaultPreemption::new),
            plugin(1, handle -> new NodeResourcesBalancedAllocation()),
            plugin(1, ImageLocality::new),
            plugin(1, DefaultBinder::new)));
  }

  private static Profile.Entry plugin(int weight, Function<Handle, Plugin> factory) {
    return new Profile.Entry(weight, factory);
  }
}
