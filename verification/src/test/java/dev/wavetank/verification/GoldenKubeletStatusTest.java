package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.registry.QosClass;
import dev.wavetank.core.kubelet.PodCondition;
import dev.wavetank.core.kubelet.PodConditions;
import dev.wavetank.core.kubelet.PodPhase;
import org.junit.jupiter.api.Test;

/** Phase, conditions and quality of service of pods against recordings of the real kubelet. */
class GoldenKubeletStatusTest {

  @Test
  void kubeletStatus() {
    GoldenCases.vectors("kubelet-status")
        .kind("phase", GoldenKubeletStatusTest::phase)
        .kind("qos", GoldenKubeletStatusTest::qos)
        .score();
  }

  private static void phase(JsonNode recorded) {
    KubeMap spec = (KubeMap) GoldenCluster.tree(recorded.get("spec"));
    KubeMap status =
        KubeMap.of(
            "containerStatuses", list(recorded, "containerStatuses"),
            "initContainerStatuses", list(recorded, "initContainerStatuses"));
    String phase =
        PodPhase.of(
            spec,
            status,
            recorded.get("podIsTerminal").asBoolean(),
            recorded.get("anyRegularContainerHasStarted").asBoolean());
    assertThat(phase).isEqualTo(recorded.get("phase").asText());
    KubeList others = list(recorded, "otherConditions");
    check(recorded, PodConditions.initialized(spec, status, phase));
    check(recorded, PodConditions.ready(spec, status, others, phase));
    check(recorded, PodConditions.containersReady(spec, status, phase));
  }

  private static KubeList list(JsonNode recorded, String field) {
    return recorded.has(field)
        ? (KubeList) GoldenCluster.tree(recorded.get(field))
        : KubeList.EMPTY;
  }

  private static void check(JsonNode recorded, PodCondition condition) {
    assertThat(condition.tree(0).without("type"))
        .as(condition.type())
        .isEqualTo(GoldenCluster.tree(recorded.get(condition.type())));
  }

  private static void qos(JsonNode recorded) {
    assertThat(QosClass.of((KubeMap) GoldenCluster.tree(recorded.get("spec"))))
        .isEqualTo(recorded.get("qosClass").asText());
  }
}
