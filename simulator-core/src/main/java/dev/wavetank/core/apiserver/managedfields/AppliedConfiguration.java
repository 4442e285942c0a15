package dev.wavetank.core.apiserver.managedfields;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.SchemaType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that is merged into an object and of which no account is kept: what an admission
 * policy applies.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch/smd.go
 * (v1.36).
 */
public final class AppliedConfiguration {

  private AppliedConfiguration() {}

  /**
   * The object with the configuration.
   *
   * @param schema of the object's kind; null when nothing is known of it
   * @throws IllegalArgumentException when the configuration is not of that kind, or would replace
   *     what is owned as a whole
   */
  public static KubeMap merge(KubeMap object, KubeMap configuration, @Nullable SchemaType schema) {
    FieldType type = FieldType.of(schema);
    String problem = TypedPatch.problem(configuration, type);
    if (problem != null) {
      throw new IllegalArgumentException(
          "error applying patch: failed to convert patch object to typed object: " + problem);
    }
    List<String> atomics = new ArrayList<>();
    atomics(configuration, type, "", atomics);
    if (!atomics.isEmpty()) {
      throw new IllegalArgumentException(
          "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or"
              + " structs: "
              + String.join(", ", atomics));
    }
    return Merge.merge(object, configuration, type);
  }

  private static void atomics(Object value, FieldType type, String path, List<String> found) {
    switch (type.kindFor(value)) {
      case ATOMIC_LIST, ATOMIC_MAP -> found.add(path);
      case STRUCT, MAP -> {
        if (value instanceof KubeMap map) {
          map.forEach((name, child) -> atomics(child, type.field(name), path + "." + name, found));
        }
      }
      case LIST_MAP, LIST_SET -> {
        if (value instanceof KubeList list) {
          for (int i = 0; i < list.size(); i++) {
            atomics(list.get(i), type.element(), path + "[" + i + "]", found);
          }
        }
      }
      default -> {}
    }
  }
}
