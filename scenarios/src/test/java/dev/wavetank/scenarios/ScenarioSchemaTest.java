package dev.wavetank.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import dev.wavetank.scenarios.expect.Expectations;
import dev.wavetank.scenarios.fault.Faults;
import dev.wavetank.scenarios.invariant.Invariants;
import dev.wavetank.scenarios.step.NodeFields;
import dev.wavetank.scenarios.step.Steps;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The published schema names the fields that the reader knows, and no others. */
class ScenarioSchemaTest {

  private final JsonNode root;

  ScenarioSchemaTest() throws IOException {
    try (InputStream in = Scenario.class.getResourceAsStream("scenario.schema.json")) {
      root = new ObjectMapper().readTree(in);
    }
  }

  private static List<String> names(JsonNode object) {
    return ImmutableList.copyOf(object.path("properties").fieldNames());
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private JsonNode step(String kind) {
    for (JsonNode step : root.at("/properties/steps/items/oneOf")) {
      if (step.path("required").path(0).asText().equals(kind)) {
        return step;
      }
    }
    throw new AssertionError("no step " + kind + " in the schema");
  }

  @Test
  void fieldsOfAScenario() {
    assertThat(names(root)).containsExactlyElementsOf(Scenario.KEYS);
    assertThat(texts(root.at("/properties/choices/enum")))
        .containsExactlyElementsOf(Scenario.CHOICES);
    assertThat(texts(root.at("/properties/invariants/items/enum")))
        .containsExactlyElementsOf(Invariants.NAMES);
  }

  @Test
  void fieldsOfACluster() {
    JsonNode cluster = root.at("/properties/cluster");
    assertThat(names(cluster)).containsExactlyElementsOf(ClusterSettings.KEYS);
    assertThat(names(cluster.at("/properties/nodes/oneOf/1/items")))
        .containsExactlyElementsOf(NodeFields.KEYS);
    assertThat(texts(cluster.at("/properties/balancer/enum")))
        .containsExactlyElementsOf(ClusterSettings.BALANCERS);
    assertThat(texts(cluster.at("/properties/proxy-mode/enum")))
        .containsExactlyElementsOf(ClusterSettings.PROXY_MODES);
    assertThat(texts(cluster.at("/properties/ipvs-scheduler/enum")))
        .containsExactlyElementsOf(ClusterSettings.IPVS_SCHEDULERS);
    assertThat(texts(cluster.at("/properties/profile/enum")))
        .containsExactlyElementsOf(ClusterSettings.PROFILES);
  }

  @Test
  void kindsOfStepsAndTheirFields() {
    assertThat(root.at("/properties/steps/items/oneOf")).hasSize(Steps.KEYS.size());
    for (String kind : Steps.KEYS) {
      List<String> known = new ArrayList<>();
      known.add(kind);
      known.addAll(Steps.more(kind));
      known.addAll(Steps.COMMON);
      assertThat(names(step(kind))).as(kind).containsExactlyElementsOf(known);
    }
  }

  @Test
  void expectationsAndFaults() {
    assertThat(names(step("expect").at("/properties/expect")))
        .containsExactlyElementsOf(Expectations.KEYS);
    List<String> wait = new ArrayList<>(Expectations.KEYS);
    wait.add("timeout");
    assertThat(names(step("wait-for").at("/properties/wait-for"))).containsExactlyElementsOf(wait);
    assertThat(names(step("fault").at("/properties/fault"))).containsExactlyElementsOf(Faults.KEYS);
  }
}
