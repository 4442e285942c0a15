package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.List;

/**
 * What upstream's tests named "should support … API operations" have in common: discovery, three
 * objects that are created, read, listed, watched, patched and updated, their status, their
 * deletion one by one and all at once.
 *
 * @param object what is created, without a name
 * @param names its names, parted by blanks; empty for names that the server makes
 * @param patch a merge patch beyond an annotation; {@code {}} for none
 * @param update values beyond an annotation that an update sets
 * @param statusPatch a merge patch of the status; empty where there is no status to ask for
 * @param statusUpdate values that an update of the status sets
 */
record ApiOperations(
    String object,
    String names,
    String patch,
    String update,
    String statusPatch,
    String statusUpdate) {

  private static final String LABEL = "special-label=e2e";

  static ApiOperations of(String object) {
    return new ApiOperations(object, "", "{}", "{}", "", "");
  }

  ApiOperations named(String theNames) {
    return new ApiOperations(object, theNames, patch, update, statusPatch, statusUpdate);
  }

  ApiOperations changed(String thePatch, String theUpdate) {
    return new ApiOperations(object, names, thePatch, theUpdate, statusPatch, statusUpdate);
  }

  ApiOperations status(String thePatch, String theUpdate) {
    return new ApiOperations(object, names, patch, update, thePatch, theUpdate);
  }

  /** Asks for everything, of a resource of the cluster. */
  void check(Framework framework, String apiVersion, String plural) {
    check(framework, apiVersion, plural, framework.resource(apiVersion, plural));
  }

  /** Asks for everything, of a resource in the test's namespace. */
  void checkNamespaced(Framework framework, String apiVersion, String plural) {
    check(framework, apiVersion, plural, framework.namespaced(apiVersion, plural));
  }

  private void check(Framework framework, String apiVersion, String plural, Resource resource) {
    discovery(framework, apiVersion, plural);
    List<KubeObject> made = create(resource);
    KubeObject one = made.get(made.size() - 1);
    assertThat(Long.parseLong(one.resourceVersion())).isPositive();
    assertThat(resource.get(one.name()).uid()).isEqualTo(one.uid());
    assertThat(resource.labelled(LABEL)).hasSize(made.size());
    Events events = resource.watch(LABEL);
    Resource everywhere = framework.resource(apiVersion, plural);
    assertThat(everywhere.labelled(LABEL)).hasSize(made.size());
    Events everywhereEvents = everywhere.watch(LABEL);
    change(resource, one);
    for (Events heard : List.of(events, everywhereEvents)) {
      assertThat(heard.expect("MODIFIED").annotations().string("patched")).isEqualTo("true");
    }
    if (!statusPatch.isEmpty()) {
      changeStatus(resource, one);
    }
    resource.delete(one.name());
    framework.await(() -> !resource.exists(one.name()));
    assertThat(resource.labelled(LABEL)).hasSize(made.size() - 1);
    resource.deleteCollection(LABEL);
  }

  private void discovery(Framework framework, String apiVersion, String plural) {
    String path = apiVersion.contains("/") ? "/apis/" + apiVersion : "/api/" + apiVersion;
    KubeList resources = framework.get(path).object(200).root().listOrEmpty("resources");
    assertThat(resources.find("name", plural)).isNotNull();
    if (!statusPatch.isEmpty()) {
      assertThat(resources.find("name", plural + "/status")).isNotNull();
    }
    int slash = apiVersion.indexOf('/');
    if (slash > 0) {
      String group = apiVersion.substring(0, slash);
      KubeMap groups = framework.get("/apis").object(200).root();
      KubeMap listed = groups.listOrEmpty("groups").find("name", group);
      assertThat(listed).isNotNull();
      KubeMap asked = framework.get("/apis/" + group).object(200).root();
      for (KubeMap found : List.of(listed, asked)) {
        assertThat(found.listOrEmpty("versions").find("groupVersion", apiVersion)).isNotNull();
      }
    }
  }

  private List<KubeObject> create(Resource resource) {
    String labels = "labels: {special-label: e2e}";
    List<KubeObject> made = new ArrayList<>();
    for (String name : names.split(" ", -1)) {
      String metadata = "{name: '" + name + "', " + labels + "}";
      if (!name.isEmpty()) {
        made.add(resource.create(Yaml.with(Yaml.object(object), "{metadata: " + metadata + "}")));
      }
    }
    while (names.isEmpty() && made.size() < 3) {
      String metadata = "{generateName: e2e-example-, " + labels + "}";
      made.add(resource.create(Yaml.with(Yaml.object(object), "{metadata: " + metadata + "}")));
    }
    return made;
  }

  private void change(Resource resource, KubeObject one) {
    KubeObject annotated =
        Yaml.with(Yaml.object(patch), "{metadata: {annotations: {patched: 'true'}}}");
    KubeObject patched = resource.patch(Resource.MERGE, one.name(), annotated.root().toString());
    Yaml.expect(patched, annotated.root().toString());
    assertThat(Long.parseLong(patched.resourceVersion()))
        .isGreaterThan(Long.parseLong(one.resourceVersion()));
    String changes =
        Yaml.with(Yaml.object(update), "{metadata: {annotations: {updated: 'true'}}}")
            .root()
            .toString();
    KubeObject updated = resource.retryOnConflict(one.name(), newest -> Yaml.with(newest, changes));
    Yaml.expect(updated, changes);
    assertThat(updated.annotations().string("patched")).isEqualTo("true");
  }

  private void changeStatus(Resource resource, KubeObject one) {
    KubeObject read = resource.get(one.name(), "status");
    assertThat(read.uid()).isEqualTo(one.uid());
    assertThat(read.kind()).isEqualTo(one.kind());
    assertThat(read.apiVersion()).isEqualTo(one.apiVersion());
    Yaml.expect(resource.patch(Resource.MERGE, one.name(), statusPatch, "status"), statusPatch);
    Yaml.expect(
        resource.retryOnConflict(one.name(), newest -> Yaml.with(newest, statusUpdate), "status"),
        statusUpdate);
  }
}
