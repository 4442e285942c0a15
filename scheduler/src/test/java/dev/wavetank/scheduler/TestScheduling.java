package dev.wavetank.scheduler;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scheduler.cache.SchedulerCache;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Profile;
import java.util.Map;
import java.util.TreeMap;

/** The algorithm over a cache, without queue and binding. */
public final class TestScheduling {

  public final SchedulerCache cache = new SchedulerCache();
  public final SchedulingAlgorithm algorithm;

  public TestScheduling(Profile profile) {
    this(profile, Choices.seeded(1));
  }

  public TestScheduling(Profile profile, Choices choices) {
    Simulation simulation = new Simulation(choices);
    ApiClient client = new ApiClient(new ApiServer(simulation, Latencies.DEFAULT), "scheduler");
    WaitingPods waiting = new WaitingPods(simulation);
    this.algorithm =
        new SchedulingAlgorithm(
            cache,
            profile,
            self -> new PluginHandle(cache, client, self, waiting),
            choices.stream("scheduler/tie"));
  }

  public Framework framework() {
    return algorithm.framework();
  }

  public int weight(String plugin) {
    for (int i = 0; i < framework().plugins().size(); i++) {
      if (framework().name(i).equals(plugin)) {
        return framework().profile().plugins().get(i).weight();
      }
    }
    throw new IllegalArgumentException(plugin);
  }

  /** Takes over nodes and assigned pods of a manifest. */
  public TestScheduling with(String manifest) {
    for (Manifest document : Manifests.parse("test.yaml", manifest)) {
      KubeObject object = document.object();
      if (object.kind().equals("Node")) {
        cache.addNode(object);
      } else {
        cache.addPod(Objects.info(object));
      }
    }
    return this;
  }

  public TestScheduling node(String name, String cpu, String memory) {
    return with(TestCluster.nodeManifest(name, cpu, memory, ""));
  }

  public ScheduleResult schedule(PodInfo pod) {
    return algorithm.schedule(new CycleState(), pod);
  }

  /** Schedules a pod of that spec and gives the total score of each node that was scored. */
  public Map<String, Long> totals(String spec) {
    schedule(Objects.podInfo(spec));
    Map<String, Long> totals = new TreeMap<>();
    for (int row = 0; algorithm.scored() && row < algorithm.feasibleNodes(); row++) {
      totals.put(cache.get(algorithm.feasiblePosition(row)).name(), algorithm.scores().total(row));
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
          scores.put(
              cache.get(algorithm.feasiblePosition(row)).name(), algorithm.scores().score(i, row));
        }
      }
    }
    return scores;
  }
}
