package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.FilterPlugin;
import dev.wavetank.scheduler.framework.ImageState;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.Plugin;
import dev.wavetank.scheduler.framework.PluginSet;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.PreFilterPlugin;
import dev.wavetank.scheduler.framework.PreFilterResult;
import dev.wavetank.scheduler.framework.PreScorePlugin;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.framework.ScoreExtensions;
import dev.wavetank.scheduler.framework.ScorePlugin;
import dev.wavetank.scheduler.framework.Status;
import dev.wavetank.scheduler.whatif.DryRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  @Test
  void interPodAffinity() {
    score("InterPodAffinity");
  }

  @Test
  void podTopologySpread() {
    score("PodTopologySpread");
  }

  private static void score(String plugin) {
    GoldenCases.vectors("scheduler-" + plugin).every(GoldenSchedulerPluginsTest::runAlone).score();
  }

  private static void runAlone(JsonNode recorded) {
    String name = recorded.get("plugin").asText();
    Profile profile =
        Profile.of(
            Profile.DEFAULT_SCHEDULER_NAME, PluginSet.of("PrioritySort", name, "DefaultBinder"));
    if (recorded.has("args")) {
      profile = profile.withArgs(name, (KubeMap) GoldenScheduling.tree(recorded.get("args")));
    }
    DryRun dryRun = GoldenScheduling.of(recorded.get("cluster"), profile);
    countImagesWithTheirOwnSize(dryRun.cache().nodes());
    Plugin plugin = dryRun.framework().find(name);
    PodInfo pod = dryRun.info(GoldenScheduling.pod(recorded.get("pod")));
    CycleState state = new CycleState();
    List<NodeInfo> passed = preFilter(plugin, state, pod, dryRun, recorded);
    passed = filter(plugin, state, pod, passed, recorded);
    if (plugin instanceof ScorePlugin scorePlugin) {
      scores(scorePlugin, state, pod, passed, recorded);
    }
  }

  /** Each node counts an image with its own size, as upstream's snapshot for tests does. */
  private static void countImagesWithTheirOwnSize(NodeInfo[] nodes) {
    Map<String, Integer> having = new LinkedHashMap<>();
    for (NodeInfo node : nodes) {
      images(node).forEach((name, size) -> having.merge(name, 1, Integer::sum));
    }
    for (NodeInfo node : nodes) {
      Map<String, ImageState> states = new LinkedHashMap<>();
      images(node)
          .forEach(
              (name, size) -> {
                ImageState state = new ImageState(size);
                state.count(having.getOrDefault(name, 0));
                states.put(name, state);
              });
      node.setImageStates(states);
    }
  }

  private static Map<String, Long> images(NodeInfo node) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    KubeObject object = node.node();
    if (object != null) {
      for (KubeMap image : object.status().listOrEmpty("images").maps()) {
        for (Object name : image.listOrEmpty("names")) {
          sizes.put(name.toString(), image.number("sizeBytes", 0));
        }
      }
    }
    return sizes;
  }

  private static List<NodeInfo> preFilter(
      Plugin plugin, CycleState state, PodInfo pod, DryRun dryRun, JsonNode recorded) {
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
    for (NodeInfo node : dryRun.cache().nodes()) {
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
      Status status = preScore.preScore(state, pod, nodes.toArray(new NodeInfo[0]), nodes.size());
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
    if (plugin instanceof ScoreExtensions extensions) {
      extensions.normalizeScore(state, pod, scores, nodes.toArray(new NodeInfo[0]), scores.length);
    }
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
}
