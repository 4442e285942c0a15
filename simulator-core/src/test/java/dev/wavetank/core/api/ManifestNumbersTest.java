package dev.wavetank.core.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of manifests that take any number, as the bounds of a custom resource's fields. */
class ManifestNumbersTest {

  private static String definition(String minimum) {
    return """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: foos.example.com}
        spec:
          group: example.com
          names: {kind: Foo, plural: foos}
          scope: Namespaced
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, properties: {n: {type: number, minimum: %s}}}}
        """
        .formatted(minimum);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "0.5", "-3", "1e3"})
  void aBoundIsANumber(String minimum) {
    assertThat(Manifests.read("crd.yaml", definition(minimum))).hasSize(1);
  }

  @Test
  void aBoundIsNoText() {
    assertThatThrownBy(() -> Manifests.read("crd.yaml", definition("few")))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("crd.yaml:12")
        .hasMessageContaining("a number");
  }
}
