package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import org.junit.jupiter.api.Test;

class AdmissionPoliciesTest {

  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";

  private final HttpClient client = new HttpClient();

  private Answer policy(String validations, String more) {
    String yaml =
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: v1}
        spec:
          matchConstraints:
            resourceRules:
            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE, DELETE],
               resources: [configmaps]}
          validations:
        """
            + validations.indent(2)
            + more.indent(2);
    return client.post(
        GROUP + "validatingadmissionpolicies",
        Json.write(Manifests.parse("p.yaml", yaml).get(0).object().root()));
  }

  private void bind(String actions, String more) {
    Answer made =
        client.post(
            GROUP + "validatingadmissionpolicybindings",
            "{\"metadata\":{\"name\":\"vb1\"},\"spec\":{\"policyName\":\"v1\","
                + "\"validationActions\":["
                + actions
                + "]"
                + more
                + "}}");
    assertThat(made.code()).as(made.text()).isEqualTo(201);
  }

  private Answer create(String name) {
    return client.post(MAPS, "{\"metadata\":{\"name\":\"" + name + "\"}}");
  }

  @Test
  void api_A_203_whatAPolicyDeniesIsRefused() {
    policy("- {expression: \"object.metadata.name != 'bad'\", message: no bad}", "");
    bind("\"Deny\"", "");
    Answer refused = create("bad");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.reason()).isEqualTo("Invalid");
    assertThat(refused.message())
        .isEqualTo(
            "configmaps \"bad\" is forbidden: ValidatingAdmissionPolicy 'v1' with binding 'vb1'"
                + " denied request: no bad");
    assertThat(create("good").code()).isEqualTo(201);
  }

  @Test
  void api_A_203_withoutAMessageTheExpressionIsShown() {
    policy("- {expression: \"object.metadata.name != 'bad2'\", reason: Forbidden}", "");
    bind("\"Deny\"", "");
    Answer refused = create("bad2");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .endsWith("denied request: failed expression: object.metadata.name != 'bad2'");
  }

  @Test
  void api_A_203_anErrorDeniesUnlessItIsIgnored() {
    policy("- {expression: \"object.data.x == 'y'\"}", "");
    bind("\"Deny\"", "");
    assertThat(create("a").message())
        .endsWith("expression 'object.data.x == 'y'' resulted in error: no such key: data");
    client.patch(
        GROUP + "validatingadmissionpolicies/v1",
        "merge-patch+json",
        "{\"spec\":{\"failurePolicy\":\"Ignore\"}}");
    assertThat(create("a").code()).isEqualTo(201);
  }

  @Test
  void api_A_203_variablesConditionsAndTheUserAreKnown() {
    policy(
        "- {expression: \"variables.short || request.userInfo.username == 'jane'\","
            + " messageExpression: \"'too long: ' + object.metadata.name\"}",
        """
        variables:
        - {name: short, expression: "object.metadata.name.size() < 4"}
        matchConditions:
        - {name: c, expression: "!object.metadata.name.startsWith('free')"}
        """);
    bind("\"Deny\"", "");
    assertThat(create("abc").code()).isEqualTo(201);
    assertThat(create("abcdef").message()).endsWith("denied request: too long: abcdef");
    assertThat(create("free-for-all").code()).isEqualTo(201);
  }

  @Test
  void api_A_203_aBindingNarrowsAPolicy() {
    policy("- {expression: \"false\"}", "");
    bind("\"Deny\"", ",\"matchResources\":{\"namespaceSelector\":{\"matchLabels\":{\"x\":\"y\"}}}");
    assertThat(create("a").code()).isEqualTo(201);
    client.patch(
        "/api/v1/namespaces/default",
        "merge-patch+json",
        "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}");
    assertThat(create("b").code()).isEqualTo(422);
    assertThat(client.send("DELETE", MAPS + "/a", "").code()).isEqualTo(422);
  }

  @Test
  void api_A_203_whatIsNotSaidHasDefaults() {
    Answer made = policy("- {expression: \"true\"}", "");
    assertThat(Json.write(made.json().mapOrEmpty("spec")))
        .contains("\"failurePolicy\":\"Fail\"")
        .contains("\"matchPolicy\":\"Equivalent\"")
        .contains("\"scope\":\"*\"")
        .contains("\"namespaceSelector\":{}");
  }

  @Test
  void api_A_204_anExpressionThatDoesNotCompileIsRefused() {
    Answer refused = policy("- {expression: \"object.metadata.name !=\"}", "");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains(
            "spec.validations[0].expression: Invalid value: \"object.metadata.name !=\": compilation"
                + " failed: ERROR: <input>:1:24: ");
  }
}
