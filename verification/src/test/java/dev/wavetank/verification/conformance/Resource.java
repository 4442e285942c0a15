package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.verification.conformance.Framework.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A typed client of one resource, all of it or in one namespace. Its kind is looked up in
 * discovery, and every object is sent with it, as clients do. A request that is refused fails the
 * test, unless it is one of {@link #tryCreate} and the like.
 */
final class Resource {

  static final String MERGE = "application/merge-patch+json";
  static final String STRATEGIC = "application/strategic-merge-patch+json";
  static final String JSON = "application/json-patch+json";
  static final String APPLY = "application/apply-patch+yaml";

  private static final String TYPE = "Content-Type";
  private static final int CONFLICTS_MAX = 10;

  /** Kinds whose objects get something that is drawn, an address or the name of a volume. */
  private static final ImmutableSet<String> DRAWN = ImmutableSet.of("Pod", "Service");

  private final Framework framework;
  private final String apiVersion;
  private final String kind;
  private final String path;
  private final String plural;

  Resource(Framework framework, String namespace, String apiVersion, String plural) {
    this.framework = framework;
    this.apiVersion = apiVersion;
    this.plural = plural;
    String root = (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
    this.path = root + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + plural;
    this.kind = discovered(root).string("kind", "");
  }

  private KubeMap discovered(String root) {
    Answer answer = framework.get(root);
    KubeMap found = answer.json().listOrEmpty("resources").find("name", plural);
    assertThat(found).as("%s in %s", plural, answer.text()).isNotNull();
    return found;
  }

  String path() {
    return path;
  }

  String path(String name, String... subresource) {
    return path + "/" + name + (subresource.length == 0 ? "" : "/" + subresource[0]);
  }

  private KubeMap whole(KubeMap object) {
    KubeMap typed = object.withDefault("apiVersion", apiVersion);
    return typed.withDefault("kind", kind);
  }

  // Create.

  KubeObject create(String yaml) {
    return tryCreate(yaml).object(201);
  }

  KubeObject create(KubeObject object) {
    return tryCreate(object.root(), "").object(201);
  }

  Answer tryCreate(String yaml) {
    return tryCreate(Yaml.map(yaml), "");
  }

  /**
   * Creates an object or is refused: in protobuf where that is known, as typed clients do, after a
   * dry run in JSON, which must have the same outcome.
   *
   * @param query empty or such as {@code ?fieldValidation=Strict}
   */
  Answer tryCreate(KubeMap object, String query) {
    KubeMap whole = whole(object);
    if (!query.isEmpty() || !ProtobufWriter.knows(apiVersion, kind)) {
      return framework.send("POST", path + query, Json.write(whole), TYPE, "application/json");
    }
    Answer dry =
        framework.send("POST", path + "?dryRun=All", Json.write(whole), TYPE, "application/json");
    Answer answer =
        framework.send(
            "POST", path, ProtobufWriter.write(whole), TYPE, ProtobufWriter.CONTENT_TYPE);
    assertThat(answer.code())
        .as("%s and in JSON %s", answer.text(), dry.text())
        .isEqualTo(dry.code());
    if (answer.code() == 201 && !DRAWN.contains(kind)) {
      assertThat(content(answer)).isEqualTo(content(dry));
    }
    return answer;
  }

  private static KubeMap content(Answer answer) {
    return answer.json().without("metadata").without("status");
  }

  // Read.

  KubeObject get(String name, String... subresource) {
    return framework.get(path(name, subresource)).object(200);
  }

  boolean exists(String name) {
    return framework.get(path(name)).code() == 200;
  }

  /** Fails unless there is no such object. */
  void absent(String name) {
    Answer answer = framework.get(path(name));
    assertThat(answer.code()).as(answer.text()).isEqualTo(404);
    assertThat(answer.reason()).isEqualTo("NotFound");
  }

  /**
   * The list, which may be a page.
   *
   * @param query empty or such as {@code ?limit=5}
   */
  KubeMap listMap(String query) {
    KubeMap list = framework.get(path + query).object(200).root();
    assertThat(list.string("kind", "")).isEqualTo(kind + "List");
    assertThat(list.string("apiVersion", "")).isEqualTo(apiVersion);
    return list;
  }

  List<KubeObject> list(String query) {
    return items(listMap(query));
  }

  /** The objects with that label, such as {@code e2e=yes}. */
  List<KubeObject> labelled(String label) {
    return list(selector(label));
  }

  static List<KubeObject> items(KubeMap list) {
    List<KubeObject> items = new ArrayList<>();
    list.listOrEmpty("items").maps().forEach(item -> items.add(KubeObject.of(item)));
    return items;
  }

  static String selector(String label) {
    return "?labelSelector=" + label.replace("=", "%3D").replace(",", "%2C").replace(" ", "%20");
  }

  /** Watches from now on what has that label. */
  Events watch(String label) {
    return watchFrom(listMap("").mapOrEmpty("metadata").string("resourceVersion", ""), label);
  }

  /**
   * Watches.
   *
   * @param resourceVersion empty to begin with what is there
   * @param label empty for all
   */
  Events watchFrom(String resourceVersion, String label) {
    String query = label.isEmpty() ? "?" : selector(label) + "&";
    return framework.watch(path + query + "watch=true&resourceVersion=" + resourceVersion);
  }

  // Change.

  /** Replaces an object, or one of its subresources. */
  KubeObject update(KubeObject object, String... subresource) {
    return tryUpdate(object, subresource).object(200);
  }

  Answer tryUpdate(KubeObject object, String... subresource) {
    return framework.send(
        "PUT",
        path(object.name(), subresource),
        Json.write(whole(object.root())),
        TYPE,
        "application/json");
  }

  /** What is done to the newest version of an object, again after each conflict. */
  interface Change {
    KubeObject of(KubeObject newest);
  }

  KubeObject retryOnConflict(String name, Change change, String... subresource) {
    for (int tries = 0; tries < CONFLICTS_MAX; tries++) {
      Answer answer = tryUpdate(change.of(get(name)), subresource);
      if (answer.code() != 409) {
        return answer.object(200);
      }
    }
    throw new AssertionError("nothing but conflicts: " + path(name));
  }

  KubeObject patch(String type, String name, String yaml, String... subresource) {
    return tryPatch(type, path(name, subresource), yaml).object(200);
  }

  Answer tryPatch(String type, String target, String yaml) {
    String query = type.equals(APPLY) ? "?fieldManager=e2e&force=true" : "";
    String body = Json.write(Yaml.value(yaml));
    return framework.send("PATCH", target + query, body, TYPE, type);
  }

  // Delete.

  Answer delete(String name) {
    Answer answer = sendDelete(path(name));
    assertThat(answer.code()).as(answer.text()).isIn(200, 202);
    return answer;
  }

  /** Clients send options with every delete, in the form of their other bodies. */
  private Answer sendDelete(String target) {
    KubeMap options = KubeMap.of("kind", "DeleteOptions", "apiVersion", apiVersion);
    return ProtobufWriter.knows(apiVersion, kind)
        ? framework.send(
            "DELETE", target, ProtobufWriter.write(options), TYPE, ProtobufWriter.CONTENT_TYPE)
        : framework.send("DELETE", target, Json.write(options), TYPE, "application/json");
  }

  /** Deletes what has that label, and nothing else. */
  void deleteCollection(String label) {
    Map<String, String> others = versions("");
    versions(selector(label)).keySet().forEach(others::remove);
    Answer answer = sendDelete(path + selector(label));
    assertThat(answer.code()).as(answer.text()).isEqualTo(200);
    framework.await(() -> labelled(label).isEmpty());
    assertThat(versions("").keySet()).containsAll(others.keySet());
  }

  private Map<String, String> versions(String query) {
    Map<String, String> versions = new TreeMap<>();
    list(query)
        .forEach(
            object ->
                versions.put(object.namespace() + "/" + object.name(), object.resourceVersion()));
    return versions;
  }
}
