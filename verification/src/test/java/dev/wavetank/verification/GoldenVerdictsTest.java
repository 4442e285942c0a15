package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.apiserver.ApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Other people's manifests against the answers of a real API server. */
class GoldenVerdictsTest {

  private static final ImmutableList<String> GENERATED =
      ImmutableList.of("uid", "creationTimestamp", "resourceVersion", "managedFields");

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

  private static void check(JsonNode recorded) {
    ApiServer server = server(recorded.get("kind").asText());
    Manifest manifest = Manifests.parse("manifest", recorded.get("manifest").asText()).get(0);
    KubeObject sent = manifest.object();
    ResourceType type =
        server.typeOf(recorded.get("apiVersion").asText(), recorded.get("kind").asText());
    if (recorded.get("verdict").asText().equals("no-match")) {
      assertThat(type).isNull();
      return;
    }
    assertThat(type).isNotNull();
    KubeObject placed =
        type.namespaced() && sent.namespace().isEmpty()
            ? sent.with(namespace(recorded), "metadata", "namespace")
            : sent;
    try {
      KubeObject created = server.create(type, server.decode(type, placed, true), true);
      assertThat(recorded.get("verdict").asText()).as("not refused").isEqualTo("accepted");
      assertThat(comparable(created, recorded.get("object")))
          .isEqualTo(GoldenCluster.tree(recorded.get("object")));
    } catch (ApiException e) {
      assertThat(e.code()).as(e.getMessage()).isEqualTo(recorded.get("code").asInt());
      assertThat(e.getMessage()).isEqualTo(recorded.get("status").get("message").asText());
    }
  }

  private static String namespace(JsonNode recorded) {
    return recorded.get("post").asText().replaceAll("^.*/namespaces/([^/]*)/.*$", "$1");
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
