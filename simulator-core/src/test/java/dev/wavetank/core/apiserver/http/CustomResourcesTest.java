package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CustomResourcesTest {

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String CRONS = "/apis/ex.io/v1/namespaces/default/crons";

  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: crons.ex.io}
      spec:
        group: ex.io
        scope: Namespaced
        names: {plural: crons, kind: Cron, shortNames: [cr], categories: [all]}
        versions:
        - name: v1
          served: true
          storage: true
          subresources:
            status: {}
            scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas,
                    labelSelectorPath: .status.selector}
          additionalPrinterColumns:
          - {name: Schedule, type: string, jsonPath: .spec.cron}
          - {name: Replicas, type: integer, jsonPath: .spec.replicas, priority: 1}
          - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  required: [cron]
                  x-kubernetes-validations:
                  - {rule: "!has(self.replicas) || self.replicas < 9", message: replicas too big}
                  - {rule: "!has(self.replicas) || self.replicas != 7"}
                  - {rule: "self.cron == oldSelf.cron", message: cron is immutable, fieldPath: .cron,
                     reason: FieldValueForbidden}
                  properties:
                    cron: {type: string, pattern: "^[*]", description: When it runs.}
                    mode: {type: string, enum: [a, b], default: a}
                    replicas: {type: integer, minimum: 0}
                    max: {type: integer}
                    port: {x-kubernetes-int-or-string: true}
                    any: {type: object, x-kubernetes-preserve-unknown-fields: true}
                    ports:
                      type: array
                      x-kubernetes-list-type: map
                      x-kubernetes-list-map-keys: [p]
                      items:
                        type: object
                        required: [p]
                        properties:
                          p: {type: integer}
                          name: {type: string}
                status:
                  type: object
                  properties:
                    replicas: {type: integer}
                    selector: {type: string}
      """;

  private final HttpClient client = new HttpClient();

  private static String json(String yaml) {
    return Json.write(Manifests.parse("test.yaml", yaml).get(0).object().root());
  }

  private Answer define(String yaml) {
    Answer made = client.post(DEFINITIONS, json(yaml));
    client.simulation.runUntil(client.simulation.now());
    return made;
  }

  private void crons() {
    assertThat(define(DEFINITION).code()).isEqualTo(201);
  }

  private Answer cron(String name, String spec) {
    return client.post(
        CRONS,
        "{\"apiVersion\":\"ex.io/v1\",\"kind\":\"Cron\",\"metadata\":{\"name\":\""
            + name
            + "\"},\"spec\":"
            + spec
            + "}");
  }

  private List<String> causes(Answer answer) {
    List<String> causes = new ArrayList<>();
    for (KubeMap cause : answer.json().mapOrEmpty("details").listOrEmpty("causes").maps()) {
      causes.add(cause.string("field", "") + ": " + cause.string("message", ""));
    }
    return causes;
  }

  @Test
  void api_A_221_aDefinitionIsEstablishedAndItsNamesAreFilledIn() {
    crons();
    KubeObject made = KubeObject.of(client.get(DEFINITIONS + "/crons.ex.io").json());
    assertThat(made.spec().at("names", "singular")).isEqualTo("cron");
    assertThat(made.spec().at("names", "listKind")).isEqualTo("CronList");
    assertThat(made.spec().at("conversion", "strategy")).isEqualTo("None");
    assertThat(made.status().get("storedVersions")).isEqualTo(KubeList.of("v1"));
    List<String> conditions = new ArrayList<>();
    for (KubeMap condition : made.status().listOrEmpty("conditions").maps()) {
      conditions.add(
          condition.get("type")
              + " "
              + condition.get("status")
              + " "
              + condition.get("reason")
              + ": "
              + condition.get("message"));
    }
    assertThat(conditions)
        .containsExactly(
            "NamesAccepted True NoConflicts: no conflicts found",
            "Established True InitialNamesAccepted: the initial names have been accepted");
  }

  @Test
  void api_A_221_namesThatAnotherDefinitionHasAreNotAccepted() {
    crons();
    define(
        DEFINITION
            .replace("crons.ex.io", "others.ex.io")
            .replace("plural: crons", "plural: others"));
    KubeObject other = KubeObject.of(client.get(DEFINITIONS + "/others.ex.io").json());
    KubeMap condition = other.status().listOrEmpty("conditions").find("type", "NamesAccepted");
    assertThat(condition).isNotNull();
    assertThat(String.valueOf(condition.get("message")))
        .isEqualTo("\"CronList\" is already in use");
    assertThat(client.get("/apis/ex.io/v1/others").code()).isEqualTo(404);
  }

  @Test
  void api_A_221_theInstancesGoBeforeTheDefinition() {
    crons();
    cron("a", "{\"cron\":\"*\"}");
    client.patch(
        CRONS + "/a", "merge-patch+json", "{\"metadata\":{\"finalizers\":[\"ex.io/keep\"]}}");
    client.send("DELETE", DEFINITIONS + "/crons.ex.io", "");
    client.simulation.runUntil(client.simulation.now());
    KubeMap deleted = client.get(DEFINITIONS + "/crons.ex.io").json();
    assertThat(KubeObject.of(deleted).finalizers().get(0))
        .isEqualTo("customresourcecleanup.apiextensions.k8s.io");
    KubeMap terminating =
        KubeObject.of(deleted).status().listOrEmpty("conditions").find("type", "Terminating");
    assertThat(terminating).isNotNull();
    assertThat(terminating.get("reason")).isEqualTo("InstanceDeletionInProgress");
    Answer refused = cron("b", "{\"cron\":\"*\"}");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "crons.ex.io \"b\" is forbidden: create not allowed while custom resource definition is"
                + " terminating");
    client.patch(CRONS + "/a", "merge-patch+json", "{\"metadata\":{\"finalizers\":null}}");
    client.simulation.runUntil(client.simulation.now());
    assertThat(client.get(DEFINITIONS + "/crons.ex.io").code()).isEqualTo(404);
    assertThat(client.get(CRONS).text()).isEqualTo("404 page not found\n");
  }

  @Test
  void api_A_222_aDefinitionIsValidated() {
    Answer named = define(DEFINITION.replace("name: crons.ex.io", "name: x.ex.io"));
    assertThat(causes(named))
        .contains(
            "metadata.name: Invalid value: \"x.ex.io\": must be spec.names.plural+\".\"+spec.group");
    Answer untyped = define(DEFINITION.replace("max: {type: integer}", "max: {}"));
    assertThat(causes(untyped))
        .contains(
            "spec.validation.openAPIV3Schema.properties[spec].properties[max].type: Required value:"
                + " must not be empty for specified object fields");
    Answer bare =
        define(DEFINITION.substring(0, DEFINITION.indexOf("    schema:")).stripTrailing() + "\n");
    assertThat(causes(bare)).contains("spec.versions[0].schema.openAPIV3Schema: Required value");
  }

  @Test
  void api_A_223_unknownFieldsArePrunedAndDefaultsFilledIn() {
    crons();
    Answer made =
        cron("a", "{\"cron\":\"*\",\"foo\":1,\"any\":{\"x\":[1]},\"ports\":[{\"p\":1,\"q\":2}]}");
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    assertThat(Json.write(made.json().mapOrEmpty("spec")))
        .isEqualTo("{\"any\":{\"x\":[1]},\"cron\":\"*\",\"mode\":\"a\",\"ports\":[{\"p\":1}]}");
    assertThat(made.header("Warning")).contains("unknown field \\\"spec.foo\\\"");
  }

  @Test
  void api_A_223_strictValidationRefusesUnknownFields() {
    crons();
    Answer refused =
        client.post(
            CRONS + "?fieldValidation=Strict",
            "{\"apiVersion\":\"ex.io/v1\",\"kind\":\"Cron\",\"metadata\":{\"name\":\"a\"},"
                + "\"spec\":{\"cron\":\"*\",\"foo\":1,\"ports\":[{\"p\":1,\"q\":2}]}}");
    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.message())
        .isEqualTo(
            "Cron in version \"v1\" cannot be handled as a Cron: strict decoding error: unknown"
                + " field \"spec.foo\", unknown field \"spec.ports[0].q\"");
  }

  @Test
  void api_A_225_valuesAreValidatedByTheSchema() {
    crons();
    Answer refused = cron("a", "{\"cron\":\"x\",\"replicas\":-1,\"max\":\"a\",\"mode\":\"c\"}");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(causes(refused))
        .containsExactlyInAnyOrder(
            "spec.cron: Invalid value: \"x\": spec.cron in body should match '^[*]'",
            "spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal"
                + " to 0",
            ".spec.replicas: Invalid value: -1: should be a non-negative integer",
            "spec.max: Invalid value: \"string\": spec.max in body must be of type integer:"
                + " \"string\"",
            "spec.mode: Unsupported value: \"c\": supported values: \"a\", \"b\"",
            "<nil>: Invalid value: null: some validation rules were not checked because the object"
                + " was invalid; correct the existing errors to complete validation");
    assertThat(causes(cron("a", "{}")).get(0)).isEqualTo("spec.cron: Required value");
  }

  @Test
  void api_A_226_rulesAreEvaluated() {
    crons();
    assertThat(causes(cron("a", "{\"cron\":\"*\",\"replicas\":9}")))
        .containsExactly("spec: Invalid value: replicas too big");
    assertThat(causes(cron("a", "{\"cron\":\"*\",\"replicas\":7}")))
        .containsExactly(
            "spec: Invalid value: failed rule: !has(self.replicas) || self.replicas != 7");
    assertThat(cron("a", "{\"cron\":\"*\",\"replicas\":1}").code()).isEqualTo(201);
    Answer changed =
        client.patch(CRONS + "/a", "merge-patch+json", "{\"spec\":{\"cron\":\"* *\"}}");
    assertThat(causes(changed)).containsExactly("spec.cron: Forbidden: cron is immutable");
  }

  @Test
  void api_A_226_aRuleThatDoesNotCompileIsRefused() {
    Answer refused = define(DEFINITION.replace("self.replicas != 7", "self.nope != 7"));
    assertThat(causes(refused).get(0))
        .startsWith(
            "spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[1].rule:"
                + " Invalid value: {")
        .contains("compilation failed: ERROR: <input>:1:28: undefined field 'nope'");
  }

  @Test
  void api_A_227_anObjectOfAnotherKindIsRefused() {
    crons();
    Answer refused =
        client.post(
            CRONS, "{\"apiVersion\":\"ex.io/v1\",\"kind\":\"Foo\",\"metadata\":{\"name\":\"q\"}}");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .isEqualTo("Foo.ex.io \"q\" is invalid: kind: Invalid value: \"Foo\": must be Cron");
    assertThat(client.get(CRONS + "?fieldSelector=spec.cron%3Dx").message())
        .isEqualTo("field label not supported: spec.cron");
  }

  @Test
  void api_A_228_statusAndMainResourceAreKeptApart() {
    crons();
    cron("a", "{\"cron\":\"*\"}");
    client.patch(
        CRONS + "/a/status",
        "merge-patch+json",
        "{\"metadata\":{\"labels\":{\"x\":\"y\"}},\"spec\":{\"max\":4},"
            + "\"status\":{\"replicas\":3}}");
    KubeObject found = KubeObject.of(client.get(CRONS + "/a").json());
    assertThat(found.status().get("replicas")).isEqualTo(3L);
    assertThat(found.spec().has("max")).isFalse();
    assertThat(found.labels().isEmpty()).isTrue();
    assertThat(found.generation()).isEqualTo(1);
    client.patch(
        CRONS + "/a", "merge-patch+json", "{\"spec\":{\"max\":4},\"status\":{\"replicas\":9}}");
    found = KubeObject.of(client.get(CRONS + "/a").json());
    assertThat(found.status().get("replicas")).isEqualTo(3L);
    assertThat(found.generation()).isEqualTo(2);
  }

  @Test
  void api_A_229_theSizeIsWhereTheDefinitionSays() {
    crons();
    cron("a", "{\"cron\":\"*\",\"replicas\":2}");
    client.patch(
        CRONS + "/a/status",
        "merge-patch+json",
        "{\"status\":{\"replicas\":1,\"selector\":\"app=x\"}}");
    KubeMap scale = client.get(CRONS + "/a/scale").json();
    assertThat(scale.at("spec", "replicas")).isEqualTo(2L);
    assertThat(scale.at("status", "replicas")).isEqualTo(1L);
    assertThat(scale.at("status", "selector")).isEqualTo("app=x");
    client.patch(CRONS + "/a/scale", "merge-patch+json", "{\"spec\":{\"replicas\":5}}");
    assertThat(client.get(CRONS + "/a").json().at("spec", "replicas")).isEqualTo(5L);
  }

  @Test
  void api_A_230_tablesHaveTheColumnsOfTheDefinition() {
    crons();
    cron("a", "{\"cron\":\"*\",\"replicas\":2}");
    KubeMap table =
        client.get(CRONS, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io").json();
    List<String> columns = new ArrayList<>();
    table
        .listOrEmpty("columnDefinitions")
        .maps()
        .forEach(c -> columns.add(c.get("name") + " " + c.get("type") + " " + c.get("priority")));
    assertThat(columns)
        .containsExactly("Name string 0", "Schedule string 0", "Replicas integer 1", "Age date 0");
    assertThat(table.listOrEmpty("rows").map(0).get("cells"))
        .isEqualTo(KubeList.of("a", "*", 2L, "0s"));
  }

  @Test
  void api_A_231_versionsDifferInTheirNameOnly() {
    define(
        DEFINITION.replace(
            "  - name: v1\n",
            """
              - name: v2
                served: true
                storage: false
                schema:
                  openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
              - name: v1
            """));
    cron("a", "{\"cron\":\"*\"}");
    KubeMap group = client.get("/apis/ex.io").json();
    assertThat(group.at("preferredVersion", "version")).isEqualTo("v2");
    KubeMap other = client.get("/apis/ex.io/v2/namespaces/default/crons/a").json();
    assertThat(other.get("apiVersion")).isEqualTo("ex.io/v2");
    client.post(
        "/apis/ex.io/v2/namespaces/default/crons",
        "{\"apiVersion\":\"ex.io/v2\",\"kind\":\"Cron\",\"metadata\":{\"name\":\"b\"},"
            + "\"spec\":{\"cron\":\"*\"}}");
    assertThat(client.get(CRONS + "/b").json().get("apiVersion")).isEqualTo("ex.io/v1");
    assertThat(client.get("/apis/ex.io/v3/crons").code()).isEqualTo(404);
  }

  @Test
  void api_A_028_aDefinedResourceIsInDiscoveryAndOpenApi() {
    assertThat(client.get(CRONS).text()).isEqualTo("404 page not found\n");
    crons();
    KubeMap resources = client.get("/apis/ex.io/v1").json();
    KubeMap found = resources.listOrEmpty("resources").find("name", "crons");
    assertThat(found).isNotNull();
    assertThat(found.get("shortNames")).isEqualTo(KubeList.of("cr"));
    assertThat(found.get("categories")).isEqualTo(KubeList.of("all"));
    assertThat(resources.listOrEmpty("resources").find("name", "crons/scale")).isNotNull();
    KubeMap document = client.get("/openapi/v3/apis/ex.io/v1").json();
    assertThat(
            document.at(
                "components",
                "schemas",
                "io.ex.v1.Cron",
                "properties",
                "spec",
                "properties",
                "cron",
                "description"))
        .isEqualTo("When it runs.");
  }

  @Test
  void api_A_035_aCustomResourceMustNameItsKind() {
    crons();
    Answer refused = client.post(CRONS, "{\"metadata\":{\"name\":\"a\"}}");
    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.message())
        .startsWith(
            "the object provided is unrecognized (must be of type Cron): Object 'Kind' is missing"
                + " in '");
  }

  @Test
  void api_A_032_aStrategicMergePatchIsRefused() {
    crons();
    cron("a", "{\"cron\":\"*\"}");
    Answer refused = client.patch(CRONS + "/a", "strategic-merge-patch+json", "{}");
    assertThat(refused.code()).isEqualTo(415);
    assertThat(refused.message())
        .endsWith(
            "accepted media types include: application/json-patch+json,"
                + " application/merge-patch+json, application/apply-patch+yaml");
  }

  @Test
  void api_A_154_listsOfTypeMapAreMergedByKey() {
    crons();
    cron("a", "{\"cron\":\"*\"}");
    for (int p = 1; p <= 2; p++) {
      Answer applied =
          client.send(
              "PATCH",
              CRONS + "/a?fieldManager=m" + p,
              "{\"apiVersion\":\"ex.io/v1\",\"kind\":\"Cron\",\"metadata\":{\"name\":\"a\"},"
                  + "\"spec\":{\"ports\":[{\"p\":"
                  + p
                  + "}]}}",
              "Content-Type",
              "application/apply-patch+yaml");
      assertThat(applied.code()).as(applied.text()).isEqualTo(200);
    }
    KubeMap found = client.get(CRONS + "/a").json();
    assertThat(found.at("spec", "ports"))
        .isEqualTo(KubeList.of(KubeMap.of("p", 1L), KubeMap.of("p", 2L)));
    assertThat(causes(cron("b", "{\"cron\":\"*\",\"ports\":[{\"p\":1},{\"p\":1}]}")))
        .contains("spec.ports[1]: Duplicate value: {\"p\":1}");
  }

  @Test
  void api_A_039_customResourcesComeWithSortedKeys() {
    crons();
    assertThat(client.get(CRONS).text())
        .startsWith(
            "{\"apiVersion\":\"ex.io/v1\",\"items\":[],\"kind\":\"CronList\",\"metadata\":"
                + "{\"continue\":\"\",\"resourceVersion\":\"");
  }
}
