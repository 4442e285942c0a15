package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.controller.deployment.DeploymentController;
import dev.wavetank.core.controller.deployment.Progress;
import dev.wavetank.core.controller.deployment.Replicas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The Deployment controller against recordings of the real one. */
class GoldenDeploymentTest {
  private static final String NOW = "2026-03-01T12:00:00Z";
  private static final int SYNCS_MAX = 1_000;

  @Test
  void deployment() {
    GoldenCases.vectors("deployment")
        .kind("fenceposts", GoldenDeploymentTest::fenceposts)
        .kind("progress", GoldenDeploymentTest::progress)
        .kind("rollout", recorded -> new Rollout(recorded).check())
        .kind("sync-recreate", GoldenDeploymentTest::sync)
        .kind("sync-rolling", GoldenDeploymentTest::sync)
        .kind("sync-scaling", GoldenDeploymentTest::sync)
        .kind("sync-steady", GoldenDeploymentTest::sync)
        .score();
  }

  private static void fenceposts(JsonNode recorded) {
    Object surge = GoldenCluster.tree(recorded.get("maxSurge"));
    Object unavailable = GoldenCluster.tree(recorded.get("maxUnavailable"));
    long replicas = recorded.get("replicas").asLong();
    Replicas.Fenceposts resolved = Replicas.resolveFenceposts(surge, unavailable, replicas);
    assertThat(resolved.surge()).isEqualTo(recorded.get("resolvedSurge").asLong());
    assertThat(resolved.unavailable()).isEqualTo(recorded.get("resolvedUnavailable").asLong());
    KubeObject deployment = rolling(replicas, surge, unavailable);
    assertThat(Replicas.maxSurge(deployment)).isEqualTo(recorded.get("MaxSurge").asLong());
    assertThat(Replicas.maxUnavailable(deployment))
        .isEqualTo(recorded.get("MaxUnavailable").asLong());
    assertThat(Replicas.minAvailable(deployment)).isEqualTo(recorded.get("MinAvailable").asLong());
  }

  private static KubeObject rolling(long replicas, Object surge, Object unavailable) {
    KubeMap knobs = KubeMap.of("maxSurge", surge, "maxUnavailable", unavailable);
    return KubeObject.of(ResourceType.DEPLOYMENTS, KubeMap.of("name", "web"))
        .withSpec(
            KubeMap.of(
                "replicas",
                replicas,
                "strategy",
                KubeMap.of("type", "RollingUpdate", "rollingUpdate", knobs)));
  }

  private static void progress(JsonNode recorded) {
    Instant now = Instant.parse(NOW);
    JsonNode deadline = recorded.get("progressDeadlineSeconds");
    JsonNode reason = recorded.get("progressingReason");
    KubeObject deployment =
        KubeObject.of(
                ResourceType.DEPLOYMENTS,
                KubeMap.of("name", "web", "generation", recorded.get("generation").asLong()))
            .withSpec(
                KubeMap.of(
                    "replicas",
                    recorded.get("specReplicas").asLong(),
                    "progressDeadlineSeconds",
                    deadline.isNull() ? null : (Long) deadline.asLong()))
            .withStatus((KubeMap) GoldenCluster.tree(recorded.get("oldStatus")));
    KubeMap status = (KubeMap) GoldenCluster.tree(recorded.get("newStatus"));
    if (!reason.isNull() && !reason.asText().isEmpty()) {
      Instant updated = now.minusSeconds(recorded.get("progressingLastUpdateSecondsAgo").asLong());
      status =
          Conditions.with(
              status,
              KubeMap.of(
                  "type",
                  "Progressing",
                  "status",
                  "True",
                  "reason",
                  reason.asText(),
                  "lastUpdateTime",
                  updated.toString()));
    }
    assertThat(Progress.complete(deployment, status))
        .as("complete")
        .isEqualTo(recorded.get("complete").asBoolean());
    assertThat(Progress.progressing(deployment, status))
        .as("progressing")
        .isEqualTo(recorded.get("progressing").asBoolean());
    assertThat(Progress.timedOut(deployment, status, now))
        .as("timed out")
        .isEqualTo(recorded.get("timedOut").asBoolean());
  }

  private static void sync(JsonNode recorded) {
    Syncs syncs = new Syncs(recorded.get("now").asText());
    KubeObject deployment =
        syncs.cluster.load(ResourceType.DEPLOYMENTS, recorded.get("deployment"));
    List<KubeObject> replicaSets =
        syncs.cluster.loadAll(ResourceType.REPLICA_SETS, recorded.get("replicaSets"));
    List<KubeObject> pods = syncs.cluster.loadAll(ResourceType.PODS, recorded.path("pods"));
    syncs.sync(deployment, replicaSets, pods);
    assertThat(syncs.actions()).isEqualTo(recorded.get("actions"));
    List<String> events = new ArrayList<>();
    recorded.path("events").forEach(event -> events.add(event.asText()));
    assertThat(syncs.cluster.events).map(syncs::withoutHash).isEqualTo(events);
  }

  /** Syncs and what they write. */
  private static final class Syncs {
    private final String now;
    final GoldenCluster cluster;
    private final DeploymentController controller;
    private final Map<String, KubeObject> known = new LinkedHashMap<>();
    private final ArrayNode actions = JsonNodeFactory.instance.arrayNode();
    private String hash = "no hash yet";

    Syncs(String now) {
      this.now = now;
      this.cluster = new GoldenCluster(now);
      this.controller = new DeploymentController(cluster.server);
      controller.client().listen(this::write);
    }

    void sync(KubeObject deployment, List<KubeObject> replicaSets, List<KubeObject> pods) {
      known.put(deployment.name(), deployment);
      replicaSets.forEach(replicaSet -> known.put(replicaSet.name(), replicaSet));
      controller.syncDeployment(
          deployment,
          replicaSets,
          replicaSet -> pods.stream().filter(p -> p.controlledBy(replicaSet.uid())).toList());
    }

    private void write(String verb, ObjectKey key, String subresource, @Nullable KubeObject sent) {
      ObjectNode action = actions.addObject();
      action.put("verb", verb).put("resource", key.type().plural());
      if (!subresource.isEmpty()) {
        action.put("subresource", subresource);
      }
      if (key.type().equals(ResourceType.REPLICA_SETS)) {
        action.put("name", key.name());
      }
      if (sent == null) {
        return;
      }
      KubeObject before = known.get(key.name());
      if (before == null || !before.annotations().equals(sent.annotations())) {
        action.set("annotations", GoldenCluster.json(sent.annotations()));
      }
      if (key.type().equals(ResourceType.DEPLOYMENTS)) {
        action.set("status", GoldenCluster.json(sent.status()));
        return;
      }
      if (before == null) {
        hash = sent.labels().string("pod-template-hash", "");
        action.set("labels", GoldenCluster.json(sent.labels()));
        action.set("selector", leaf(sent, "spec", "selector", "matchLabels"));
        action.set("templateLabels", leaf(sent, "spec", "template", "metadata", "labels"));
      }
      if (before == null || !replicas(before).equals(replicas(sent))) {
        action.set("replicas", leaf(sent, "spec", "replicas"));
      }
    }

    private static JsonNode leaf(KubeObject object, String... path) {
      Object leaf = object.at(path);
      return leaf == null ? JsonNodeFactory.instance.nullNode() : GoldenCluster.json(leaf);
    }

    private static Object replicas(KubeObject replicaSet) {
      Object replicas = replicaSet.at("spec", "replicas");
      return replicas == null ? "none" : replicas;
    }

    String withoutHash(String text) {
      return text.replace(hash, "$HASH");
    }

    JsonNode actions() throws IllegalStateException {
      try {
        return GoldenLedger.JSON.readTree(withoutHash(actions.toString()).replace(now, "NOW"));
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  /** A whole rolling update, with ReplicaSets that obey at once. */
  private static final class Rollout {
    private final JsonNode recorded;
    private final Syncs syncs = new Syncs(NOW);
    private final List<String> sequence = new ArrayList<>();
    private final Map<String, Long> sizes = new LinkedHashMap<>();
    private final ObjectKey deploymentKey =
        ObjectKey.of(ResourceType.DEPLOYMENTS, "default", "web");
    private boolean changed;

    Rollout(JsonNode recorded) {
      this.recorded = recorded;
    }

    void check() {
      load();
      sizes.put("web-old", recorded.get("replicas").asLong());
      syncs.controller.client().listen(this::write);
      for (int i = 0; i < SYNCS_MAX; i++) {
        changed = false;
        long revision = syncs.cluster.server.revision();
        syncs.sync(deployment(), replicaSets(), List.of());
        obey(false);
        if (!changed && syncs.cluster.server.revision() == revision && !becomeReady()) {
          break;
        }
      }
      List<String> expected = new ArrayList<>();
      recorded.get("sequence").forEach(item -> expected.add(item.toString()));
      assertThat(sequence).isEqualTo(expected);
      KubeMap status = deployment().status();
      recorded
          .get("finalStatus")
          .properties()
          .forEach(
              count ->
                  assertThat(status.number(count.getKey(), 0))
                      .as(count.getKey())
                      .isEqualTo(count.getValue().asLong()));
      KubeMap progressing = Conditions.find(status, "Progressing");
      assertThat(progressing == null ? "" : progressing.string("reason", ""))
          .isEqualTo(recorded.get("finalProgressingReason").asText());
    }

    private KubeObject deployment() {
      return GoldenCluster.unversioned(syncs.cluster.server.get(deploymentKey));
    }

    private List<KubeObject> replicaSets() {
      return syncs.cluster.server.list(ResourceType.REPLICA_SETS).stream()
          .map(GoldenCluster::unversioned)
          .toList();
    }

    private void load() {
      long replicas = recorded.get("replicas").asLong();
      KubeMap labels = KubeMap.of("app", "web");
      KubeObject deployment =
          rolling(
              replicas,
              GoldenCluster.tree(recorded.get("maxSurge")),
              GoldenCluster.tree(recorded.get("maxUnavailable")));
      KubeMap spec =
          deployment
              .spec()
              .with("selector", KubeMap.of("matchLabels", labels))
              .with("progressDeadlineSeconds", 600L)
              .with("template", template(labels, "img:v2"));
      KubeMap metadata =
          KubeMap.of("name", "web", "namespace", "default", "uid", "d-uid", "generation", 2L);
      KubeMap full =
          KubeMap.of(
              "replicas", replicas, "readyReplicas", replicas, "availableReplicas", replicas);
      syncs.cluster.load(
          ResourceType.DEPLOYMENTS,
          GoldenCluster.json(
              KubeMap.of(
                  "metadata",
                  metadata,
                  "spec",
                  spec,
                  "status",
                  full.with("updatedReplicas", replicas).with("observedGeneration", 1L))));
      KubeMap hashed = labels.with("pod-template-hash", "old");
      long most = replicas + Replicas.maxSurge(deployment);
      KubeMap owner =
          KubeMap.of(
              "apiVersion", "apps/v1",
              "kind", "Deployment",
              "name", "web",
              "uid", "d-uid",
              "controller", true,
              "blockOwnerDeletion", true);
      KubeMap oldMetadata =
          KubeMap.of(
              "name", "web-old",
              "namespace", "default",
              "uid", "rs-old",
              "creationTimestamp", "2026-02-01T00:00:00Z",
              "labels", hashed,
              "annotations",
                  KubeMap.of(
                      "deployment.kubernetes.io/desired-replicas", Long.toString(replicas),
                      "deployment.kubernetes.io/max-replicas", Long.toString(most),
                      "deployment.kubernetes.io/revision", "1"),
              "ownerReferences", KubeList.of(owner));
      KubeMap oldSpec =
          KubeMap.of(
              "replicas", replicas,
              "selector", KubeMap.of("matchLabels", hashed),
              "template", template(hashed, "img:v1"));
      syncs.cluster.load(
          ResourceType.REPLICA_SETS,
          GoldenCluster.json(KubeMap.of("metadata", oldMetadata, "spec", oldSpec, "status", full)));
    }

    private static KubeMap template(KubeMap labels, String image) {
      return KubeMap.of(
          "metadata",
          KubeMap.of("labels", labels),
          "spec",
          KubeMap.of("containers", KubeList.of(KubeMap.of("name", "c", "image", image))));
    }

    private void write(String verb, ObjectKey key, String subresource, @Nullable KubeObject sent) {
      if (sent == null || !key.type().equals(ResourceType.REPLICA_SETS)) {
        return;
      }
      long from = sizes.getOrDefault(key.name(), 0L);
      long to = sent.spec().number("replicas", 0);
      if (verb.equals("create") || from != to) {
        String which = key.name().equals("web-old") ? "old" : "new";
        sequence.add("[\"" + which + "\"," + from + "," + to + "]");
        sizes.put(key.name(), to);
        changed = true;
      }
    }

    /** ReplicaSet status follows spec; available pods are what is left of them. */
    private void obey(boolean more) {
      for (KubeObject replicaSet : replicaSets()) {
        long size = replicaSet.spec().number("replicas", 0);
        boolean old = replicaSet.name().equals("web-old");
        long available = Math.min(replicaSet.status().number("availableReplicas", 0), size);
        if (more && !old) {
          available = recorded.get("becomeReady").asText().equals("all") ? size : available + 1;
        }
        KubeMap status =
            KubeMap.of(
                "replicas", size, "readyReplicas", available, "availableReplicas", available);
        syncs.cluster.server.updateStatus(ResourceType.REPLICA_SETS, replicaSet.withStatus(status));
      }
    }

    private boolean becomeReady() {
      boolean never = recorded.get("becomeReady").asText().equals("never");
      boolean missing =
          replicaSets().stream()
              .filter(replicaSet -> !replicaSet.name().equals("web-old"))
              .anyMatch(
                  replicaSet ->
                      replicaSet.status().number("availableReplicas", 0)
                          < replicaSet.spec().number("replicas", 0));
      if (never || !missing) {
        return false;
      }
      sequence.add("\"ready\"");
      obey(true);
      return true;
    }
  }
}
