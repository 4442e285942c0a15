package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.Write;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.apiserver.controlplane.Bootstrap;
import dev.wavetank.core.apiserver.patch.Patch;
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

/**
 * Systematically broken manifests against the answers of a real API server. Cases of kinds that are
 * not served are not counted.
 */
class GoldenMutationsTest {

  /** What stands for the uid of an object in the recordings. */
  private static final String NO_UID = "<uid>";

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
    ApiServer server = server();
    try {
      int group = 0;
      for (JsonNode recorded : GoldenLedger.JSON.readTree(file.toFile())) {
        String kind = recorded.get("base").get("kind").asText();
        boolean served =
            server.typeOf(recorded.get("base").get("apiVersion").asText(), kind) != null;
        group++;
        int number = 0;
        for (JsonNode mutation : recorded.get("cases")) {
          ObjectNode json = mutation.deepCopy();
          json.set("base", recorded.get("base"));
          String id = kind + "-" + group + String.format("%04d", number++);
          if (served) {
            cases.add(new GoldenCase(id, json));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
    return cases;
  }

  /** The API server of a fresh cluster as the recordings had it, with namespace {@code mut}. */
  static ApiServer server() {
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
    ApiServer server = server();
    KubeObject object = KubeObject.of((KubeMap) GoldenCluster.tree(mutate(recorded)));
    ResourceType type = type(server, recorded.get("base"));
    compare(
        recorded,
        refusal(
            () -> {
              KubeObject decoded = server.decode(type, object, true);
              KubeObject sent =
                  type.namespaced() ? decoded.with("mut", "metadata", "namespace") : decoded;
              server.create(type, sent, true);
            }),
        NO_UID);
  }

  private static ResourceType type(ApiServer server, JsonNode base) {
    ResourceType type = server.typeOf(base.get("apiVersion").asText(), base.get("kind").asText());
    assertThat(type).as("the kind is served").isNotNull();
    return type;
  }

  /** The recording sent each change as a JSON patch of one operation. */
  private static void checkUpdate(JsonNode recorded) {
    ApiServer server = server();
    KubeObject base = KubeObject.of((KubeMap) GoldenCluster.tree(recorded.get("base")));
    ResourceType type = type(server, recorded.get("base"));
    KubeObject created = server.create(type, server.decode(type, base, true));
    KubeMap operation =
        KubeMap.of(
            "op",
            recorded.get("op").asText(),
            "path",
            recorded.get("path").asText(),
            "value",
            recorded.has("value") ? GoldenCluster.tree(recorded.get("value")) : null);
    Patch patch = Patch.json(KubeList.of(operation)).strict();
    compare(
        recorded,
        refusal(() -> server.patch(type, created.key(type), patch, Write.untracked(true))),
        created.uid());
  }

  private static @Nullable ApiException refusal(Runnable request) {
    try {
      request.run();
      return null;
    } catch (ApiException e) {
      return e;
    }
  }

  private static void compare(JsonNode recorded, @Nullable ApiException refusal, String uid) {
    int code = recorded.get("code").asInt();
    if (code < 300) {
      assertThat(refusal).isNull();
      return;
    }
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo(code);
    String expected = recorded.get("status").get("message").asText();
    String message = String.valueOf(refusal.getMessage()).replace(uid, NO_UID);
    assertThat(firstLine(message)).isEqualTo(firstLine(expected));
  }

  /** Without the textual diff, and without the name that was drawn for the token's volume. */
  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    return line.replaceAll("kube-api-access-[a-z0-9]{5}", "kube-api-access-<rand>");
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
