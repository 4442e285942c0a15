package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;

/**
 * What upstream's tests named "should run through the lifecycle of …" have in common: one object is
 * created, read, patched with a label, listed by it and deleted, another one is updated with a
 * label and deleted as a collection.
 */
final class Lifecycle {

  private Lifecycle() {}

  /**
   * Runs through it.
   *
   * @param object what is created, without a name
   * @param type of the patch
   */
  static void check(Framework framework, Resource resource, String object, String type) {
    KubeObject first = create(resource, object, "first");
    assertThat(Long.parseLong(first.resourceVersion())).isPositive();
    assertThat(resource.get("e2e-first").uid()).isEqualTo(first.uid());
    KubeObject patched =
        resource.patch(type, "e2e-first", "{metadata: {labels: {e2e-first: patched}}}");
    assertThat(patched.labels().string("e2e-first")).isEqualTo("patched");
    assertThat(Long.parseLong(patched.resourceVersion()))
        .isGreaterThan(Long.parseLong(first.resourceVersion()));
    assertThat(resource.labelled("e2e-first=patched")).hasSize(1);
    resource.delete("e2e-first");
    framework.await(() -> resource.labelled("e2e-first=patched").isEmpty());
    for (String name : new String[] {"second", "third"}) {
      create(resource, object, name);
      KubeObject updated =
          resource.retryOnConflict(
              "e2e-" + name, newest -> Yaml.with(newest, "{metadata: {labels: {e2e: updated}}}"));
      assertThat(updated.labels().string("e2e")).isEqualTo("updated");
    }
    assertThat(resource.labelled("e2e=updated")).hasSize(2);
    resource.deleteCollection("e2e=updated");
  }

  private static KubeObject create(Resource resource, String object, String name) {
    KubeObject named = Yaml.with(Yaml.object(object), "{metadata: {name: e2e-" + name + "}}");
    KubeObject created = resource.create(named);
    assertThat(resource.tryCreate(named.root(), "").reason()).isEqualTo("AlreadyExists");
    return created;
  }
}
