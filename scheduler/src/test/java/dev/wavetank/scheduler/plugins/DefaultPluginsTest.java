package dev.wavetank.scheduler.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.scheduler.TestScheduling;
import dev.wavetank.scheduler.framework.Plugin;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The default profile. */
class DefaultPluginsTest {

  private final TestScheduling scheduling = new TestScheduling(DefaultPlugins.profile());

  @Test
  void wl_SCHED_05_pluginsInOrder() {
    List<String> names = scheduling.framework().plugins().stream().map(Plugin::name).toList();
    assertThat(names)
        .containsExactly(
            "SchedulingGates",
            "PrioritySort",
            "NodeUnschedulable",
            "NodeName",
            "TaintToleration",
            "NodeAffinity",
            "NodePorts",
            "NodeResourcesFit",
            "VolumeRestrictions",
            "NodeVolumeLimits",
            "VolumeBinding",
            "VolumeZone",
            "PodTopologySpread",
            "InterPodAffinity",
            "DynamicResources",
            "DefaultPreemption",
            "NodeResourcesBalancedAllocation",
            "ImageLocality",
            "DefaultBinder",
            "NodeDeclaredFeatures");
  }

  @Test
  void wl_SCHED_05_weights() {
    assertThat(weight("TaintToleration")).isEqualTo(3);
    assertThat(weight("NodeAffinity")).isEqualTo(2);
    assertThat(weight("PodTopologySpread")).isEqualTo(2);
    assertThat(weight("InterPodAffinity")).isEqualTo(2);
    assertThat(weight("DynamicResources")).isEqualTo(2);
    assertThat(weight("NodeResourcesFit")).isEqualTo(1);
    assertThat(weight("NodeResourcesBalancedAllocation")).isEqualTo(1);
    assertThat(weight("ImageLocality")).isEqualTo(1);
  }

  private int weight(String plugin) {
    return scheduling.framework().weight(plugin);
  }
}
