package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import org.jspecify.annotations.Nullable;

/** Trees that are written down in tests. */
final class Yaml {

  private Yaml() {}

  /** The tree of a YAML text. */
  static Object value(String yaml) {
    return Manifests.value("test", yaml);
  }

  static KubeMap map(String yaml) {
    return (KubeMap) value(yaml);
  }

  static KubeObject object(String yaml) {
    return KubeObject.of(map(yaml));
  }

  /** The tree of a JSON text. */
  static KubeMap json(String json) {
    return (KubeMap) Json.read(json);
  }

  /** An object with the values of a tree, which come beside those that it has. */
  static KubeObject with(KubeObject object, String yaml) {
    return KubeObject.of(merged(object.root(), map(yaml)));
  }

  private static KubeMap merged(KubeMap tree, KubeMap changes) {
    KubeMap result = tree;
    for (int i = 0; i < changes.size(); i++) {
      String key = changes.keyAt(i);
      Object value = changes.valueAt(i);
      KubeMap present = result.map(key);
      result =
          result.with(
              key, value instanceof KubeMap map && present != null ? merged(present, map) : value);
    }
    return result;
  }

  /** Checks that an object has all values of a tree; it may have more. */
  static void expect(KubeObject object, String yaml) {
    assertThat(contains(object.root(), value(yaml)))
        .as("%s has not all of %s", object.root(), yaml)
        .isTrue();
  }

  private static boolean contains(@Nullable Object tree, Object wanted) {
    if (wanted instanceof KubeMap map) {
      if (!(tree instanceof KubeMap found)) {
        return map.isEmpty();
      }
      for (int i = 0; i < map.size(); i++) {
        if (!contains(found.get(map.keyAt(i)), map.valueAt(i))) {
          return false;
        }
      }
      return true;
    }
    if (wanted instanceof KubeList list) {
      boolean same = tree instanceof KubeList found && found.size() == list.size();
      for (int i = 0; same && i < list.size(); i++) {
        same = contains(((KubeList) tree).get(i), list.get(i));
      }
      return same;
    }
    return wanted.equals(tree);
  }
}
