package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.http.ApiHandler;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import dev.wavetank.core.apiserver.http.ContainerLogs;
import dev.wavetank.core.container.ContainerLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Other people's manifests against the answers of a real API server. */
class GoldenVerdictsTest {

  private static final ImmutableList<String> GENERATED =
      ImmutableList.of("uid", "creationTimestamp", "resourceVersion", "managedFields");

  static final ContainerLogs NO_LOGS =
      new ContainerLogs() {
        @Override
        public ContainerLog log(KubeObject pod, String container, boolean previous) {
          return new ContainerLog(0, ImmutableList.of(), false);
        }

        @Override
        public boolean open(KubeObject pod, String container) {
          return false;
        }
      };

  private static JsonNode namespaces;

  @Test
  void verdicts() {
    GoldenCases.recordings("manifests/verdicts", GoldenVerdictsTest::read)
        .every(GoldenVerdictsTest::check)
        .score();
  }

  private static List<GoldenCase> read(Path directory) {
    Path file = directory.resolve("manifests/verdicts.json");
    List<GoldenCase> cases = new ArrayList<>();
    if (!Files.exists(file)) {
      return cases;
    }
    try {
      namespaces =
          GoldenLedger.JSON
              .readTree(directory.resolve("manifests/index.json").toFile())
              .get("fixtureNamespaces");
      for (JsonNode recorded : GoldenLedger.JSON.readTree(file.toFile())) {
        if (recorded.has("manifest") && served(recorded)) {
          cases.add(new GoldenCase(recorded.get("id").asText(), recorded));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
    return cases;
  }

  /** Kinds that are not served yet are not counted. */
  private static boolean served(JsonNode recorded) {
    String kind = recorded.get("kind").asText();
    ApiServer server = GoldenMutationsTest.server();
    for (ResourceType type : server.types()) {
      if (type.kind().equals(kind) && Schema.builtIn().kindOf(type) != null) {
        return true;
      }
    }
    return false;
  }

  private static ApiServer server(String kind) {
    ApiServer server = GoldenMutationsTest.server();
    for (JsonNode name : namespaces) {
      KubeObject namespace =
          KubeObject.of(ResourceType.NAMESPACES, KubeMap.of("name", name.asText()));
      boolean absent = server.find(namespace.key(ResourceType.NAMESPACES)) == null;
      if (absent && !kind.equals("Namespace")) {
        server.create(ResourceType.NAMESPACES, namespace);
      }
    }
    return server;
  }

  /** Each manifest is sent byte for byte, as the recording did. */
  private static void check(JsonNode recorded) {
    ApiServer server = server(recorded.get("kind").asText());
    if (recorded.get("verdict").asText().equals("no-match")) {
      String kind = recorded.get("kind").asText();
      assertThat(server.typeOf(recorded.get("apiVersion").asText(), kind)).isNull();
      return;
    }
    ApiRequest request =
        new ApiRequest(
            "POST",
            "/"
                + recorded.get("post").asText().replaceFirst("^/", "")
                + "?dryRun=All&fieldValidation=Strict&fieldManager=verdict",
            ImmutableMap.of("Content-Type", recorded.get("contentType").asText()),
            recorded.get("manifest").asText().getBytes(StandardCharsets.UTF_8));
    ApiResponse[] answer = new ApiResponse[1];
    ApiHandler handler = new ApiHandler(server, NO_LOGS, "127.0.0.1:6443");
    server.simulation().act("client/request", "verdict", () -> answer[0] = handler.handle(request));
    KubeMap body = (KubeMap) Json.read(new String(answer[0].body(), StandardCharsets.UTF_8));
    if (recorded.get("verdict").asText().equals("accepted")) {
      assertThat(answer[0].code()).as(body.string("message", "")).isEqualTo(201);
      assertThat(comparable(KubeObject.of(body), recorded.get("object")))
          .isEqualTo(GoldenCluster.tree(recorded.get("object")));
      return;
    }
    assertThat(answer[0].code()).as("not refused").isEqualTo(recorded.get("code").asInt());
    assertThat(body.string("message", ""))
        .isEqualTo(recorded.get("status").get("message").asText());
  }

  /** Without what differs in every cluster, with the recording's words for what was allocated. */
  private static Object comparable(KubeObject created, JsonNode recorded) {
    KubeMap metadata = created.metadata();
    for (String field : GENERATED) {
      metadata = metadata.without(field);
    }
    KubeMap root = created.withMetadata(metadata).root().without("status");
    return replaced(root, GoldenCluster.tree(recorded));
  }

  private static Object replaced(Object ours, Object theirs) {
    if (theirs instanceof String word && word.startsWith("<") && word.endsWith(">")) {
      return word;
    }
    if (theirs instanceof String word && word.startsWith("kube-api-access-")) {
      return String.valueOf(ours).matches("kube-api-access-[a-z0-9]{5}") ? word : ours;
    }
    if (ours instanceof KubeMap map && theirs instanceof KubeMap others) {
      KubeMap result = map;
      for (int i = 0; i < map.size(); i++) {
        Object other = others.get(map.keyAt(i));
        if (other != null) {
          result = result.with(map.keyAt(i), replaced(map.valueAt(i), other));
        }
      }
      return result;
    }
    if (ours instanceof KubeList list && theirs instanceof KubeList others) {
      KubeList result = list;
      for (int i = 0; i < Math.min(list.size(), others.size()); i++) {
        result = result.with(i, replaced(list.get(i), others.get(i)));
      }
      return result;
    }
    return ours;
  }
}
