package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.Plugin;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreFilterPlugin;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.PreScorePlugin;
import dev.wavetank.scheduler.framework.ScorePlugin;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.plugins.ImageLocality;
import dev.wavetank.scheduler.plugins.NodeAffinity;
import dev.wavetank.scheduler.plugins.NodeName;
import dev.wavetank.scheduler.plugins.NodePorts;
import dev.wavetank.scheduler.plugins.NodeResourcesBalancedAllocation;
import dev.wavetank.scheduler.plugins.NodeResourcesFit;
import dev.wavetank.scheduler.plugins.NodeUnschedulable;
import dev.wavetank.scheduler.plugins.ResourceScorer;
import dev.wavetank.scheduler.plugins.TaintToleration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each plugin of the scheduler, run alone, against recordings of the real one. */
class GoldenSchedulerPluginsTest {

  @Test
  void nodeName() {
    score("NodeName");
  }

  @Test
  void nodeUnschedulable() {
    score("NodeUnschedulable");
  }

  @Test
  void nodePorts() {
    score("NodePorts");
  }

  @Test
  void taintToleration() {
    score("TaintToleration");
  }

  @Test
  void nodeAffinity() {
    score("NodeAffinity");
  }

  @Test
  void imageLocality() {
    score("ImageLocality");
  }

  @Test
  void nodeResourcesFit() {
    score("NodeResourcesFit");
  }

  @Test
  void nodeResourcesBalancedAllocation() {
    score("NodeResourcesBalancedAllocation");
  }

  private static void score(String plugin) {
    GoldenCases.vectors("scheduler-" + plugin).every(GoldenSchedulerPluginsTest::runAlone).score();
  }

  private static void runAlone(JsonNode recorded) {
    GoldenScheduling cluster = new GoldenScheduling(recorded.get("cluster"));
    Plugin plugin = plugin(recorded, cluster);
    PodInfo pod = cluster.pod(recorded.get("pod"));
    CycleState state = new CycleState();
    List<NodeInfo> passed = preFilter(plugin, state, pod, cluster, recorded);
    passed = filter(plugin, state, pod, passed, recorded);
    if (plugin instanceof ScorePlugin scorePlugin) {
      scores(scorePlugin, state, pod, passed, recorded);
    }
  }

  private static List<NodeInfo> preFilter(
      Plugin plugin, CycleState state, PodInfo pod, GoldenScheduling cluster, JsonNode recorded) {
    PreFilterResult result =
        plugin instanceof PreFilterPlugin preFilter
            ? preFilter.preFilter(state, pod)
            : PreFilterResult.SUCCESS;
    JsonNode expected = recorded.path("preFilter");
    if (!expected.isMissingNode()) {
      assertStatus("preFilter", result.status(), expected);
      ImmutableSet<String> names = result.nodeNames();
      assertThat(names == null ? List.of() : names.asList())
          .containsExactlyInAnyOrderElementsOf(texts(expected.path("nodeNames")));
    }
    ImmutableSet<String> names = result.nodeNames();
    List<NodeInfo> left = new ArrayList<>();
    for (NodeInfo node : cluster.nodes) {
      if (names == null || names.contains(node.name())) {
        left.add(node);
      }
    }
    return left;
  }

  private static List<NodeInfo> filter(
      Plugin plugin, CycleState state, PodInfo pod, List<NodeInfo> nodes, JsonNode recorded) {
    JsonNode expected = recorded.path("filter");
    if (expected.isMissingNode() || !(plugin instanceof FilterPlugin filter)) {
      return nodes;
    }
    assertThat(nodes).as("filtered nodes").hasSize(expected.size());
    List<NodeInfo> passed = new ArrayList<>();
    for (NodeInfo node : nodes) {
      Status status = filter.filter(state, pod, node);
      assertStatus("filter of " + node.name(), status, expected.get(node.name()));
      if (status.success()) {
        passed.add(node);
      }
    }
    return passed;
  }

  private static void scores(
      ScorePlugin plugin, CycleState state, PodInfo pod, List<NodeInfo> nodes, JsonNode recorded) {
    if (plugin instanceof PreScorePlugin preScore) {
      Status status = preScore.preScore(state, pod);
      JsonNode expected = recorded.path("preScore");
      if (!expected.isMissingNode() || !nodes.isEmpty()) {
        assertThat(status.code().word())
            .as("preScore")
            .isEqualTo(expected.path("code").asText("Success"));
      }
      if (!status.success()) {
        assertThat(recorded.has("rawScore")).isFalse();
        return;
      }
    }
    JsonNode raw = recorded.path("rawScore");
    assertThat(nodes).as("scored nodes").hasSize(raw.size());
    long[] scores = new long[nodes.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = plugin.score(state, pod, nodes.get(i));
      assertThat(scores[i])
          .as("score of %s", nodes.get(i).name())
          .isEqualTo(raw.get(nodes.get(i).name()).asLong());
    }
    plugin.normalizeScore(state, pod, scores, scores.length);
    JsonNode normalized = recorded.has("score") ? recorded.get("score") : raw;
    for (int i = 0; i < scores.length; i++) {
      assertThat(scores[i])
          .as("normalized score of %s", nodes.get(i).name())
          .isEqualTo(normalized.get(nodes.get(i).name()).asLong());
    }
  }

  private static void assertStatus(String what, Status status, JsonNode expected) {
    assertThat(status.code().word())
        .as(what)
        .isEqualTo(expected.isTextual() ? expected.asText() : expected.get("code").asText());
    assertThat(status.reasons())
        .as(what)
        .containsExactlyInAnyOrderElementsOf(texts(expected.path("reasons")));
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static Plugin plugin(JsonNode recorded, GoldenScheduling cluster) {
    JsonNode args = recorded.path("args");
    return switch (recorded.get("plugin").asText()) {
      case "NodeName" -> new NodeName();
      case "NodeUnschedulable" -> new NodeUnschedulable();
      case "NodePorts" -> new NodePorts();
      case "TaintToleration" -> new TaintToleration();
      case "NodeAffinity" ->
          new NodeAffinity(
              args.has("addedAffinity")
                  ? (KubeMap) GoldenScheduling.tree(args.get("addedAffinity"))
                  : KubeMap.EMPTY);
      case "ImageLocality" -> new ImageLocality(cluster);
      case "NodeResourcesFit" -> fit(args);
      case "NodeResourcesBalancedAllocation" ->
          new NodeResourcesBalancedAllocation(resources(args.get("resources")));
      default -> throw new IllegalArgumentException(recorded.get("plugin").asText());
    };
  }

  private static NodeResourcesFit fit(JsonNode args) {
    JsonNode strategy = args.get("scoringStrategy");
    ResourceScorer.Strategy type =
        switch (strategy.get("type").asText()) {
          case "LeastAllocated" -> ResourceScorer.Strategy.LEAST_ALLOCATED;
          case "MostAllocated" -> ResourceScorer.Strategy.MOST_ALLOCATED;
          default -> ResourceScorer.Strategy.REQUESTED_TO_CAPACITY_RATIO;
        };
    ImmutableList.Builder<ResourceScorer.ShapePoint> shape = ImmutableList.builder();
    for (JsonNode point : strategy.path("requestedToCapacityRatio").path("shape")) {
      shape.add(
          new ResourceScorer.ShapePoint(
              point.path("utilization").asLong(), point.path("score").asLong()));
    }
    return new NodeResourcesFit(
        new ResourceScorer(type, resources(strategy.get("resources")), shape.build()),
        ImmutableSet.copyOf(texts(args.path("ignoredResources"))),
        ImmutableSet.copyOf(texts(args.path("ignoredResourceGroups"))));
  }

  private static ImmutableList<ResourceScorer.Weighted> resources(JsonNode list) {
    ImmutableList.Builder<ResourceScorer.Weighted> resources = ImmutableList.builder();
    for (JsonNode resource : list) {
      resources.add(
          new ResourceScorer.Weighted(
              resource.get("name").asText(), resource.path("weight").asLong()));
    }
    return resources.build();
  }
}
