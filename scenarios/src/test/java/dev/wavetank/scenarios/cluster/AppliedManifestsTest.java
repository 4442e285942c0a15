package dev.wavetank.scenarios.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AppliedManifestsTest {

  private static String problems(String text) {
    return AppliedManifests.problems("a.yaml", text.getBytes(UTF_8)).toString();
  }

  private static final String CUSTOM =
      "apiVersion: ex.io/v1\nkind: Cron\nmetadata: {name: a}\nspec: {any: 1}\n---\n";

  @Test
  void aKindOfAnotherGroupIsTheServersToJudge() {
    assertThat(problems(CUSTOM)).isEqualTo("[]");
  }

  @Test
  void aBuiltInKindBesideItIsChecked() {
    assertThat(problems(CUSTOM + "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {x: 1}\n"))
        .contains("spec.x")
        .doesNotContain("Cron");
  }

  @Test
  void aKindThatABuiltInGroupHasNotIsAProblem() {
    assertThat(problems("apiVersion: apps/v1\nkind: Pod\nmetadata: {name: a}\n"))
        .contains("no matches for kind");
  }

  @Test
  void whatIsNoYamlIsAProblem() {
    assertThat(problems("a: [")).isNotEqualTo("[]");
  }
}
