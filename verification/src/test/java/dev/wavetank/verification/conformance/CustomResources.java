package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ascii;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.verification.conformance.Framework.Answer;
import org.jspecify.annotations.Nullable;

/** Definitions of custom resources for tests. */
final class CustomResources {

  /** A schema that knows nothing and keeps everything. */
  static final KubeMap ALLOW_ALL =
      Yaml.map("{type: object, x-kubernetes-preserve-unknown-fields: true}");

  private final Framework framework;
  final Resource definitions;

  CustomResources(Framework framework) {
    this.framework = framework;
    this.definitions = framework.resource("apiextensions.k8s.io/v1", "customresourcedefinitions");
  }

  /**
   * A definition whose first version is the one that is stored.
   *
   * @param scope {@code Cluster} or {@code Namespaced}
   * @param versions their names, parted by blanks
   */
  static KubeObject definition(
      String group, String plural, String kind, String scope, KubeMap schema, String versions) {
    KubeList all = KubeList.EMPTY;
    for (String version : versions.split(" ", -1)) {
      KubeMap made =
          KubeMap.of(
              "name",
              version,
              "served",
              true,
              "storage",
              all.isEmpty(),
              "schema",
              KubeMap.of("openAPIV3Schema", schema));
      all = all.plus(made);
    }
    KubeMap names =
        KubeMap.of(
            "plural",
            plural,
            "singular",
            Ascii.toLowerCase(kind),
            "kind",
            kind,
            "listKind",
            kind + "List");
    return Yaml.object("{metadata: {name: " + plural + "." + group + "}}")
        .with(KubeMap.of("group", group, "scope", scope, "names", names, "versions", all), "spec");
  }

  /** Creates a definition and waits until its objects are served. */
  KubeObject create(KubeObject definition) {
    definitions.create(definition);
    framework.await(() -> established(definitions.get(definition.name())));
    framework.await(() -> discovered(definition.spec()));
    return definitions.get(definition.name());
  }

  private static boolean established(KubeObject definition) {
    KubeMap condition = definition.status().listOrEmpty("conditions").find("type", "Established");
    return condition != null && condition.string("status", "").equals("True");
  }

  private boolean discovered(KubeMap spec) {
    String version = spec.listOrEmpty("versions").map(0).string("name", "");
    Answer answer = framework.get("/apis/" + spec.string("group", "") + "/" + version);
    Object plural = spec.at("names", "plural");
    return answer.code() == 200
        && answer.json().listOrEmpty("resources").find("name", String.valueOf(plural)) != null;
  }

  void delete(KubeObject definition) {
    definitions.delete(definition.name());
    framework.await(() -> !definitions.exists(definition.name()));
  }

  /** The objects of a definition's first version; namespace null for the cluster. */
  Resource of(KubeObject definition, @Nullable String namespace) {
    KubeMap spec = definition.spec();
    String version = spec.listOrEmpty("versions").map(0).string("name", "");
    String plural = spec.mapOrEmpty("names").string("plural", "");
    assertThat(plural).isNotEmpty();
    return framework.resourceIn(
        namespace == null ? "" : namespace, spec.string("group", "") + "/" + version, plural);
  }
}
