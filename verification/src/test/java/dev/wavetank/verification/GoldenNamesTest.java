package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Names;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Generated names and hashes as upstream's own code makes them. */
class GoldenNamesTest {

  @Test
  void names() {
    GoldenCases.vectors("names")
        .kind("safe-encode", GoldenNamesTest::safeEncode)
        .kind("generate-name", GoldenNamesTest::generateName)
        .kind("controller-revision", GoldenNamesTest::controllerRevision)
        .kind("fnv", GoldenNamesTest::fnv)
        .kind("pod-template-hash-info", GoldenNamesTest::podTemplateHash)
        .score();
  }

  private static String text(JsonNode recorded, String field) {
    return recorded.get(field).asText();
  }

  private static void safeEncode(JsonNode recorded) {
    assertThat(Names.safeEncode(text(recorded, "in"))).isEqualTo(text(recorded, "out"));
  }

  private static void generateName(JsonNode recorded) {
    String prefix = Names.generatedPrefix(text(recorded, "generateName"));
    assertThat(prefix).isEqualTo(text(recorded, "prefix"));
    assertThat(Names.SUFFIX_LENGTH).isEqualTo(recorded.get("suffixLength").asInt());
    assertThat(Names.ALPHABET).isEqualTo(text(recorded, "suffixAlphabet"));
    assertThat(prefix.length() + Names.SUFFIX_LENGTH)
        .isEqualTo(recorded.get("totalLength").asInt());
  }

  private static @Nullable Long collisions(JsonNode recorded) {
    return recorded.has("collisionCount") ? recorded.get("collisionCount").asLong() : null;
  }

  private static void controllerRevision(JsonNode recorded) {
    String hash = Names.controllerRevisionHash(text(recorded, "dataRaw"), collisions(recorded));
    assertThat(hash).isEqualTo(text(recorded, "hash"));
    assertThat(Names.controllerRevisionName(text(recorded, "setName"), hash))
        .isEqualTo(text(recorded, "revisionName"));
  }

  private static void fnv(JsonNode recorded) {
    byte[] bytes = text(recorded, "in").getBytes(StandardCharsets.UTF_8);
    int fnv1 = Names.fnv132(bytes);
    int fnv1a = Names.fnv1a32(bytes);
    assertThat(Integer.toUnsignedLong(fnv1)).isEqualTo(recorded.get("fnv1_32").asLong());
    assertThat(Names.safeEncode(fnv1)).isEqualTo(text(recorded, "fnv1_32Encoded"));
    assertThat(Integer.toUnsignedLong(fnv1a)).isEqualTo(recorded.get("fnv1a32").asLong());
    assertThat(Names.safeEncode(fnv1a)).isEqualTo(text(recorded, "fnv1a32Encoded"));
  }

  private static void podTemplateHash(JsonNode recorded) {
    KubeMap template = (KubeMap) GoldenCluster.tree(recorded.get("template"));
    assertThat(Names.podTemplateHash(template, collisions(recorded)))
        .isEqualTo(text(recorded, "podTemplateHash"));
  }
}
