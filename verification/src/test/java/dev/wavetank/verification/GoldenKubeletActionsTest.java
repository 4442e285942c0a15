package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.kubelet.CrashLoop;
import dev.wavetank.core.kubelet.PodActions;
import dev.wavetank.core.kubelet.PodActions.KillReason;
import dev.wavetank.core.kubelet.PodActions.RuntimeContainer;
import dev.wavetank.core.kubelet.PodActions.RuntimePod;
import dev.wavetank.core.kubelet.PodActions.RuntimeSandbox;
import dev.wavetank.core.kubelet.PodActions.State;
import dev.wavetank.core.kubelet.prober.ProbeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a sync does to a pod, and when it restarts containers, against recordings. */
class GoldenKubeletActionsTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void kubeletActions() {
    GoldenCases.vectors("kubelet-actions")
        .kind("actions-main", GoldenKubeletActionsTest::actions)
        .kind("actions-init", GoldenKubeletActionsTest::actions)
        .kind("crashloop", GoldenKubeletActionsTest::crashLoop)
        .score();
  }

  private static void actions(JsonNode recorded) {
    KubeMap spec = (KubeMap) GoldenCluster.tree(recorded.get("spec"));
    List<RuntimeSandbox> sandboxes = new ArrayList<>();
    for (JsonNode sandbox : recorded.get("sandboxes")) {
      sandboxes.add(
          new RuntimeSandbox(
              sandbox.get("id").asText(),
              sandbox.get("attempt").asInt(),
              sandbox.get("ready").asBoolean(),
              sandbox.get("ip").asText()));
    }
    List<RuntimeContainer> containers = new ArrayList<>();
    for (JsonNode container : recorded.get("containers")) {
      containers.add(
          new RuntimeContainer(
              container.get("name").asText(),
              container.get("id").asText(),
              State.valueOf(container.get("state").asText().toUpperCase(Locale.ROOT)),
              container.path("exitCode").asLong(),
              container.path("specChanged").asBoolean(),
              result(container.get("liveness")),
              result(container.get("startup"))));
    }
    PodActions actions =
        PodActions.compute(
            spec, new RuntimePod(sandboxes, containers), recorded.path("deleting").asBoolean());
    JsonNode expected = recorded.get("actions");
    assertThat(actions.killPod()).as("killPod").isEqualTo(expected.get("killPod").asBoolean());
    assertThat(actions.createSandbox())
        .as("createSandbox")
        .isEqualTo(expected.get("createSandbox").asBoolean());
    assertThat(actions.sandboxId()).as("sandboxID").isEqualTo(expected.get("sandboxID").asText());
    assertThat(actions.attempt()).as("attempt").isEqualTo(expected.get("attempt").asInt());
    assertThat(names(spec.listOrEmpty("initContainers"), actions.initToStart()))
        .as("startInit")
        .isEqualTo(texts(expected.path("startInit")));
    assertThat(names(spec.listOrEmpty("containers"), actions.toStart()))
        .as("start")
        .isEqualTo(texts(expected.path("start")));
    List<String> kills = new ArrayList<>();
    for (JsonNode kill : expected.path("kill")) {
      kills.add(
          String.join(
              "|",
              kill.get("id").asText(),
              kill.get("name").asText(),
              kill.get("message").asText(),
              kill.path("reason").asText()));
    }
    assertThat(actions.toKill())
        .as("kill")
        .map(k -> String.join("|", k.id(), k.name(), k.message(), word(k.reason())))
        .containsExactlyInAnyOrderElementsOf(kills);
  }

  private static @Nullable ProbeResult result(@Nullable JsonNode text) {
    return text == null ? null : ProbeResult.valueOf(text.asText().toUpperCase(Locale.ROOT));
  }

  private static String word(KillReason reason) {
    return switch (reason) {
      case NONE -> "";
      case STARTUP_PROBE -> "StartupProbe";
      case LIVENESS_PROBE -> "LivenessProbe";
      case FAILED_POST_START -> "FailedPostStartHook";
      case UNKNOWN -> "Unknown";
    };
  }

  private static List<String> names(KubeList containers, List<Integer> positions) {
    List<String> names = new ArrayList<>();
    positions.forEach(at -> names.add(containers.map(at).string("name", "")));
    return names;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** The kubelet asks once a second whether the container may be started again. */
  private static void crashLoop(JsonNode recorded) {
    CrashLoop loop = new CrashLoop();
    long now = 0;
    for (JsonNode run : recorded.get("runs")) {
      now += run.get("ranSeconds").asLong();
      long finished = now;
      assertThat(finished).as("finishedAt").isEqualTo(run.get("finishedAt").asLong());
      String message = "";
      while (loop.holds(finished * SECOND, now * SECOND)) {
        message = loop.message("c", "foo_default(12345678)");
        now += recorded.get("pollSeconds").asLong();
      }
      assertThat(now).as("restartAllowedAt").isEqualTo(run.get("restartAllowedAt").asLong());
      assertThat(now - finished).as("waited").isEqualTo(run.get("waitedSeconds").asLong());
      assertThat(message).isEqualTo(run.path("message").asText());
    }
  }
}
