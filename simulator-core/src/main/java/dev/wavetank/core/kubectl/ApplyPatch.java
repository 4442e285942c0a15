package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.apiserver.patch.LastApplied;
import dev.wavetank.core.apiserver.patch.MergePatch;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.apiserver.patch.PatchException;
import dev.wavetank.core.apiserver.patch.StrategicMergePatch;
import dev.wavetank.core.apiserver.patch.ThreeWay;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The patch by which {@code apply} brings an object to a configuration: strategic where the schema
 * knows the kind, else a merge patch.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/apply/patcher.go (v1.36).
 */
final class ApplyPatch {

  private final @Nullable SchemaType schema;
  private final KubeMap changes;

  private ApplyPatch(@Nullable SchemaType schema, KubeMap changes) {
    this.schema = schema;
    this.changes = changes;
  }

  /**
   * The patch from what is to what is wanted.
   *
   * @param modified what is wanted, with its own last-applied annotation
   * @throws CommandException when there is no such patch
   */
  static ApplyPatch between(ResourceType type, KubeObject modified, KubeObject current) {
    SchemaType schema = Schema.builtIn().kindOf(type);
    try {
      KubeMap original = LastApplied.of(current);
      return new ApplyPatch(
          schema,
          schema == null
              ? ThreeWay.merge(original, modified.root(), current.root())
              : ThreeWay.strategic(schema, original, modified.root(), current.root()));
    } catch (PatchException e) {
      throw CommandException.of(String.valueOf(e.getMessage()));
    }
  }

  /** What the patch says; empty when there is nothing to change. */
  KubeMap changes() {
    return changes;
  }

  Patch patch() {
    return schema == null ? Patch.merge(changes) : Patch.strategic(changes);
  }

  /** The object with the patch applied to it, without any server. */
  KubeObject applyLocally(KubeObject current) {
    try {
      return KubeObject.of(
          schema == null
              ? (KubeMap) MergePatch.apply(current.root(), changes)
              : StrategicMergePatch.apply(schema, current.root(), changes));
    } catch (PatchException e) {
      throw CommandException.of("applying patch locally: " + e.getMessage());
    }
  }

  /** The tree without what is null in maps. */
  static KubeMap withoutNulls(KubeMap map) {
    KubeMap.Builder kept = KubeMap.builder();
    map.forEach((key, value) -> kept.put(key, value == KubeNull.NULL ? null : inside(value)));
    return kept.build();
  }

  private static Object inside(Object value) {
    if (value instanceof KubeMap map) {
      return withoutNulls(map);
    }
    if (value instanceof KubeList list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(element -> elements.add(inside(element)));
      return KubeList.copyOf(elements);
    }
    return value;
  }
}
