package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Follows test/e2e/apimachinery/custom_resource_definition.go and crd_watch.go (v1.36). */
class CustomResourceDefinitionConformanceTest {

  private static final int LISTED = 10;

  private final Framework framework = Framework.of("custom-resource-definition");
  private final CustomResources customResources = new CustomResources(framework);

  private static KubeObject definition(int number, KubeMap schema) {
    return CustomResources.definition(
        "mygroup" + number + ".example.com", "foos" + number, "Foo", "Cluster", schema, "v1beta1");
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple"
          + " CustomResourceDefinition creating/deleting custom resource definition objects works")
  void createdAndDeleted() {
    KubeObject made = customResources.create(definition(1, CustomResources.ALLOW_ALL));
    assertThat(made.status().mapOrEmpty("acceptedNames").string("plural", "")).isEqualTo("foos1");
    customResources.delete(made);
    customResources.definitions.absent(made.name());
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple"
          + " CustomResourceDefinition listing custom resource definition objects works")
  void listedAndDeletedByLabel() {
    List<KubeMap> specs = new ArrayList<>();
    for (int i = 0; i < LISTED; i++) {
      KubeObject labelled =
          definition(i, CustomResources.ALLOW_ALL)
              .with(KubeMap.of("e2e-list-test-uuid", "u"), "metadata", "labels");
      specs.add(customResources.create(labelled).spec());
    }
    KubeObject other = customResources.create(definition(LISTED, CustomResources.ALLOW_ALL));
    String label = "e2e-list-test-uuid=u";
    assertThat(customResources.definitions.labelled(label))
        .extracting(KubeObject::spec)
        .containsExactlyElementsOf(specs);
    customResources.definitions.deleteCollection(label);
    assertThat(customResources.definitions.get(other.name()).spec()).isEqualTo(other.spec());
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] Simple"
          + " CustomResourceDefinition getting/updating/patching custom resource definition status"
          + " sub-resource works")
  void theStatusSubresource() {
    KubeObject made = customResources.create(definition(1, CustomResources.ALLOW_ALL));
    KubeMap updated = KubeMap.of("type", "", "status", "", "message", "updated");
    KubeObject status = customResources.definitions.get(made.name(), "status");
    assertThat(status.spec()).isEqualTo(made.spec());
    KubeObject changed =
        customResources.definitions.retryOnConflict(
            made.name(),
            newest ->
                newest.with(
                    newest.status().listOrEmpty("conditions").plus(updated),
                    "status",
                    "conditions"),
            "status");
    assertThat(messages(changed)).contains("updated");
    KubeObject patched =
        customResources.definitions.patch(
            Resource.JSON,
            made.name(),
            "[{op: add, path: /status/conditions, value: [{message: patched}]}]",
            "status");
    assertThat(messages(patched)).contains("patched");
  }

  private static List<String> messages(KubeObject definition) {
    List<String> messages = new ArrayList<>();
    KubeList conditions = definition.status().listOrEmpty("conditions");
    conditions.maps().forEach(condition -> messages.add(condition.string("message", "")));
    return messages;
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] custom"
          + " resource defaulting for requests and from storage works")
  void defaultsForRequestsAndFromStorage() {
    KubeMap schema = Yaml.map("{type: object, properties: {a: {type: string}, b: {type: string}}}");
    KubeObject definition = customResources.create(definition(1, schema));
    Resource objects = customResources.of(definition, null);
    KubeObject first = objects.create("{metadata: {name: cr-1}}");
    assertThat(first.root().has("a")).isFalse();
    String properties = "/spec/versions/0/schema/openAPIV3Schema/properties/";
    customResources.definitions.patch(
        Resource.JSON,
        definition.name(),
        "[{op: add, path: " + properties + "a/default, value: A}]");
    framework.await(() -> objects.get("cr-1").root().has("a"));
    assertThat(objects.get("cr-1").at("a")).isEqualTo("A");
    KubeObject second = objects.create("{metadata: {name: cr-2}}");
    assertThat(second.at("a")).isEqualTo("A");
    customResources.definitions.patch(
        Resource.JSON,
        definition.name(),
        "[{op: remove, path: "
            + properties
            + "a/default}, {op: add, path: "
            + properties
            + "b/default, value: B}]");
    framework.await(() -> objects.get("cr-2").root().has("b"));
    assertThat(objects.get("cr-2").at("b")).isEqualTo("B");
    assertThat(objects.get("cr-2").at("a")).isEqualTo("A");
    assertThat(Long.parseLong(first.resourceVersion()))
        .isLessThan(Long.parseLong(second.resourceVersion()));
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourceDefinition Watch [Privileged:ClusterAdmin]"
          + " CustomResourceDefinition Watch watch on custom resource definition objects")
  void watchesByName() {
    KubeObject definition = customResources.create(definition(1, CustomResources.ALLOW_ALL));
    Resource objects = customResources.of(definition, null);
    Events first = watch(objects, "name1");
    Events second = watch(objects, "name2");
    KubeObject made =
        objects.create("{metadata: {name: name1}, content: {key: value}, num: {num1: 8}}");
    assertThat(made.uid()).isNotEmpty();
    assertThat(made.apiVersion()).isEqualTo("mygroup1.example.com/v1beta1");
    assertThat(made.kind()).isEqualTo("Foo");
    first.expect("ADDED", made);
    second.expectNothing();
    second.expect("ADDED", objects.create("{metadata: {name: name2}}"), first);
    String dummy = "[{op: add, path: /dummy, value: test}]";
    first.expect("MODIFIED", objects.patch(Resource.JSON, "name1", dummy), second);
    second.expect("MODIFIED", objects.patch(Resource.JSON, "name2", dummy), first);
    objects.delete("name1");
    first.expect("DELETED");
    second.expectNothing();
    objects.delete("name2");
    second.expect("DELETED");
    first.expectNothing();
  }

  private Events watch(Resource objects, String name) {
    return framework.watch(
        objects.path() + "?watch=true&timeoutSeconds=600&fieldSelector=metadata.name%3D" + name);
  }
}
