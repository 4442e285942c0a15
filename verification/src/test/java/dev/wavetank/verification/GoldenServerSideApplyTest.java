package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Names;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.apiserver.managedfields.FieldManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sequences of applies and updates with the owners of fields after each, as upstream has them. */
class GoldenServerSideApplyTest {

  private static final String TIME = "2026-01-01T00:00:00Z";

  @Test
  void sequences() {
    GoldenCases.vectors("server-side-apply").every(GoldenServerSideApplyTest::check).score();
  }

  private static void check(JsonNode recorded) {
    String group = recorded.get("group").asText();
    String version = recorded.get("version").asText();
    String apiVersion = group.isEmpty() ? version : group + "/" + version;
    String kind = recorded.get("kind").asText();
    FieldManager fields = FieldManager.of(Schema.builtIn().kind(apiVersion, kind), apiVersion, "");
    KubeObject live = KubeObject.of(KubeMap.of("apiVersion", apiVersion, "kind", kind));
    for (JsonNode step : recorded.get("steps")) {
      KubeObject sent = KubeObject.of((KubeMap) Json.read(step.get("object").toString()));
      String manager = step.get("manager").asText();
      KubeObject next;
      try {
        next =
            step.get("op").asText().equals("apply")
                ? fields.apply(live, sent, manager, step.get("force").asBoolean(), TIME)
                : fields.update(live, withOwnersOf(live, sent), manager, TIME);
      } catch (ApiException e) {
        assertThat(e.getMessage()).isEqualTo(step.path("error").asText());
        assertThat(e.reason()).isEqualTo(step.path("reason").asText());
        assertThat(causes(e)).isEqualTo(recordedCauses(step));
        continue;
      }
      assertThat(step.path("error").asText()).isEmpty();
      assertThat(Names.sorted(owners(next)).toString())
          .isEqualTo(Names.sorted(Json.read(step.get("managedFields").toString())).toString());
      KubeMap bare = next.metadata().without("managedFields");
      assertThat(Names.sorted(next.withMetadata(bare).root()).toString())
          .isEqualTo(Names.sorted(Json.read(step.get("live").toString())).toString());
      live = next;
    }
  }

  private static KubeObject withOwnersOf(KubeObject live, KubeObject sent) {
    return sent.with(live.metadata().get("managedFields"), "metadata", "managedFields");
  }

  /** Sorted: which manager comes first is up to the order of a map of Go. */
  private static List<String> recordedCauses(JsonNode step) {
    List<String> causes = new ArrayList<>();
    step.path("causes").forEach(cause -> causes.add(cause.toString()));
    causes.sort(null);
    return causes;
  }

  private static List<String> causes(ApiException e) {
    List<KubeMap> causes = new ArrayList<>();
    e.status()
        .causes()
        .forEach(
            cause ->
                causes.add(
                    KubeMap.of(
                        "field",
                        cause.field(),
                        "message",
                        cause.message(),
                        "reason",
                        cause.reason())));
    return causes.stream().map(KubeMap::toString).sorted().toList();
  }

  /** The entries as they are recorded: without times, by operation and manager. */
  private static KubeList owners(KubeObject object) {
    List<KubeMap> entries = new ArrayList<>();
    for (KubeMap entry : object.metadata().listOrEmpty("managedFields").maps()) {
      entries.add(entry.without("time").without("fieldsType"));
    }
    entries.sort(
        Comparator.comparing((KubeMap entry) -> entry.string("operation", ""))
            .thenComparing(entry -> entry.string("manager", "")));
    return KubeList.copyOf(entries);
  }
}
