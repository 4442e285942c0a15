package dev.wavetank.scheduler;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.scheduler.framework.ExtensionPoint;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.Plugin;

/**
 * An attempt as the annotations that kube-scheduler-simulator writes on a pod: what each filter
 * said of each node, each plugin's raw scores, and the same normalized and weighted.
 */
final class SimulatorAnnotations {

  private static final String PREFIX = "kube-scheduler-simulator.sigs.k8s.io/";
  private static final String PASSED = "passed";

  private SimulatorAnnotations() {}

  static KubeMap of(Attempt attempt, Framework framework) {
    KubeMap.Builder filters = KubeMap.builder();
    KubeMap.Builder scores = KubeMap.builder();
    KubeMap.Builder finalScores = KubeMap.builder();
    for (Attempt.Verdict verdict : attempt.verdicts()) {
      filters.put(verdict.node(), filters(verdict, framework));
      if (!verdict.scores().isEmpty()) {
        KubeMap.Builder raw = KubeMap.builder();
        KubeMap.Builder weighted = KubeMap.builder();
        for (Attempt.PluginScore score : verdict.scores()) {
          raw.put(score.plugin(), Long.toString(score.raw()));
          weighted.put(score.plugin(), Long.toString(score.weighted()));
        }
        scores.put(verdict.node(), raw.build());
        finalScores.put(verdict.node(), weighted.build());
      }
    }
    KubeMap annotations =
        KubeMap.of(
            PREFIX + "filter-result",
            Json.write(filters.build()),
            PREFIX + "score-result",
            Json.write(scores.build()),
            PREFIX + "finalscore-result",
            Json.write(finalScores.build()));
    String node = attempt.node();
    if (node != null) {
      return annotations.with(PREFIX + "selected-node", node);
    }
    KubeMap postFilter =
        attempt.nominatedNode().isEmpty()
            ? KubeMap.EMPTY
            : KubeMap.of(
                attempt.nominatedNode(), KubeMap.of("DefaultPreemption", "preemption victim"));
    return annotations.with(PREFIX + "postfilter-result", Json.write(postFilter));
  }

  /** The filters in their order, up to the one that turned the node down. */
  private static KubeMap filters(Attempt.Verdict verdict, Framework framework) {
    KubeMap.Builder said = KubeMap.builder();
    for (Plugin plugin : framework.at(ExtensionPoint.FILTER)) {
      if (plugin.name().equals(verdict.plugin())) {
        said.put(plugin.name(), verdict.status().message());
        break;
      }
      said.put(plugin.name(), PASSED);
    }
    return said.build();
  }
}
