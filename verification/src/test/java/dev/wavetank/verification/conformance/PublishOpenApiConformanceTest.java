package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.verification.conformance.Framework.Answer;
import org.junit.jupiter.api.Test;

/**
 * What upstream's tests ask of kubectl is asked of the server here, as kubectl does: {@code create}
 * with strict validation, and the OpenAPI v3 document that {@code explain} reads.
 *
 * <p>Follows test/e2e/apimachinery/crd_publish_openapi.go (v1.36).
 */
class PublishOpenApiConformanceTest {

  private static final KubeMap FOO =
      Yaml.map(
          """
          description: Foo CRD for Testing
          type: object
          properties:
            spec:
              type: object
              description: Specification of Foo
              properties:
                bars:
                  description: List of Bars and their specs.
                  type: array
                  items:
                    type: object
                    required: [name]
                    properties:
                      name: {description: Name of Bar., type: string}
                      age: {description: Age of Bar., type: string}
                      feeling:
                        description: Whether Bar is feeling great.
                        type: string
                        enum: [Great, Down]
                      bazs:
                        description: List of Bazs.
                        type: array
                        items: {type: string}
            status:
              type: object
              description: Status of Foo
              properties:
                bars:
                  description: List of Bars and their statuses.
                  type: array
                  items:
                    type: object
                    properties:
                      available: {type: boolean}
                      quxType: {pattern: in-tree|out-of-tree, type: string}
          """);

  private static final KubeMap WALDO =
      Yaml.map(
          """
          description: Waldo CRD for Testing
          type: object
          properties:
            spec:
              description: Specification of Waldo
              type: object
              properties:
                dummy: {description: Dummy property., type: object}
            status:
              description: Status of Waldo
              type: object
              properties:
                bars: {type: array, items: {type: object}}
          """);

  private static final ImmutableList<String> TYPE_META =
      ImmutableList.of("apiVersion", "kind", "metadata");

  private final Framework framework = Framework.of("crd-publish-openapi");
  private final CustomResources customResources = new CustomResources(framework);

  private KubeObject define(String suffix, String kind, KubeMap schema, String versions) {
    String group = "crd-publish-openapi-test-" + suffix + ".example.com";
    KubeObject made =
        customResources.create(
            CustomResources.definition(
                group, Ascii.toLowerCase(kind) + "s", kind, "Namespaced", schema, versions));
    for (String version : Splitter.on(' ').split(versions)) {
      expectDefinition(made, version, schema);
    }
    return made;
  }

  private static String definitionName(KubeObject definition, String version) {
    KubeMap spec = definition.spec();
    String group =
        String.join(".", Lists.reverse(Splitter.on('.').splitToList(spec.string("group", ""))));
    return group + "." + version + "." + spec.mapOrEmpty("names").string("kind", "");
  }

  private KubeMap published() {
    return framework.get("/openapi/v2").object(200).root().mapOrEmpty("definitions");
  }

  /** Waits for the schema, to which the server adds what every object has. */
  private void expectDefinition(KubeObject definition, String version, KubeMap schema) {
    String name = definitionName(definition, version);
    framework.await(() -> published().has(name));
    KubeMap found = published().mapOrEmpty(name).without("x-kubernetes-group-version-kind");
    if (schema.toString().contains("preserve-unknown")) {
      return;
    }
    KubeMap properties = found.mapOrEmpty("properties");
    assertThat(properties.keys()).containsAll(TYPE_META);
    for (String added : TYPE_META) {
      properties = properties.without(added);
    }
    assertThat(found.with("properties", properties)).isEqualTo(schema);
  }

  private void expectNoDefinition(KubeObject definition, String version) {
    framework.await(() -> !published().has(definitionName(definition, version)));
  }

  private void cleanUp(KubeObject definition, String versions) {
    customResources.delete(definition);
    for (String version : Splitter.on(' ').split(versions)) {
      expectNoDefinition(definition, version);
    }
  }

  private Resource objects(KubeObject definition) {
    return customResources.of(definition, framework.namespace());
  }

  private static Answer createStrictly(Resource objects, String rest) {
    return objects.tryCreate(
        Yaml.map("{metadata: {name: test-cr}, " + rest + "}"),
        "?fieldManager=kubectl-create&fieldValidation=Strict");
  }

  /** Created and deleted, twice: as kubectl does for create and for apply. */
  private static void expectAccepted(Resource objects, String rest) {
    for (int i = 0; i < 2; i++) {
      assertThat(createStrictly(objects, rest).code()).isEqualTo(201);
      objects.delete("test-cr");
    }
  }

  /** The schema that {@code kubectl explain} shows. */
  private KubeMap explained(KubeObject definition, String version) {
    String group = definition.spec().string("group", "");
    KubeMap document =
        framework.get("/openapi/v3/apis/" + group + "/" + version).object(200).root();
    Object schema = document.at("components", "schemas", definitionName(definition, version));
    assertThat(schema).isInstanceOf(KubeMap.class);
    return (KubeMap) schema;
  }

  private static String described(KubeMap schema, String... path) {
    return ((KubeMap) schema.at(path)).string("description", "");
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD with"
          + " validation schema")
  void withValidationSchema() {
    KubeObject definition = define("foo", "Foo", FOO, "v1");
    Resource objects = objects(definition);
    expectAccepted(objects, "spec: {bars: [{name: test-bar}]}");
    assertThat(
            createStrictly(objects, "spec: {bars: [{name: b, feeling: NonExistentValue}]}")
                .message())
        .contains("Unsupported value: \"NonExistentValue\"");
    assertThat(createStrictly(objects, "spec: {foo: true}").message())
        .contains("unknown field \"spec.foo\"");
    assertThat(createStrictly(objects, "spec: {bars: [{age: '10'}]}").message())
        .contains("spec.bars[0].name: Required value");
    KubeMap schema = explained(definition, "v1");
    assertThat(schema.string("description")).isEqualTo("Foo CRD for Testing");
    assertThat(described(schema, "properties", "apiVersion")).startsWith("APIVersion defines");
    assertThat(described(schema, "properties", "metadata"))
        .startsWith("Standard object's metadata");
    assertThat(described(schema, "properties", "spec")).isEqualTo("Specification of Foo");
    assertThat(described(schema, "properties", "spec", "properties", "bars"))
        .isEqualTo("List of Bars and their specs.");
    cleanUp(definition, "v1");
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD"
          + " without validation schema")
  void withoutValidationSchema() {
    KubeObject definition = define("empty", "Empty", CustomResources.ALLOW_ALL, "v1");
    assertThat(
            published()
                .mapOrEmpty(definitionName(definition, "v1"))
                .without("x-kubernetes-group-version-kind"))
        .isEqualTo(KubeMap.of("type", "object"));
    expectAccepted(objects(definition), "a: {b: [{c: d}]}");
    assertThat(explained(definition, "v1").has("description")).isFalse();
    cleanUp(definition, "v1");
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD"
          + " preserving unknown fields at the schema root")
  void unknownFieldsAtTheRoot() {
    KubeMap schema = WALDO.with("x-kubernetes-preserve-unknown-fields", true);
    KubeObject definition = define("unknown-at-root", "Waldo", schema, "v1");
    expectAccepted(objects(definition), "a: {b: [{c: d}]}");
    KubeMap kind =
        explained(definition, "v1").listOrEmpty("x-kubernetes-group-version-kind").map(0);
    assertThat(kind.string("kind", "")).isEqualTo("Waldo");
    cleanUp(definition, "v1");
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD"
          + " preserving unknown fields in an embedded object")
  void unknownFieldsInAnObject() {
    KubeMap schema =
        WALDO.withPath(true, "properties", "spec", "x-kubernetes-preserve-unknown-fields");
    KubeObject definition = define("unknown-in-nested", "Waldo", schema, "v1");
    expectAccepted(objects(definition), "spec: {a: null, b: [{c: d}]}");
    assertThat(explained(definition, "v1").string("description"))
        .isEqualTo("Waldo CRD for Testing");
    cleanUp(definition, "v1");
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple"
          + " CRDs of different groups")
  void definitionsOfDifferentGroups() {
    expectBoth("foo", "v1", "waldo", "v1beta1");
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple"
          + " CRDs of same group but different versions")
  void definitionsOfTheSameGroupInDifferentVersions() {
    KubeObject both = define("multi-ver", "Multi", FOO, "v2 v3");
    cleanUp(both, "v2 v3");
    expectBoth("common-group", "v4", "common-group", "v5");
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for multiple"
          + " CRDs of same group and version but different kinds")
  void definitionsOfTheSameGroupAndVersion() {
    expectBoth("common-group", "v6", "common-group", "v6");
  }

  private void expectBoth(
      String fooGroup, String fooVersion, String waldoGroup, String waldoVersion) {
    KubeObject foo = define(fooGroup, "Foo", FOO, fooVersion);
    KubeObject waldo = define(waldoGroup, "Waldo", WALDO, waldoVersion);
    expectDefinition(waldo, waldoVersion, WALDO);
    expectDefinition(foo, fooVersion, FOO);
    cleanUp(foo, fooVersion);
    cleanUp(waldo, waldoVersion);
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] updates the"
          + " published spec when one version gets renamed")
  void aVersionThatIsRenamed() {
    KubeObject definition = define("multi-ver", "Multi", FOO, "v2 v3");
    customResources.definitions.patch(
        Resource.JSON,
        definition.name(),
        "[{op: test, path: /spec/versions/1/name, value: v3},"
            + " {op: replace, path: /spec/versions/1/name, value: v4}]");
    expectDefinition(definition, "v4", FOO);
    expectNoDefinition(definition, "v3");
    expectDefinition(definition, "v2", FOO);
    cleanUp(definition, "v2 v4");
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] removes definition"
          + " from spec when one version gets changed to not be served")
  void aVersionThatIsNoLongerServed() {
    KubeObject definition = define("multi-to-single-ver", "Multi", FOO, "v5 v6alpha1");
    KubeObject newest = customResources.definitions.get(definition.name());
    KubeObject updated =
        customResources.definitions.update(
            newest.with(
                newest
                    .spec()
                    .listOrEmpty("versions")
                    .with(1, newest.spec().listOrEmpty("versions").map(1).with("served", false)),
                "spec",
                "versions"));
    assertThat(Long.parseLong(newest.resourceVersion()))
        .isLessThan(Long.parseLong(updated.resourceVersion()));
    expectNoDefinition(definition, "v6alpha1");
    expectDefinition(definition, "v5", FOO);
    cleanUp(definition, "v5");
  }
}
