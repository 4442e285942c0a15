package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.verification.conformance.Framework.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * ConfigMaps and Secrets as objects.
 *
 * <p>Follows test/e2e/common/node/configmap.go and secrets.go, and
 * test/e2e/common/storage/configmap_volume.go and secrets_volume.go (v1.36).
 */
class ConfigurationConformanceTest {

  private final Framework framework = Framework.of("configuration");
  private final Resource configMaps = framework.namespaced("v1", "configmaps");
  private final Resource secrets = framework.namespaced("v1", "secrets");

  @Test
  @Codename("[sig-node] ConfigMap should fail to create ConfigMap with empty key")
  void aConfigMapWithAnEmptyKey() {
    Answer answer = configMaps.tryCreate("{metadata: {name: c}, data: {'': value-1}}");
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message()).contains("data[]: Invalid value: \"\"");
  }

  @Test
  @Codename("[sig-node] Secrets should fail to create secret due to empty secret key")
  void aSecretWithAnEmptyKey() {
    Answer answer = secrets.tryCreate("{metadata: {name: s}, data: {'': dmFsdWUtMQ==}}");
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message()).contains("data[]: Invalid value: \"\"");
  }

  @Test
  @Codename("[sig-node] ConfigMap should update ConfigMap successfully [NodeConformance]")
  void aConfigMapIsUpdated() {
    configMaps.create("{metadata: {name: c}}");
    configMaps.update(Yaml.object("{metadata: {name: c}, data: {data: value}}"));
    assertThat(configMaps.get("c").root().map("data")).isEqualTo(KubeMap.of("data", "value"));
  }

  @Test
  @Codename("[sig-node] ConfigMap should run through a ConfigMap lifecycle")
  void theLifecycleOfAConfigMap() {
    configMaps.create(
        "{metadata: {name: c, labels: {test-configmap-static: 'true'}}, data: {valueName: value}}");
    KubeObject read = configMaps.get("c");
    Yaml.expect(
        read, "{metadata: {labels: {test-configmap-static: 'true'}}, data: {valueName: value}}");
    KubeObject patched =
        configMaps.patch(
            Resource.STRATEGIC,
            "c",
            "{metadata: {labels: {test-configmap: patched}, creationTimestamp: null}, data:"
                + " {valueName: value1}}");
    assertThat(Long.parseLong(patched.resourceVersion()))
        .isGreaterThan(Long.parseLong(read.resourceVersion()));
    List<KubeObject> found =
        framework.resource("v1", "configmaps").labelled("test-configmap=patched");
    assertThat(found).hasSize(1);
    Yaml.expect(
        found.get(0),
        "{metadata: {name: c, labels: {test-configmap-static: 'true'}}, data: {valueName:"
            + " value1}}");
    configMaps.deleteCollection("test-configmap-static=true");
  }

  @Test
  @Codename("[sig-node] Secrets should patch a secret")
  void aSecretIsPatched() {
    KubeObject made =
        secrets.create(
            "{metadata: {name: s, labels: {testsecret-constant: 'true'}}, data: {key: dmFsdWU=},"
                + " type: Opaque}");
    Resource everywhere = framework.resource("v1", "secrets");
    assertThat(everywhere.labelled("testsecret-constant=true"))
        .extracting(KubeObject::name)
        .containsExactly("s");
    secrets.patch(
        Resource.STRATEGIC,
        "s",
        "{metadata: {labels: {testsecret: 'true'}}, data: {key: dmFsdWUx}}");
    KubeObject read = secrets.get("s");
    assertThat(read.at("data", "key")).isEqualTo("dmFsdWUx");
    assertThat(Long.parseLong(read.resourceVersion()))
        .isGreaterThan(Long.parseLong(made.resourceVersion()));
    secrets.deleteCollection("testsecret=true");
    assertThat(everywhere.labelled("testsecret-constant=true")).isEmpty();
  }

  @Test
  @Codename("[sig-storage] ConfigMap should be immutable if `immutable` field is set")
  void immutableConfigMaps() {
    expectImmutable(
        configMaps,
        "{metadata: {name: immutable}, data: {data-1: value-1}}",
        "{data: {data-4: v}}");
  }

  @Test
  @Codename("[sig-storage] Secrets should be immutable if `immutable` field is set")
  void immutableSecrets() {
    expectImmutable(
        secrets,
        "{metadata: {name: immutable}, data: {data-1: dmFsdWU=}}",
        "{data: {data-4: dmFsdWU=}}");
  }

  /** Data can be changed until the object is marked, and the mark stays. */
  private static void expectImmutable(Resource resource, String object, String moreData) {
    resource.create(object);
    KubeObject changed = resource.update(Yaml.with(resource.get("immutable"), moreData));
    KubeObject marked = resource.update(changed.with(true, "immutable"));
    KubeObject unmarked = marked.withRoot(marked.root().without("immutable"));
    assertThat(resource.tryUpdate(unmarked).code()).isEqualTo(422);
    KubeObject emptied = marked.withRoot(marked.root().without("data"));
    assertThat(resource.tryUpdate(emptied).message()).contains("field is immutable when");
    Yaml.expect(
        resource.update(Yaml.with(marked, "{metadata: {labels: {label1: value1}}}")),
        "{immutable: true, metadata: {labels: {label1: value1}}}");
    resource.delete("immutable");
    resource.absent("immutable");
  }
}
