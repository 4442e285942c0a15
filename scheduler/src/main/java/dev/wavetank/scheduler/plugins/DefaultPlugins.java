package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.scheduler.framework.PluginFactory;
import dev.wavetank.scheduler.framework.PluginSet;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.Registry;
import dev.wavetank.scheduler.plugins.args.PluginArgs;
import dev.wavetank.scheduler.plugins.volumes.NodeVolumeLimits;
import dev.wavetank.scheduler.plugins.volumes.VolumeBinding;
import dev.wavetank.scheduler.plugins.volumes.VolumeRestrictions;
import dev.wavetank.scheduler.plugins.volumes.VolumeZone;

/**
 * The scheduler's own plugins, and the default profile with their weights in upstream's order.
 *
 * <p>Follows pkg/scheduler/apis/config/v1/default_plugins.go and
 * pkg/scheduler/framework/plugins/registry.go (v1.36). Plugins of features that are off by default
 * are left out: GangScheduling, PodGroupPodsCount and TopologyPlacementGenerator.
 */
public final class DefaultPlugins {

  private static final Registry REGISTRY =
      Registry.of(
          ImmutableMap.<String, PluginFactory>builder()
              .put("SchedulingGates", (args, handle) -> new SchedulingGates())
              .put("PrioritySort", (args, handle) -> new PrioritySort())
              .put("NodeUnschedulable", (args, handle) -> new NodeUnschedulable())
              .put("NodeName", (args, handle) -> new NodeName())
              .put("TaintToleration", (args, handle) -> new TaintToleration())
              .put("NodeAffinity", (args, handle) -> nodeAffinity(args))
              .put("NodePorts", (args, handle) -> new NodePorts())
              .put("NodeResourcesFit", (args, handle) -> NodeResourcesFit.of(args))
              .put("VolumeRestrictions", (args, handle) -> new VolumeRestrictions(handle))
              .put("NodeVolumeLimits", (args, handle) -> new NodeVolumeLimits(handle))
              .put("VolumeBinding", VolumeBinding::new)
              .put("VolumeZone", (args, handle) -> new VolumeZone(handle))
              .put("PodTopologySpread", PodTopologySpread::new)
              .put("InterPodAffinity", InterPodAffinity::new)
              .put("DynamicResources", (args, handle) -> new DynamicResources())
              .put("DefaultPreemption", DefaultPreemption::new)
              .put(
                  "NodeResourcesBalancedAllocation",
                  (args, handle) -> NodeResourcesBalancedAllocation.of(args))
              .put("ImageLocality", (args, handle) -> new ImageLocality(handle))
              .put("DefaultBinder", (args, handle) -> new DefaultBinder(handle))
              .put("NodeDeclaredFeatures", (args, handle) -> new NodeDeclaredFeatures())
              .buildOrThrow());

  private DefaultPlugins() {}

  private static NodeAffinity nodeAffinity(KubeMap args) {
    PluginArgs.check(PluginArgs.nodeAffinity("", args));
    return new NodeAffinity(args.mapOrEmpty("addedAffinity"));
  }

  /** The scheduler's own plugins. */
  public static Registry registry() {
    return REGISTRY;
  }

  /** The plugins that are enabled by default, for all extension points. */
  public static PluginSet multiPoint() {
    return PluginSet.of("SchedulingGates", "PrioritySort", "NodeUnschedulable", "NodeName")
        .plus("TaintToleration", 3)
        .plus("NodeAffinity", 2)
        .plus("NodePorts", 0)
        .plus("NodeResourcesFit", 1)
        .plus("VolumeRestrictions", 0)
        .plus("NodeVolumeLimits", 0)
        .plus("VolumeBinding", 0)
        .plus("VolumeZone", 0)
        .plus("PodTopologySpread", 2)
        .plus("InterPodAffinity", 2)
        .plus("DynamicResources", 2)
        .plus("DefaultPreemption", 0)
        .plus("NodeResourcesBalancedAllocation", 1)
        .plus("ImageLocality", 1)
        .plus("DefaultBinder", 0)
        .plus("NodeDeclaredFeatures", 0);
  }

  /** The profile of {@code default-scheduler}. */
  public static Profile profile() {
    return Profile.of(Profile.DEFAULT_SCHEDULER_NAME, multiPoint());
  }
}
