package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.List;

/**
 * What upstream's newer tests ask of a resource: an object is created under strict validation,
 * updated, patched in each of the four ways, with its status, and deleted, while two watches hear
 * of everything, one of them in all namespaces.
 *
 * <p>Follows test/e2e/framework/conformance/conformance.go (v1.36).
 *
 * @param object what is created
 * @param change values that an update or a patch sets
 * @param statusChange the same of its status; empty where it has none
 * @param types of the patches
 */
record CrudOperations(
    String object, String change, String statusChange, ImmutableList<String> types) {

  private static final String LABEL = "e2e-test.kubernetes.io=e2e";

  void check(Framework framework, String apiVersion, Resource resource) {
    String plural = resource.path().substring(resource.path().lastIndexOf('/') + 1);
    List<Events> watches = new ArrayList<>();
    watches.add(resource.watch(LABEL));
    watches.add(framework.resource(apiVersion, plural).watch(LABEL));
    KubeMap initial =
        Yaml.with(
                Yaml.object(object),
                "{metadata: {name: test, labels: {e2e-test.kubernetes.io: e2e}}}")
            .root();
    KubeObject last = resource.tryCreate(initial, "?fieldValidation=Strict").object(201);
    Yaml.expect(last, initial.toString());
    watches.forEach(watch -> watch.expect("ADDED"));
    Yaml.expect(resource.get("test"), initial.toString());
    last = updated(resource, last);
    for (String type : types) {
      resource.delete("test");
      resource.create(KubeObject.of(initial));
      last = patched(resource, type);
    }
    resource.delete("test");
    framework.await(() -> !resource.exists("test"));
    for (Events watch : watches) {
      KubeObject gone = last;
      watch.await("DELETED", deleted -> deleted.uid().equals(gone.uid()));
    }
    resource.create(KubeObject.of(initial));
    resource.deleteCollection(LABEL);
  }

  private KubeObject updated(Resource resource, KubeObject created) {
    KubeObject updated = resource.retryOnConflict("test", newest -> Yaml.with(newest, change));
    Yaml.expect(updated, change);
    assertThat(Long.parseLong(updated.resourceVersion()))
        .isGreaterThan(Long.parseLong(created.resourceVersion()));
    if (!statusChange.isEmpty()) {
      updated =
          resource.retryOnConflict("test", newest -> Yaml.with(newest, statusChange), "status");
      Yaml.expect(updated, statusChange);
      Yaml.expect(updated, change);
    }
    return updated;
  }

  private KubeObject patched(Resource resource, String type) {
    KubeObject patched = resource.patch(type, "test", body(resource, type, change));
    Yaml.expect(patched, change);
    if (!statusChange.isEmpty()) {
      patched = resource.patch(type, "test", body(resource, type, statusChange), "status");
      Yaml.expect(patched, statusChange);
    }
    return patched;
  }

  /** A patch names the object that it is for, but for JSON patches, which replace a whole part. */
  private static String body(Resource resource, String type, String values) {
    KubeObject newest = resource.get("test");
    if (type.equals(Resource.JSON)) {
      KubeMap map = Yaml.map(values);
      String part = map.keyAt(0);
      KubeObject changed = Yaml.with(newest, values);
      return "[{op: add, path: /" + part + ", value: " + changed.root().get(part) + "}]";
    }
    KubeMap metadata =
        Yaml.map(values)
            .mapOrEmpty("metadata")
            .with("name", newest.name())
            .with("uid", newest.uid());
    return Yaml.map(values)
        .with("apiVersion", newest.apiVersion())
        .with("kind", newest.kind())
        .with("metadata", metadata)
        .toString();
  }
}
