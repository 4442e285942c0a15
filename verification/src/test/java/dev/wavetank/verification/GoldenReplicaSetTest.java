package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.controller.replicaset.ActivePodsWithRanks;
import dev.wavetank.core.controller.replicaset.ReplicaSetController;
import dev.wavetank.core.controller.replicaset.SlowStart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The ReplicaSet controller against recordings of the real one. */
class GoldenReplicaSetTest {

  @Test
  void replicaSet() {
    GoldenCases.vectors("replicaset")
        .kind("deletion-order", GoldenReplicaSetTest::deletionOrder)
        .kind("slow-start", GoldenReplicaSetTest::slowStart)
        .kind("sync", recorded -> new Sync(recorded).check())
        .score();
  }

  private static void deletionOrder(JsonNode recorded) {
    List<KubeObject> pods = new ArrayList<>();
    recorded.get("pods").forEach(pod -> pods.add(KubeObject.of((KubeMap) GoldenCluster.tree(pod))));
    List<KubeObject> related = new ArrayList<>(pods);
    for (JsonNode sibling : recorded.path("siblingPods")) {
      related.add(
          KubeObject.of(
              KubeMap.of(
                  "metadata",
                  KubeMap.of("name", sibling.path("name").asText()),
                  "spec",
                  KubeMap.of("nodeName", sibling.path("nodeName").asText()),
                  "status",
                  KubeMap.of("phase", sibling.path("phase").asText()))));
    }
    List<String> expected = new ArrayList<>();
    recorded.get("deletionOrder").forEach(name -> expected.add(name.asText()));
    assertThat(
            ActivePodsWithRanks.deletionOrder(
                pods, related, Instant.parse(recorded.get("now").asText())))
        .map(KubeObject::name)
        .isEqualTo(expected);
  }

  private static void slowStart(JsonNode recorded) {
    int succeed = recorded.get("callsThatSucceed").asInt();
    int[] calls = {0};
    SlowStart done =
        SlowStart.batch(
            recorded.get("count").asInt(),
            recorded.get("initialBatchSize").asInt(),
            () -> {
              if (++calls[0] > succeed && succeed >= 0) {
                throw new ApiException(Status.internalError("no more"));
              }
            });
    assertThat(calls[0]).isEqualTo(recorded.get("calls").asInt());
    assertThat(done.successes()).isEqualTo(recorded.get("successes").asInt());
    assertThat(done.failure() != null).isEqualTo(recorded.get("failed").asBoolean());
  }

  /** One sync of a ReplicaSet and what it writes. */
  private static final class Sync {
    private final JsonNode recorded;
    private final GoldenCluster cluster;
    private final List<String> deleted = new ArrayList<>();
    private final List<String> patches = new ArrayList<>();
    private int created;
    private int createCalls;
    private @Nullable KubeMap status;

    Sync(JsonNode recorded) {
      this.recorded = recorded;
      this.cluster = new GoldenCluster(recorded.get("now").asText());
    }

    void check() {
      KubeObject replicaSet = cluster.load(ResourceType.REPLICA_SETS, recorded.get("replicaSet"));
      List<KubeObject> pods = cluster.loadAll(ResourceType.PODS, recorded.path("pods"));
      pods.removeIf(pod -> pod.controllerRef() != null && !pod.controlledBy(replicaSet.uid()));
      ReplicaSetController controller = new ReplicaSetController(cluster.server);
      controller.client().listen(this::write);
      limitCreations();
      cluster.server.listen(commit -> patched(commit.before(), commit.after()));
      String error = "";
      try {
        controller.syncReplicaSet(replicaSet, pods);
      } catch (ApiException e) {
        error = e.status().message();
      }
      assertThat(created).as("created").isEqualTo(recorded.get("created").asInt());
      assertThat(createCalls).as("calls").isEqualTo(recorded.get("createCalls").asInt());
      assertThat(deleted)
          .as("deleted")
          .containsExactlyInAnyOrderElementsOf(texts(recorded.path("deleted")));
      assertThat(patches)
          .as("patches")
          .containsExactlyInAnyOrderElementsOf(texts(recorded.path("podPatches")));
      assertThat(error).as("error").isEqualTo(recorded.path("error").asText());
      assertThat(status()).isEqualTo(recorded.get("statusUpdate"));
    }

    private static List<String> texts(JsonNode list) {
      List<String> texts = new ArrayList<>();
      list.forEach(text -> texts.add(text.asText()));
      return texts;
    }

    private JsonNode status() {
      if (status == null) {
        return JsonNodeFactory.instance.nullNode();
      }
      JsonNode json = GoldenCluster.json(status);
      for (JsonNode condition : json.path("conditions")) {
        ((ObjectNode) condition).remove("lastTransitionTime");
      }
      return json;
    }

    private void limitCreations() {
      if (!recorded.has("creationsThatSucceed")) {
        return;
      }
      int limit = recorded.get("creationsThatSucceed").asInt();
      cluster.server.admit(
          (type, object, before) -> {
            if (before == null && type.equals(ResourceType.PODS) && createCalls > limit) {
              String why =
                  "not creating pod, limit "
                      + limit
                      + " already reached (create call "
                      + createCalls
                      + ")";
              throw new ApiException(
                  new Status(403, "Forbidden", why, type, object.name(), ImmutableList.of()));
            }
            return object;
          });
    }

    private void write(String verb, ObjectKey key, String subresource, @Nullable KubeObject sent) {
      if (key.type().equals(ResourceType.REPLICA_SETS) && sent != null) {
        status = sent.status();
      } else if (verb.equals("create")) {
        createCalls++;
      } else if (verb.equals("delete")) {
        deleted.add(key.name());
      }
    }

    private void patched(@Nullable KubeObject before, @Nullable KubeObject after) {
      if (after == null || !after.kind().equals("Pod")) {
        return;
      }
      if (before == null) {
        created++;
        return;
      }
      KubeMap owner = after.controllerRef();
      if (before.ownerReferences().equals(after.ownerReferences())) {
        return;
      }
      KubeMap metadata =
          owner != null
              ? KubeMap.of("ownerReferences", after.ownerReferences(), "uid", after.uid())
              : KubeMap.of(
                  "uid",
                  after.uid(),
                  "ownerReferences",
                  dev.wavetank.core.api.KubeList.of(
                      KubeMap.of("$patch", "delete", "uid", "rs-uid")));
      patches.add(KubeMap.of("metadata", metadata).toString());
    }
  }
}
