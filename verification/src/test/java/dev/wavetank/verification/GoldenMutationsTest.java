package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.apiserver.controlplane.Bootstrap;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Systematically broken manifests against the answers of a real API server. */
class GoldenMutationsTest {

  /** Kinds that this server serves; the cases of others are not counted. */
  private static final ImmutableList<String> KINDS =
      ImmutableList.of("Pod", "Deployment", "Service", "ConfigMap", "Namespace", "Lease");

  @Test
  void create() {
    GoldenCases.recordings(
            "manifests/mutations-create",
            directory -> read(directory.resolve("manifests/mutations-create.json")))
        .every(GoldenMutationsTest::checkCreate)
        .score();
  }

  @Test
  void update() {
    GoldenCases.recordings(
            "manifests/mutations-update",
            directory -> read(directory.resolve("manifests/mutations-update.json")))
        .every(GoldenMutationsTest::checkUpdate)
        .score();
  }

  private static List<GoldenCase> read(Path file) {
    List<GoldenCase> cases = new ArrayList<>();
    if (!Files.exists(file)) {
      return cases;
    }
    try {
      int group = 0;
      for (JsonNode recorded : GoldenLedger.JSON.readTree(file.toFile())) {
        String kind = recorded.get("base").get("kind").asText();
        group++;
        int number = 0;
        for (JsonNode mutation : recorded.get("cases")) {
          ObjectNode json = mutation.deepCopy();
          json.set("base", recorded.get("base"));
          String id = kind + "-" + group + String.format("%04d", number++);
          if (KINDS.contains(kind)) {
            cases.add(new GoldenCase(id, json));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
    return cases;
  }

  private static ApiServer server() {
    Simulation simulation = new Simulation(Choices.first());
    ApiServer server = new ApiServer(simulation, new Latencies(0, 0, 0, 0));
    ApiServerConfiguration configuration =
        new ApiServerConfiguration(
            IpAddress.parse("10.96.0.0"), 16, IpAddress.parse("192.0.2.1"), 6443);
    configuration.install(server);
    new Bootstrap(server, configuration).create();
    server.create(
        ResourceType.NAMESPACES, KubeObject.of(ResourceType.NAMESPACES, KubeMap.of("name", "mut")));
    return server;
  }

  private static void checkCreate(JsonNode recorded) {
    assertThat(recorded.get("code").asInt()).as("refused while decoding").isNotEqualTo(400);
    JsonNode mutated = mutate(recorded);
    ApiServer server = server();
    KubeObject object = KubeObject.of((KubeMap) GoldenCluster.tree(mutated));
    ResourceType type =
        server.typeOf(
            recorded.get("base").get("apiVersion").asText(),
            recorded.get("base").get("kind").asText());
    assertThat(type).as("the kind is served").isNotNull();
    KubeObject sent = type.namespaced() ? object.with("mut", "metadata", "namespace") : object;
    compare(recorded, refusal(() -> server.create(type, sent, true)));
  }

  private static void checkUpdate(JsonNode recorded) {
    assertThat(recorded.get("code").asInt()).as("refused while decoding").isNotEqualTo(400);
    ApiServer server = server();
    KubeObject base = KubeObject.of((KubeMap) GoldenCluster.tree(recorded.get("base")));
    ResourceType type = server.typeOf(base.apiVersion(), base.kind());
    assertThat(type).as("the kind is served").isNotNull();
    KubeObject created = server.create(type, base);
    ObjectNode live = (ObjectNode) GoldenCluster.json(created.root());
    ObjectNode with = recorded.deepCopy();
    with.set("base", live);
    KubeObject changed = KubeObject.of((KubeMap) GoldenCluster.tree(mutate(with)));
    compare(recorded, refusal(() -> server.update(type, changed, true)));
  }

  private static @Nullable ApiException refusal(Runnable request) {
    try {
      request.run();
      return null;
    } catch (ApiException e) {
      return e;
    }
  }

  private static void compare(JsonNode recorded, @Nullable ApiException refusal) {
    int code = recorded.get("code").asInt();
    if (code < 300) {
      assertThat(refusal).isNull();
      return;
    }
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo(code);
    String expected = recorded.get("status").get("message").asText();
    assertThat(firstLine(refusal.getMessage())).isEqualTo(firstLine(expected));
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private static JsonNode mutate(JsonNode recorded) {
    JsonNode root = recorded.get("base").deepCopy();
    JsonPointer pointer = JsonPointer.compile(recorded.get("path").asText());
    JsonNode parent = root.at(pointer.head());
    String last = pointer.last().getMatchingProperty();
    boolean remove = recorded.get("op").asText().equals("remove");
    if (parent instanceof ObjectNode object) {
      if (remove) {
        object.remove(last);
      } else {
        object.set(last, recorded.get("value"));
      }
    } else if (parent instanceof ArrayNode array) {
      int index = pointer.last().getMatchingIndex();
      if (remove) {
        array.remove(index);
      } else if (recorded.get("op").asText().equals("add")) {
        array.insert(index, recorded.get("value"));
      } else {
        array.set(index, recorded.get("value"));
      }
    } else {
      throw new IllegalArgumentException("nothing at " + pointer);
    }
    return root;
  }
}
