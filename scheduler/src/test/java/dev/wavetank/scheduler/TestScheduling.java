package dev.wavetank.scheduler;

import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.scheduler.cache.SchedulerCache;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.Registry;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.whatif.DryRun;
import java.util.Map;
import java.util.TreeMap;

/** The algorithm over a cluster of manifests, without queue and binding. */
public final class TestScheduling {

  public final DryRun dryRun;
  public final SchedulingAlgorithm algorithm;
  public final SchedulerCache cache;

  public TestScheduling(Profile profile) {
    this(profile, Choices.seeded(1));
  }

  public TestScheduling(Profile profile, Choices choices) {
    this(DefaultPlugins.registry(), profile, choices);
  }

  public TestScheduling(Registry registry, Profile profile, Choices choices) {
    this.dryRun = new DryRun(registry, profile, choices);
    this.algorithm = dryRun.algorithm();
    this.cache = dryRun.cache();
  }

  public Framework framework() {
    return algorithm.framework();
  }

  /** Takes over the objects of a manifest. */
  public TestScheduling with(String manifest) {
    for (Manifest document : Manifests.parse("test.yaml", manifest)) {
      dryRun.put(document.object());
    }
    return this;
  }

  public TestScheduling node(String name, String cpu, String memory) {
    return with(TestCluster.nodeManifest(name, cpu, memory, ""));
  }

  public ScheduleResult schedule(PodInfo pod) {
    return dryRun.schedule(pod);
  }

  /** Schedules a pod of that spec and gives the total score of each node that was scored. */
  public Map<String, Long> totals(String spec) {
    schedule(Objects.podInfo(spec));
    Map<String, Long> totals = new TreeMap<>();
    for (int row = 0; algorithm.scored() && row < algorithm.feasibleNodes(); row++) {
      totals.put(algorithm.feasibleNode(row).name(), algorithm.scores().total(row));
    }
    return totals;
  }

  /** Schedules a pod of that spec and gives the weighted score of one plugin by node. */
  public Map<String, Long> scores(String plugin, String spec) {
    schedule(Objects.podInfo(spec));
    Map<String, Long> scores = new TreeMap<>();
    for (int i = 0; i < framework().plugins().size(); i++) {
      if (framework().name(i).equals(plugin) && algorithm.scores().scored(i)) {
        for (int row = 0; row < algorithm.feasibleNodes(); row++) {
          scores.put(algorithm.feasibleNode(row).name(), algorithm.scores().score(i, row));
        }
      }
    }
    return scores;
  }
}
