package dev.wavetank.core.apiserver.apiextensions.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.FieldErrors;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SchemaTest {

  private static KubeMap yaml(String text) {
    return (KubeMap) Manifests.value("test.yaml", text);
  }

  private static StructuralSchema schema(String properties) {
    return StructuralSchema.of(yaml("{type: object, properties: {" + properties + "}}"));
  }

  private static List<String> texts(FieldErrors errors) {
    List<String> texts = new ArrayList<>();
    for (Status.Cause cause : errors.causes()) {
      texts.add(cause.field() + ": " + cause.message());
    }
    return texts;
  }

  private static List<String> problems(String properties, String object) {
    FieldErrors errors = new FieldErrors();
    new SchemaValidation(schema(properties)).validate(yaml(object), null, errors);
    return texts(errors);
  }

  private static List<String> structure(String written) {
    FieldErrors errors = new FieldErrors();
    Structurality.validate(StructuralSchema.of(yaml(written)), "s", errors);
    OpenApiRules.validate(StructuralSchema.of(yaml(written)), "s", errors);
    return texts(errors);
  }

  @Test
  void textsHaveLengthsPatternsAndFormats() {
    assertThat(problems("a: {type: string, minLength: 2, maxLength: 3}", "{a: x}"))
        .containsExactly("a: Invalid value: \"x\": a in body should be at least 2 chars long");
    assertThat(problems("a: {type: string, maxLength: 3}", "{a: xxxx}"))
        .containsExactly("a: Too long: may not be more than 3 bytes");
    assertThat(problems("a: {type: string, format: date-time}", "{a: x}"))
        .containsExactly("a: Invalid value: \"x\": a in body must be of type date-time: \"x\"");
    assertThat(problems("a: {type: string, format: ipv4}", "{a: 10.0.0.1}")).isEmpty();
    assertThat(problems("a: {type: string, format: of-nobody}", "{a: x}")).isEmpty();
  }

  @Test
  void numbersHaveBounds() {
    assertThat(problems("a: {type: number, maximum: 3, exclusiveMaximum: true}", "{a: 3}"))
        .containsExactly("a: Invalid value: 3: a in body should be less than 3");
    assertThat(problems("a: {type: integer, multipleOf: 2}", "{a: 3}"))
        .containsExactly("a: Invalid value: 3: a in body should be a multiple of 2");
    assertThat(problems("a: {type: integer}", "{a: 1.5}"))
        .containsExactly(
            "a: Invalid value: \"number\": a in body must be of type integer: \"number\"");
    assertThat(problems("a: {type: integer}", "{a: 2.0}")).isEmpty();
  }

  @Test
  void listsAndMapsHaveSizes() {
    assertThat(problems("a: {type: array, maxItems: 1, items: {type: string}}", "{a: [x, 1]}"))
        .containsExactly(
            "a[1]: Invalid value: \"integer\": a[1] in body must be of type string: \"integer\"",
            "a: Too many: 2: must have at most 1 item");
    assertThat(
            problems(
                "a: {type: object, minProperties: 1, additionalProperties: {type: string}}",
                "{a: {}}"))
        .containsExactly("a: Invalid value: 0: a in body should have at least 1 properties");
  }

  @Test
  void anAbsentValueIsNoNull() {
    assertThat(problems("a: {type: string}", "{a: null}"))
        .containsExactly("a: Invalid value: \"null\": a in body must be of type string: \"null\"");
    assertThat(problems("a: {type: string, nullable: true}", "{a: null}")).isEmpty();
  }

  @Test
  void oneOfAndOthersTellWhichPartTheyAreAbout() {
    String a = "a: {type: object, properties: {x: {type: string}, y: {type: string}}, ";
    assertThat(problems(a + "oneOf: [{required: [x]}, {required: [y]}]}", "{a: {x: v, y: v}}"))
        .containsExactly(
            "<nil>: Invalid value: \"\": \"a\" must validate one and only one schema (oneOf). Found"
                + " 2 valid alternatives");
    assertThat(problems(a + "anyOf: [{required: [x]}, {required: [y]}]}", "{a: {}}"))
        .containsExactly(
            "<nil>: Invalid value: \"\": \"a\" must validate at least one schema (anyOf)",
            "a.x: Required value");
    assertThat(problems(a + "not: {required: [x]}}", "{a: {x: v}}"))
        .containsExactly("<nil>: Invalid value: \"\": \"a\" must not validate the schema (not)");
    assertThat(problems(a + "allOf: [{required: [x]}]}", "{a: {}}"))
        .containsExactly(
            "a.x: Required value",
            "<nil>: Invalid value: \"\": \"a\" must validate all the schemas (allOf). None"
                + " validated");
  }

  @Test
  void whatAnUpdateDoesNotChangeIsNotComplainedOf() {
    StructuralSchema schema = schema("a: {type: string, maxLength: 1}, b: {type: string}");
    FieldErrors errors = new FieldErrors();
    new SchemaValidation(schema).validate(yaml("{a: xx, b: z}"), yaml("{a: xx, b: y}"), errors);
    assertThat(texts(errors)).isEmpty();
  }

  @Test
  void aSchemaMustBeStructural() {
    assertThat(structure("{properties: {a: {type: array}}}"))
        .contains(
            "s.type: Required value: must not be empty at the root",
            "s.properties[a].items: Required value: must be specified");
    assertThat(
            structure("{type: object, properties: {a: {type: object, anyOf: [{type: string}]}}}"))
        .contains("s.properties[a].anyOf[0].type: Forbidden: must be empty to be structural");
    assertThat(structure("{type: object, anyOf: [{properties: {b: {maximum: 1}}}]}"))
        .contains(
            "s.properties[b]: Required value: because it is defined in s.anyOf[0].properties[b]");
    assertThat(
            structure(
                "{type: object, properties: {a: {x-kubernetes-int-or-string: true, anyOf:"
                    + " [{type: integer}, {type: string}]}}}"))
        .isEmpty();
    assertThat(
            structure(
                "{type: object, properties: {metadata: {type: object, properties:"
                    + " {labels: {type: object}}}}}"))
        .contains(
            "s.properties[metadata]: Forbidden: must not specify anything other than name and"
                + " generateName, but metadata is implicitly specified");
  }

  @Test
  void listTypesNeedWhatTheyGoBy() {
    assertThat(
            structure(
                "{type: object, properties: {a: {type: array, x-kubernetes-list-type: map, items:"
                    + " {type: object, properties: {k: {type: string}}}}}}"))
        .contains(
            "s.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if"
                + " x-kubernetes-list-type is map");
    assertThat(
            structure(
                "{type: object, properties: {a: {type: array, x-kubernetes-list-type: map,"
                    + " x-kubernetes-list-map-keys: [k], items: {type: object, properties:"
                    + " {k: {type: string}}}}}}"))
        .containsExactly(
            "s.properties[a].items.properties[k].default: Required value: this property is in"
                + " x-kubernetes-list-map-keys, so it must have a default or be a required"
                + " property");
  }

  @Test
  void aDefaultMustFitItsSchema() {
    FieldErrors errors = new FieldErrors();
    StructuralSchema schema =
        schema("a: {type: object, default: {x: 1}}, b: {type: string, default: 1}");
    OpenApiRules.validateDefaults(schema, "s", errors);
    assertThat(texts(errors))
        .contains("s.properties[a].default: Invalid value: {\"x\":1}: must not have unknown fields")
        .hasSize(2);
  }

  @Test
  void embeddedResourcesKeepTheirMetadata() {
    StructuralSchema schema =
        schema(
            "a: {type: object, x-kubernetes-embedded-resource: true, properties: {s: {type:"
                + " string}}}");
    KubeMap object =
        yaml("{a: {apiVersion: v1, kind: X, metadata: {name: nm, foo: 1}, s: t, bar: 1}}");
    assertThat(Json.write(Pruning.prune(object, schema)))
        .isEqualTo(
            "{\"a\":{\"apiVersion\":\"v1\",\"kind\":\"X\",\"metadata\":{\"name\":\"nm\"},"
                + "\"s\":\"t\"}}");
    assertThat(Pruning.unknownFields(object, schema)).containsExactly("a.bar", "a.metadata.foo");
  }

  @Test
  void aSchemaThatIsTooDeepIsRefused() {
    KubeMap deep = KubeMap.of("type", "object");
    for (int i = 0; i < StructuralSchema.DEPTH_MAX; i++) {
      deep = KubeMap.of("type", "object", "properties", KubeMap.of("a", deep));
    }
    KubeMap tooDeep = deep;
    assertThatThrownBy(() -> StructuralSchema.of(tooDeep))
        .isInstanceOf(StructuralSchema.SchemaDepthException.class);
  }

  @Provide
  Arbitrary<String> objects() {
    Arbitrary<String> leaf = Arbitraries.of("1", "\"x\"", "true", "null", "[1, 2]", "{p: 1}");
    Arbitrary<String> name = Arbitraries.of("a", "b", "c", "d");
    return net.jqwik.api.Combinators.combine(name, leaf)
        .as((n, l) -> n + ": " + l)
        .list()
        .ofMaxSize(4)
        .uniqueElements(entry -> entry.charAt(0))
        .map(entries -> "{" + String.join(", ", entries) + "}");
  }

  @Property(tries = 200)
  void pruningAndDefaultingTwiceChangesNothing(@ForAll("objects") String object) {
    StructuralSchema schema =
        schema(
            "a: {type: object, properties: {q: {type: string, default: z}}}, b: {type: string,"
                + " default: y}, c: {type: object, x-kubernetes-preserve-unknown-fields: true}");
    KubeMap once = SchemaDefaults.fill(Pruning.prune(yaml(object), schema), schema);
    KubeMap twice = SchemaDefaults.fill(Pruning.prune(once, schema), schema);
    assertThat(twice).isEqualTo(once);
    assertThat(Pruning.unknownFields(once, schema)).isEmpty();
  }
}
