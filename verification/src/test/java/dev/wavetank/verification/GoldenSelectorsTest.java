package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.FieldSelector;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Selectors as upstream's own code reads, writes and applies them. */
class GoldenSelectorsTest {
  private final GoldenCases cases = GoldenCases.vectors("selectors");
  private final List<KubeMap> labelSets = sets("labelSets");
  private final List<KubeMap> fieldSets = sets("fieldSets");

  private List<KubeMap> sets(String name) {
    List<KubeMap> sets = new ArrayList<>();
    for (GoldenCase golden : cases.cases()) {
      if (golden.json().has(name)) {
        golden.json().get(name).forEach(set -> sets.add((KubeMap) GoldenCluster.tree(set)));
        break;
      }
    }
    return sets;
  }

  @Test
  void selectors() {
    cases
        .kind("a-label-sets", json -> assertThat(json.get("labelSets")).hasSize(labelSets.size()))
        .kind("a-field-sets", json -> assertThat(json.get("fieldSets")).hasSize(fieldSets.size()))
        .kind("label", this::label)
        .kind("labelselector-object", this::labelSelectorObject)
        .kind("field", this::field)
        .score();
  }

  private void label(JsonNode recorded) {
    String text = recorded.get("in").asText();
    LabelSelector selector = read(recorded, () -> LabelSelector.parse(text));
    if (selector != null) {
      compare(recorded, selector);
      assertThat(selector.empty()).isEqualTo(recorded.get("empty").asBoolean());
    }
  }

  private void labelSelectorObject(JsonNode recorded) {
    KubeMap object =
        recorded.get("selector").isNull()
            ? null
            : (KubeMap) GoldenCluster.tree(recorded.get("selector"));
    LabelSelector selector = read(recorded, () -> LabelSelector.of(object));
    assertThat(LabelSelector.format(object)).isEqualTo(recorded.get("formatted").asText());
    if (selector != null) {
      compare(recorded, selector);
    }
  }

  private void compare(JsonNode recorded, LabelSelector selector) {
    assertThat(selector.toString()).isEqualTo(recorded.get("canonical").asText());
    for (int i = 0; i < labelSets.size(); i++) {
      assertThat(selector.matches(labelSets.get(i)))
          .as("%s", labelSets.get(i))
          .isEqualTo(recorded.get("matches").get(i).asBoolean());
    }
  }

  private void field(JsonNode recorded) {
    String text = recorded.get("in").asText();
    FieldSelector selector = read(recorded, () -> FieldSelector.parse(text));
    if (selector == null) {
      return;
    }
    assertThat(selector.toString()).isEqualTo(recorded.get("canonical").asText());
    assertThat(selector.empty()).isEqualTo(recorded.get("empty").asBoolean());
    for (int i = 0; i < fieldSets.size(); i++) {
      KubeMap set = fieldSets.get(i);
      assertThat(selector.matches(set::string))
          .as("%s", set)
          .isEqualTo(recorded.get("matches").get(i).asBoolean());
    }
  }

  /** The selector; null when it is refused as recorded. */
  private static <T> @Nullable T read(JsonNode recorded, Supplier<T> reader) {
    if (!recorded.has("error")) {
      return reader.get();
    }
    Exception refusal =
        catchThrowableOfType(
            RuntimeException.class,
            () -> {
              Object unexpected = reader.get();
              throw new AssertionError("not refused: " + unexpected);
            });
    assertThat(refusal).hasMessage(recorded.get("error").asText());
    return null;
  }
}
