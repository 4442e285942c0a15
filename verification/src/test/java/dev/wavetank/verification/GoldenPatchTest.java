package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.apiserver.patch.JsonPatch;
import dev.wavetank.core.apiserver.patch.MergePatch;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.apiserver.patch.PatchException;
import dev.wavetank.core.apiserver.patch.PatchType;
import dev.wavetank.core.apiserver.patch.StrategicMergePatch;
import dev.wavetank.core.apiserver.patch.ThreeWay;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Patches that upstream's own functions made and applied. */
class GoldenPatchTest {

  @Test
  void patch() {
    GoldenCases.vectors("patch")
        .kind("smp-twoway", GoldenPatchTest::twoWay)
        .kind("smp-threeway", GoldenPatchTest::threeWay)
        .kind("smp-hand", GoldenPatchTest::byHand)
        .kind("json-merge-patch", GoldenPatchTest::mergePatch)
        .kind("json-merge-threeway", GoldenPatchTest::mergeThreeWay)
        .kind("json-patch", GoldenPatchTest::jsonPatch)
        .score();
  }

  private static Object tree(JsonNode recorded, String field) {
    return GoldenCluster.tree(recorded.path(field));
  }

  private static KubeMap map(JsonNode recorded, String field) {
    return recorded.has(field) ? (KubeMap) tree(recorded, field) : KubeMap.EMPTY;
  }

  private static SchemaType type(JsonNode recorded) {
    String kind = recorded.get("kind").asText();
    Schema schema = Schema.builtIn();
    SchemaType type = schema.kind(schema.apiVersions(kind).get(0), kind);
    assertThat(type).isNotNull();
    return type;
  }

  private static void twoWay(JsonNode recorded) {
    KubeMap original = map(recorded, "original");
    KubeMap patch =
        StrategicMergePatch.between(type(recorded), original, map(recorded, "modified"));
    assertThat(patch).isEqualTo(map(recorded, "patch"));
    KubeMap target = recorded.has("applyTo") ? map(recorded, "applyTo") : original;
    assertThat(StrategicMergePatch.apply(type(recorded), target, patch))
        .isEqualTo(map(recorded, "result"));
  }

  private static void threeWay(JsonNode recorded) {
    KubeMap current = map(recorded, "current");
    KubeMap patch =
        ThreeWay.strategic(
            type(recorded), map(recorded, "original"), map(recorded, "modified"), current);
    assertThat(patch).isEqualTo(map(recorded, "patch"));
    assertThat(StrategicMergePatch.apply(type(recorded), current, patch))
        .isEqualTo(map(recorded, "result"));
  }

  private static void mergeThreeWay(JsonNode recorded) {
    KubeMap current = map(recorded, "current");
    KubeMap patch = ThreeWay.merge(map(recorded, "original"), map(recorded, "modified"), current);
    assertThat(patch).isEqualTo(map(recorded, "patch"));
    assertThat(MergePatch.apply(current, patch)).isEqualTo(tree(recorded, "result"));
  }

  private static void mergePatch(JsonNode recorded) {
    assertThat(MergePatch.apply(tree(recorded, "original"), tree(recorded, "patch")))
        .isEqualTo(tree(recorded, "result"));
  }

  private static void byHand(JsonNode recorded) {
    Patch patch = Patch.of(PatchType.STRATEGIC, recorded.get("patchText").asText());
    if (recorded.path("error").asText().equals("invalid JSON document")) {
      assertThat(failure(patch::tree).kind()).isEqualTo(PatchException.Kind.BAD_REQUEST);
      return;
    }
    KubeMap original = map(recorded, "original");
    compare(
        recorded,
        () -> StrategicMergePatch.apply(type(recorded), original, (KubeMap) patch.tree()));
  }

  private static void jsonPatch(JsonNode recorded) {
    Object operations = Json.read(recorded.get("patchText").asText());
    compare(recorded, () -> JsonPatch.apply(tree(recorded, "original"), operations));
  }

  private static void compare(JsonNode recorded, Supplier<Object> patched) {
    String error = recorded.path("error").asText(recorded.path("decodeError").asText(""));
    if (error.isEmpty()) {
      assertThat(patched.get()).isEqualTo(tree(recorded, "result"));
    } else {
      assertThat(failure(patched)).hasMessage(error);
    }
  }

  private static PatchException failure(Supplier<?> action) {
    try {
      Object unexpected = action.get();
      throw new AssertionError("not refused: " + unexpected);
    } catch (PatchException e) {
      return e;
    }
  }
}
