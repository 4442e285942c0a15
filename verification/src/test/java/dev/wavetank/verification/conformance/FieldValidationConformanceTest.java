package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.verification.conformance.Framework.Answer;
import org.junit.jupiter.api.Test;

/** Follows test/e2e/apimachinery/field_validation.go (v1.36). */
class FieldValidationConformanceTest {

  private static final String STRICT =
      "?fieldManager=field_validation_mgr&fieldValidation=Strict&force=false";

  private static final String PORTS =
      """
      ports:
        type: array
        x-kubernetes-list-type: map
        x-kubernetes-list-map-keys: [containerPort, protocol]
        items:
          type: object
          required: [containerPort, protocol]
          properties:
            containerPort: {type: integer, format: int32}
            hostIP: {type: string}
            hostPort: {type: integer, format: int32}
            name: {type: string}
            protocol: {type: string}
      """;

  private static final String PROPERTIES =
      """
      foo: {type: string}
      cronSpec:
        type: string
        pattern: '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$'
      """;

  private static final String VALID =
      """
        foo: foo1
        cronSpec: "* * * * */5"
        ports:
        - name: x
          containerPort: 80
          protocol: TCP
      """;

  private final Framework framework = Framework.of("field-validation");
  private final CustomResources customResources = new CustomResources(framework);

  private static KubeMap schema(boolean preserving, String moreProperties) {
    KubeMap spec =
        KubeMap.of("type", "object", "properties", Yaml.map(PROPERTIES + PORTS + moreProperties));
    if (preserving) {
      spec = spec.with("x-kubernetes-preserve-unknown-fields", true);
    }
    return KubeMap.of("type", "object", "properties", KubeMap.of("spec", spec));
  }

  /** Defines a kind and applies an object of it. */
  private Answer apply(KubeMap schema, String metadata, String rest) {
    KubeObject definition =
        CustomResources.definition(
            "mygroup.example.com", "noxus", "WishIHadChosenNoxu", "Cluster", schema, "v1beta1 v1");
    Resource objects = customResources.of(customResources.create(definition), null);
    String body =
        "\napiVersion: mygroup.example.com/v1beta1\nkind: WishIHadChosenNoxu\nmetadata:\n"
            + "  name: mytest\n"
            + metadata
            + rest;
    return framework.send(
        "PATCH", objects.path("mytest") + STRICT, body, "Content-Type", Resource.APPLY);
  }

  private Answer createDeployment(String metadata, String spec) {
    String body =
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"my-dep\","
            + metadata
            + "\"labels\":{\"app\":\"nginx\"}},\"spec\":{"
            + spec
            + "\"selector\":{\"matchLabels\":{\"app\":\"nginx\"}},\"template\":{\"metadata\":"
            + "{\"labels\":{\"app\":\"nginx\"}},\"spec\":{\"containers\":[{\"name\":\"nginx\","
            + "\"image\":\"nginx:latest\"}]}}}}";
    String path = framework.namespaced("apps/v1", "deployments").path();
    return framework.send("POST", path + STRICT, body, "Content-Type", "application/json");
  }

  @Test
  @Codename(
      "[sig-api-machinery] FieldValidation should detect unknown and duplicate fields of a typed"
          + " object")
  void unknownAndDuplicateFieldsOfATypedObject() {
    Answer answer = createDeployment("", "\"unknownField\":\"foo\",\"replicas\":2,\"replicas\":3,");
    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message())
        .contains(
            "strict decoding error: unknown field \"spec.unknownField\", duplicate field"
                + " \"spec.replicas\"");
  }

  @Test
  @Codename(
      "[sig-api-machinery] FieldValidation should detect unknown metadata fields of a typed object")
  void unknownMetadataFieldsOfATypedObject() {
    Answer answer = createDeployment("\"unknownMeta\":\"foo\",", "");
    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message())
        .contains("strict decoding error: unknown field \"metadata.unknownMeta\"");
  }

  @Test
  @Codename(
      "[sig-api-machinery] FieldValidation should create/apply a valid CR for CRD with validation"
          + " schema")
  void aValidObjectOfAKindWithASchema() {
    KubeObject applied = apply(schema(false, ""), "", "spec:\n" + VALID).object(201);
    assertThat(applied.spec().string("foo", "")).isEqualTo("foo1");
  }

  @Test
  @Codename(
      "[sig-api-machinery] FieldValidation should create/apply a CR with unknown fields for CRD with"
          + " no validation schema")
  void unknownFieldsOfAKindWithoutASchema() {
    String rest = "spec:\n  unknown: uk1\n" + VALID;
    KubeObject applied = apply(CustomResources.ALLOW_ALL, "", rest).object(201);
    assertThat(applied.spec().string("unknown", "")).isEqualTo("uk1");
  }

  @Test
  @Codename(
      "[sig-api-machinery] FieldValidation should create/apply an invalid CR with extra properties"
          + " for CRD with validation schema")
  void extraPropertiesOfAKindWithASchema() {
    Answer answer = apply(schema(false, ""), "", "unknownField: unknown\nspec:\n" + VALID);
    assertThat(answer.code()).isEqualTo(500);
    assertThat(answer.message()).contains(".unknownField: field not declared in schema");
  }

  @Test
  @Codename(
      "[sig-api-machinery] FieldValidation should detect unknown metadata fields in both the root and"
          + " embedded object of a CR")
  void unknownMetadataOfAnObjectAndOfTheOneInIt() {
    String template =
        """
        template:
          type: object
          x-kubernetes-embedded-resource: true
          properties:
            metadata:
              type: object
              properties:
                name: {type: string}
            spec: {type: object}
        """;
    String embedded =
        "spec:\n  template:\n    apiversion: foo/v1\n    kind: Sub\n    metadata:\n"
            + "      unknownSubMeta: unknown\n      name: subobject\n      namespace: "
            + framework.namespace()
            + "\n";
    Answer answer = apply(schema(true, template), "  unknownMeta: unknown\n", embedded + VALID);
    assertThat(answer.code()).isEqualTo(500);
    assertThat(answer.message())
        .containsAnyOf(
            ".spec.template.metadata.unknownSubMeta: field not declared in schema",
            ".metadata.unknownMeta: field not declared in schema");
  }

  @Test
  @Codename(
      "[sig-api-machinery] FieldValidation should detect duplicates in a CR when preserving unknown"
          + " fields")
  void duplicatesWhereUnknownFieldsAreKept() {
    Answer answer = apply(schema(true, ""), "", "spec:\n  unknown: uk1\n  foo: foo0\n" + VALID);
    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.text()).contains("line 9: key \\\"foo\\\" already set in map");
  }
}
