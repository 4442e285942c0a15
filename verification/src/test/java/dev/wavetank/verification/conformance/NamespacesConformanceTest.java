package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import org.junit.jupiter.api.Test;

/** Follows test/e2e/apimachinery/namespace.go (v1.36). */
class NamespacesConformanceTest {

  private static final String FINALIZER = "e2e.example.com/fakeFinalizer";

  private final Framework framework = Framework.of("namespaces");
  private final Resource namespaces = framework.resource("v1", "namespaces");

  @Test
  @Codename(
      "[sig-api-machinery] Namespaces [Serial] should ensure that all services are removed when a"
          + " namespace is deleted")
  void servicesGoWithTheirNamespace() {
    framework.createNamespace("nsdeletetest");
    Resource services = framework.resourceIn("nsdeletetest", "v1", "services");
    services.create(
        "{metadata: {name: test-service}, spec: {selector: {foo: bar, baz: blah}, ports: [{port:"
            + " 80, targetPort: 80}]}}");
    namespaces.delete("nsdeletetest");
    framework.await(() -> !namespaces.exists("nsdeletetest"));
    framework.createNamespace("nsdeletetest");
    services.absent("test-service");
  }

  @Test
  @Codename("[sig-api-machinery] Namespaces [Serial] should patch a Namespace")
  void patched() {
    KubeObject made = framework.createNamespace("nspatchtest");
    KubeObject patched =
        namespaces.patch(
            Resource.STRATEGIC, "nspatchtest", "{metadata: {labels: {testLabel: testValue}}}");
    assertThat(Long.parseLong(patched.resourceVersion()))
        .isGreaterThan(Long.parseLong(made.resourceVersion()));
    assertThat(namespaces.get("nspatchtest").labels().string("testLabel")).isEqualTo("testValue");
  }

  @Test
  @Codename("[sig-api-machinery] Namespaces [Serial] should apply changes to a namespace status")
  void theStatus() {
    String name = framework.namespace();
    assertThat(namespaces.get(name, "status").status().string("phase")).isEqualTo("Active");
    String patch =
        "{metadata: {annotations: {e2e-patched-ns-status: yes-it-is}}, status: {conditions: [{type:"
            + " StatusPatch, status: 'True', reason: E2E, message: Patched by an e2e test}]}}";
    Yaml.expect(namespaces.patch(Resource.MERGE, name, patch, "status"), patch);
    KubeMap condition =
        Yaml.map(
            "{type: StatusUpdate, status: 'True', reason: E2E, message: Updated by an e2e test}");
    KubeObject updated =
        namespaces.retryOnConflict(
            name,
            newest ->
                newest.with(
                    newest.status().listOrEmpty("conditions").plus(condition),
                    "status",
                    "conditions"),
            "status");
    KubeList conditions = updated.status().listOrEmpty("conditions");
    assertThat(conditions.size()).isEqualTo(2);
    assertThat(conditions.map(1).string("message")).isEqualTo("Updated by an e2e test");
  }

  @Test
  @Codename("[sig-api-machinery] Namespaces [Serial] should apply an update to a Namespace")
  void updated() {
    KubeObject updated =
        namespaces.retryOnConflict(
            framework.namespace(),
            newest -> Yaml.with(newest, "{metadata: {labels: {e2e: updated}}}"));
    assertThat(updated.labels().string("e2e")).isEqualTo("updated");
  }

  @Test
  @Codename("[sig-api-machinery] Namespaces [Serial] should apply a finalizer to a Namespace")
  void aFinalizerInTheSpec() {
    framework.createNamespace("e2e-ns");
    KubeObject added =
        namespaces.retryOnConflict(
            "e2e-ns",
            newest ->
                newest.with(
                    newest.spec().listOrEmpty("finalizers").plus(FINALIZER), "spec", "finalizers"),
            "finalize");
    assertThat(added.spec().listOrEmpty("finalizers").contains(FINALIZER)).isTrue();
    KubeObject removed =
        namespaces.retryOnConflict(
            "e2e-ns",
            newest -> {
              KubeList finalizers = newest.spec().listOrEmpty("finalizers");
              return newest.with(
                  finalizers.without(finalizers.indexOf(FINALIZER)), "spec", "finalizers");
            },
            "finalize");
    assertThat(removed.spec().listOrEmpty("finalizers").contains(FINALIZER)).isFalse();
  }
}
