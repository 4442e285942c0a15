package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaField;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.api.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The schema's word {@code inert} against the code: trees are read by name, so a field that no code
 * names has no effect, and a name that only inert fields have must not be read.
 */
class HonouredFieldsTest {

  /** Rooms that name fields without giving them an effect: schema, checks, defaults, printing. */
  private static final ImmutableList<String> WITHOUT_EFFECT =
      ImmutableList.of(
          "/core/api/",
          "/core/apiserver/registry/",
          "/core/apiserver/printers/",
          "/core/apiserver/admission/PodSecurityChecks.java",
          "/core/apiserver/http/",
          "/cli/",
          "/core/apiserver/http/",
          "/core/apiserver/protobuf/",
          "/cli/",
          "/core/kubectl/",
          "/core/kubelet/StatusTrees.java",
          "/core/kubelet/NodeRegistration.java",
          "/scenarios/bench/");

  /** Fields that the API server alone honours: it keeps, converts or enforces what they say. */
  private static final ImmutableSet<String> OF_THE_API_SERVER =
      ImmutableSet.of(
          "core.ConfigMap.immutable",
          "core.Secret.immutable",
          "core.Secret.stringData",
          "core.PodAffinityTerm.mismatchLabelKeys",
          "core.PodSpec.serviceAccount",
          "core.ServiceSpec.ipFamilyPolicy",
          "core.ServiceSpec.allocateLoadBalancerNodePorts");

  /** Fields that have their effect by what they lie in, which code reads as a whole. */
  private static final ImmutableSet<String> AS_A_WHOLE =
      ImmutableSet.of(
          "core.PodResourceClaim.resourceClaimName",
          "core.PodResourceClaim.resourceClaimTemplateName");

  /**
   * Marked fields that code names for another reason: it drops, copies or writes them, or has
   * another thing of that name.
   */
  private static final ImmutableSet<String> NAMED_AND_INERT =
      ImmutableSet.of(
          "selfLink",
          "managedFields",
          "imagePullSecrets",
          "subsets",
          "os",
          "secrets",
          "matchPolicy",
          "partition",
          "privileged",
          "system",
          "gateway",
          "parentRef");

  /** A field, under its type and the place where a kind has it. */
  private record Place(String qualified, SchemaField field, boolean inert) {}

  private final Map<String, Place> places = new LinkedHashMap<>();
  private final String code = code();

  HonouredFieldsTest() {
    Schema schema = Schema.builtIn();
    for (String kind : schema.kinds()) {
      SchemaType type = schema.kind(schema.apiVersions(kind).get(0), kind);
      if (type != null && !kind.equals("Event")) {
        walk(type, false);
      }
    }
  }

  private void walk(SchemaType type, boolean inert) {
    for (SchemaField field : type.fields()) {
      boolean status = type.name().matches("[A-Z].*") && field.name().equals("status");
      String qualified = type + "." + field.name();
      boolean nothing = inert || field.inert();
      Place known = places.get(qualified);
      if (status || (known != null && (nothing || !known.inert))) {
        continue;
      }
      places.put(qualified, new Place(qualified, field, nothing));
      SchemaType below = object(field.shape());
      if (below != null) {
        walk(below, nothing);
      }
    }
  }

  private static @Nullable SchemaType object(Shape shape) {
    Shape element = shape.element();
    return shape.object() != null || element == null ? shape.object() : object(element);
  }

  private static String code() {
    StringBuilder code = new StringBuilder();
    for (Path module : Checkout.modules()) {
      for (Path file : Checkout.files(module.resolve("src/main/java"), ".java")) {
        String path = file.toString().replace('\\', '/');
        if (WITHOUT_EFFECT.stream().noneMatch(path::contains)) {
          code.append(Checkout.read(file));
        }
      }
    }
    return code.toString();
  }

  private boolean isNamed(String field) {
    return code.contains("\"" + field + "\"");
  }

  @Test
  void aFieldThatNoCodeNamesIsMarked() {
    List<String> unmarked = new ArrayList<>();
    for (Place place : places.values()) {
      boolean effect =
          isNamed(place.field.name())
              || OF_THE_API_SERVER.contains(place.qualified)
              || AS_A_WHOLE.contains(place.qualified);
      if (!place.inert && !effect) {
        unmarked.add(place.qualified);
      }
    }
    assertThat(unmarked).as("fields without effect that lack the word inert").isEmpty();
  }

  @Test
  void aMarkedFieldIsNotRead() {
    Set<String> honoured = new LinkedHashSet<>();
    Set<String> inert = new LinkedHashSet<>();
    for (Place place : places.values()) {
      if (!place.inert) {
        honoured.add(place.field.name());
      } else if (place.field.inert()) {
        inert.add(place.field.name());
      }
    }
    inert.removeAll(honoured);
    inert.removeAll(NAMED_AND_INERT);
    assertThat(inert).hasSizeGreaterThan(40);
    assertThat(inert.stream().filter(this::isNamed))
        .as("names that only marked fields have, and that some code reads")
        .isEmpty();
  }
}
