package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ErrorsTest {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private final HttpClient client = new HttpClient();

  @Test
  void api_A_001_aRefusalIsAStatusObject() {
    Answer answer = client.get(CONFIG_MAPS + "/nope");
    assertThat(answer.code()).isEqualTo(404);
    assertThat(answer.text())
        .isEqualTo(
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                + "\"message\":\"configmaps \\\"nope\\\" not found\",\"reason\":\"NotFound\","
                + "\"details\":{\"name\":\"nope\",\"kind\":\"configmaps\"},\"code\":404}\n");
  }

  @Test
  void api_A_002_aGroupedResourceIsQualified() {
    Answer answer = client.get("/apis/apps/v1/namespaces/default/deployments/d1");
    assertThat(answer.message()).isEqualTo("deployments.apps \"d1\" not found");
    assertThat(answer.json().mapOrEmpty("details").string("group", "")).isEqualTo("apps");
  }

  @Test
  void api_A_003_unknownResourcesAreStatusesAndUnknownPathsText() {
    Answer resource = client.get("/api/v1/widgets");
    assertThat(resource.message()).isEqualTo("the server could not find the requested resource");
    assertThat(resource.text()).contains("\"details\":{}");
    Answer group = client.get("/apis/example.com/v1/widgets");
    assertThat(group.code()).isEqualTo(404);
    assertThat(group.text()).isEqualTo("404 page not found\n");
    assertThat(group.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
  }

  @Test
  void api_A_004_methodsThatAPathHasNot() {
    for (String[] wrong :
        new String[][] {
          {"POST", CONFIG_MAPS + "/a"},
          {"PUT", CONFIG_MAPS},
          {"OPTIONS", CONFIG_MAPS},
          {"DELETE", "/api/v1/pods"},
          {"DELETE", "/api/v1/namespaces"}
        }) {
      Answer answer = client.send(wrong[0], wrong[1], "");
      assertThat(answer.code()).as(wrong[0] + " " + wrong[1]).isEqualTo(405);
      assertThat(answer.message())
          .isEqualTo("the server does not allow this method on the requested resource");
    }
  }

  @Test
  void api_A_029_typesThatCannotBeServedAreRefused() {
    Answer answer = client.get(CONFIG_MAPS, "Accept", "text/html");
    assertThat(answer.code()).isEqualTo(406);
    assertThat(answer.reason()).isEqualTo("NotAcceptable");
    assertThat(answer.message())
        .isEqualTo(
            "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml,"
                + " application/vnd.kubernetes.protobuf, application/json;stream=watch,"
                + " application/vnd.kubernetes.protobuf;stream=watch");
  }

  @Test
  void aRequestThatCannotBeAnsweredInItsFormHasNoEffect() {
    Answer answer =
        client.send("POST", CONFIG_MAPS, "{\"metadata\":{\"name\":\"a\"}}", "Accept", "text/html");
    assertThat(answer.code()).isEqualTo(406);
    assertThat(client.get(CONFIG_MAPS + "/a").code()).isEqualTo(404);
  }

  @Test
  void api_A_031_bodiesOfUnknownTypesAreRefused() {
    Answer answer = client.send("POST", CONFIG_MAPS, "<a/>", "Content-Type", "text/xml");
    assertThat(answer.code()).isEqualTo(415);
    assertThat(answer.message())
        .isEqualTo(
            "the body of the request was in an unknown format - accepted media types include:"
                + " application/json, application/yaml, application/vnd.kubernetes.protobuf");
  }

  @Test
  void api_A_032_jsonIsNoPatch() {
    Answer answer = client.patch(CONFIG_MAPS + "/a", "json", "{}");
    assertThat(answer.code()).isEqualTo(415);
    assertThat(answer.message()).isEqualTo("415: Unsupported Media Type");
  }

  @Test
  void api_A_036_bodiesThatAreNoObject() {
    assertThat(client.post(CONFIG_MAPS, "{\"a\":").message())
        .isEqualTo(
            "the object provided is unrecognized (must be of type ConfigMap): couldn't get"
                + " version/kind; json parse error: unexpected end of JSON input ({\"a\":)");
    assertThat(client.post(CONFIG_MAPS, "").message()).endsWith("(<empty>)");
    assertThat(client.post(CONFIG_MAPS, "{\"kind\":\"Secret\",\"apiVersion\":\"v1\"}").message())
        .isEqualTo(
            "Secret in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Secret) to"
                + " (core.ConfigMap): unknown conversion");
  }

  @Test
  void api_A_100_strictValidationNamesUnknownFields() {
    String body = "{\"metadata\":{\"name\":\"a\",\"foo\":1},\"unknown\":2}";
    assertThat(client.post(CONFIG_MAPS + "?fieldValidation=Strict", body).message())
        .isEqualTo(
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error:"
                + " unknown field \"metadata.foo\", unknown field \"unknown\"");
    assertThat(client.post(CONFIG_MAPS + "?fieldValidation=Bogus", body).message())
        .isEqualTo(
            "CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value:"
                + " \"Bogus\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"");
  }

  @Test
  void api_A_102_otherwiseEachUnknownFieldIsAWarning() {
    Answer answer =
        client.post(CONFIG_MAPS, "{\"metadata\":{\"name\":\"a\",\"foo\":1},\"unknown\":2}");
    assertThat(answer.code()).isEqualTo(201);
    assertThat(answer.header("Warning"))
        .isEqualTo(
            "299 - \"unknown field \\\"metadata.foo\\\"\"|299 - \"unknown field \\\"unknown\\\"\"");
  }

  @Test
  void api_A_107_aFieldManagerMayNotBeLong() {
    Answer answer = client.post(CONFIG_MAPS + "?fieldManager=" + "m".repeat(129), "{}");
    assertThat(answer.message())
        .isEqualTo(
            "CreateOptions.meta.k8s.io \"\" is invalid: fieldManager: Too long: may not be more"
                + " than 128 bytes");
  }

  @Test
  void api_A_132_forceIsForAppliesOnly() {
    Answer answer = client.patch(CONFIG_MAPS + "/a?force=true", "merge-patch+json", "{}");
    assertThat(answer.message())
        .isEqualTo(
            "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for"
                + " non-apply patch");
  }

  @Test
  void api_A_014_clientsOfPeopleGetIndentedJson() {
    client.configMap("a");
    assertThat(client.get(CONFIG_MAPS + "/a", "User-Agent", "curl/8").text())
        .startsWith("{\n  \"kind\": \"ConfigMap\",\n  \"apiVersion\": \"v1\",\n  \"metadata\"");
    assertThat(client.get(CONFIG_MAPS + "/a").text()).startsWith("{\"kind\":\"ConfigMap\"");
  }

  @Example
  void pathsThatCouldBeReadInTwoWaysLeadNowhere() {
    for (String path :
        new String[] {
          "/api/v1//pods",
          "/api/v1/namespaces/../pods",
          "/api/v1/namespaces/%2e%2e/pods",
          "/api/v1/namespaces/default%2fpods/x",
          "/api/v1/namespaces/default/pods/a%00",
          "/api/v1/namespaces/default/pods/%zz",
          "//api"
        }) {
      assertThat(client.get(path).text()).as(path).isEqualTo("404 page not found\n");
    }
  }

  /** Whatever is asked for, there is an answer and no event of the simulation breaks. */
  @Property(tries = 300)
  void anyPathHasAnAnswer(@ForAll @StringLength(max = 40) String path) {
    Answer answer = client.send("GET", "/api/v1/" + path.replace("?", "%3F"), "");
    assertThat(answer.code()).isIn(200, 404, 405, 406);
  }

  @Property(tries = 300)
  void anyBodyHasAnAnswer(@ForAll byte[] body, @ForAll("types") String type) {
    Answer answer = client.send("POST", CONFIG_MAPS, body, "Content-Type", type);
    assertThat(answer.code()).isIn(201, 400, 409, 422);
  }

  @Provide
  Arbitrary<String> types() {
    return Arbitraries.of(
        "application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
  }
}
