package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import org.junit.jupiter.api.Test;

/** Policies that change what is written. */
class MutatingPoliciesTest {

  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private final HttpClient client = new HttpClient();

  private HttpClient.Answer policy(String name, String spec) {
    return yaml(
        "mutatingadmissionpolicies",
        "metadata: {name: "
            + name
            + "}\nspec:\n  reinvocationPolicy: Never\n  matchConstraints:\n    resourceRules:\n"
            + "    - {apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources:"
            + " [configmaps, services]}\n"
            + spec.indent(2));
  }

  private void bound(String name, String spec) {
    assertThat(policy(name, spec).code()).isEqualTo(201);
    yaml(
        "mutatingadmissionpolicybindings",
        "metadata: {name: " + name + "}\nspec: {policyName: " + name + "}");
  }

  private HttpClient.Answer yaml(String resource, String text) {
    return client.send("POST", GROUP + resource, text, "Content-Type", "application/yaml");
  }

  private KubeObject create(String name) {
    HttpClient.Answer answer =
        client.post(
            CONFIG_MAPS, "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"a\":\"b\"}}");
    assertThat(answer.code()).as(answer.text()).isEqualTo(201);
    return KubeObject.of(answer.json());
  }

  @Test
  void anApplyConfigurationIsMergedIntoTheObject() {
    bound(
        "label",
        "variables: [{name: team, expression: \"'team-' + object.metadata.name\"}]\n"
            + "mutations:\n- patchType: ApplyConfiguration\n  applyConfiguration: {expression:"
            + " 'Object{metadata: Object.metadata{labels: {\"team\": variables.team}},"
            + " data: {\"c\": \"d\"}}'}\n");
    KubeObject made = create("x");
    assertThat(made.labels()).isEqualTo(KubeMap.of("team", "team-x"));
    assertThat(made.root().get("data")).isEqualTo(KubeMap.of("a", "b", "c", "d"));
  }

  @Test
  void aJsonPatchIsMadeOfOperations() {
    bound(
        "patch",
        "mutations:\n- patchType: JSONPatch\n  jsonPatch:\n    expression: >\n"
            + "      [JSONPatch{op: \"add\", path: \"/metadata/labels\", value: {\"a\": \"b\"}},\n"
            + "       JSONPatch{op: \"add\", path: \"/metadata/labels/\" +"
            + " jsonpatch.escapeKey(\"x/y\"), value: \"1\"},\n"
            + "       JSONPatch{op: \"remove\", path: \"/metadata/labels/a\"}]\n");
    assertThat(create("x").labels()).isEqualTo(KubeMap.of("x/y", "1"));
  }

  @Test
  void aTestThatFailsLeavesTheObjectAsItIs() {
    bound(
        "patch",
        """
        mutations:
        - patchType: JSONPatch
          jsonPatch:
            expression: >
              [JSONPatch{op: "test", path: "/data/a", value: "z"},
               JSONPatch{op: "remove", path: "/data/a"}]
        """);
    assertThat(create("x").root().get("data")).isEqualTo(KubeMap.of("a", "b"));
  }

  @Test
  void aConditionThatDoesNotHoldLeavesTheObjectAsItIs() {
    bound(
        "label",
        "matchConditions: [{name: mine, expression: \"object.metadata.name == 'y'\"}]\n"
            + "mutations:\n- patchType: ApplyConfiguration\n  applyConfiguration: {expression:"
            + " 'Object{data: {\"c\": \"d\"}}'}\n");
    assertThat(create("x").root().get("data")).isEqualTo(KubeMap.of("a", "b"));
    assertThat(create("y").root().mapOrEmpty("data").has("c")).isTrue();
  }

  @Test
  void laterMutationsSeeWhatEarlierOnesDid() {
    bound(
        "two",
        "mutations:\n- patchType: ApplyConfiguration\n  applyConfiguration: {expression:"
            + " 'Object{data: {\"c\": \"d\"}}'}\n- patchType: ApplyConfiguration\n"
            + "  applyConfiguration: {expression: 'Object{data: {\"e\": object.data.c}}'}\n");
    assertThat(create("x").root().mapOrEmpty("data").get("e")).isEqualTo("d");
  }

  @Test
  void whatIsOwnedAsAWholeIsNotMerged() {
    bound(
        "address",
        "mutations:\n- patchType: ApplyConfiguration\n  applyConfiguration: {expression:"
            + " 'Object{spec: Object.spec{externalIPs: [\"192.0.2.1\"]}}'}\n");
    HttpClient.Answer refused =
        client.post(
            "/api/v1/namespaces/default/services",
            "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"ports\":[{\"port\":80}]}}");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.reason()).isEqualTo("Invalid");
    assertThat(refused.message())
        .isEqualTo(
            "policy 'address' with binding 'address' denied request: error applying patch: invalid"
                + " ApplyConfiguration: may not mutate atomic arrays, maps or structs:"
                + " .spec.externalIPs");
  }

  @Test
  void aPolicyThatFailsMayBeIgnored() {
    bound(
        "broken",
        """
        failurePolicy: Ignore
        mutations:
        - patchType: ApplyConfiguration
          applyConfiguration: {expression: 'Object{nope: "x"}'}
        """);
    assertThat(create("x").root().get("data")).isEqualTo(KubeMap.of("a", "b"));
  }

  @Test
  void whatDoesNotCompileIsRefused() {
    HttpClient.Answer refused =
        policy("bad", "mutations: [{patchType: JSONPatch, jsonPatch: {expression: 'a +'}}]");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains(
            "spec.mutations[0].jsonPatch.expression: Invalid value: \"a +\": compilation failed");
  }

  @Test
  void aPatchIsWhatItsTypeSays() {
    HttpClient.Answer refused =
        policy("bad", "mutations: [{patchType: JSONPatch, applyConfiguration: {expression: 'x'}}]");
    assertThat(refused.message())
        .contains(
            "spec.mutations[0].jsonPatch: Required value: must be specified when patchType is")
        .contains(
            "spec.mutations[0].applyConfiguration: Invalid value: \"{applyConfiguration}\": must not"
                + " be specified when patchType is JSONPatch");
  }

  @Test
  void onlyWhatIsWrittenCanBeMutated() {
    String text =
        "metadata: {name: d}\nspec: {reinvocationPolicy: Never, matchConstraints: {resourceRules:"
            + " [{apiGroups: [''], apiVersions: [v1], operations: [DELETE], resources: [pods]}]},"
            + " mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression:"
            + " 'Object{}'}}]}";
    assertThat(yaml("mutatingadmissionpolicies", text).message())
        .contains(
            "spec.matchConstraints.resourceRules.operations: Unsupported value: \"DELETE\":"
                + " supported values: \"*\", \"CREATE\", \"UPDATE\"");
  }
}
