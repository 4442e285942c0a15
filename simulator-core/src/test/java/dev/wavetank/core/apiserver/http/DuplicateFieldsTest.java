package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import org.junit.jupiter.api.Test;

class DuplicateFieldsTest {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String TWICE =
      "{\"metadata\":{\"name\":\"a\"},\"foo\":1,\"data\":{\"a\":\"1\",\"a\":\"2\"},\"data\":{}}";

  private final HttpClient client = new HttpClient();

  @Test
  void api_A_103_strictlyAFieldThatIsThereTwiceIsRefused() {
    Answer answer = client.post(CONFIG_MAPS + "?fieldValidation=Strict", TWICE);
    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message())
        .isEqualTo(
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error:"
                + " unknown field \"foo\", duplicate field \"data.a\", duplicate field \"data\"");
  }

  @Test
  void api_A_103_elseThereIsAWarningOfEach() {
    Answer answer = client.post(CONFIG_MAPS, TWICE);
    assertThat(answer.code()).isEqualTo(201);
    assertThat(answer.header("Warning"))
        .contains("duplicate field \\\"data.a\\\"", "duplicate field \\\"data\\\"");
    Answer ignored =
        client.post(CONFIG_MAPS + "?fieldValidation=Ignore", TWICE.replace("\"a\"},", "\"b\"},"));
    assertThat(ignored.code()).isEqualTo(201);
    assertThat(ignored.header("Warning")).isEmpty();
  }

  @Test
  void api_A_103_whatIsAppliedHasNoKeyTwice() {
    String body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: b\n  a: c\n";
    String target = CONFIG_MAPS + "/a?fieldManager=me&fieldValidation=";
    String type = "application/apply-patch+yaml";
    Answer answer = client.send("PATCH", target + "Strict", body, "Content-Type", type);
    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message())
        .isEqualTo(
            "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n"
                + "  line 6: key \"a\" already set in map");
    assertThat(client.send("PATCH", target + "Ignore", body, "Content-Type", type).code())
        .isEqualTo(201);
  }
}
