package dev.wavetank.core.apiserver.apiextensions.schema;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.ObjectDecoding;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Drops the fields that a schema does not specify, in the metadata of embedded resources too.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning/algorithm.go
 * and objectmeta/algorithm.go (v1.36).
 */
public final class Pruning {

  private static final ImmutableSet<String> META =
      ImmutableSet.of("apiVersion", "kind", "metadata");
  private static final SchemaType OBJECT_META = objectMeta();

  private final List<String> path = new ArrayList<>();
  private final TreeSet<String> unknown = new TreeSet<>();

  private Pruning() {}

  private static SchemaType objectMeta() {
    SchemaType type = Schema.builtIn().type("meta.ObjectMeta");
    if (type == null) {
      throw new IllegalStateException("the schema has no ObjectMeta");
    }
    return type;
  }

  /** A custom resource without the fields that its schema does not specify. */
  public static KubeMap prune(KubeMap object, StructuralSchema schema) {
    return new Pruning().object(object, schema);
  }

  /** The fields that {@link #prune} drops, as {@code spec.ports[0].foo}, sorted. */
  public static List<String> unknownFields(KubeMap object, StructuralSchema schema) {
    Pruning pruning = new Pruning();
    pruning.object(object, schema);
    return List.copyOf(pruning.unknown);
  }

  private KubeMap object(KubeMap object, StructuralSchema schema) {
    return map(object, schema, true, !schema.preservesUnknownFields());
  }

  private Object value(Object value, @Nullable StructuralSchema schema, boolean drop) {
    boolean drops = schema == null ? drop : !schema.preservesUnknownFields();
    if (value instanceof KubeMap map) {
      return map(map, schema, schema != null && schema.embeddedResource(), drops);
    }
    if (value instanceof KubeList list) {
      KubeList made = list;
      StructuralSchema items = schema == null ? null : schema.items();
      for (int i = 0; i < list.size(); i++) {
        path.add("[" + i + "]");
        Object pruned = items == null && !drops ? list.get(i) : value(list.get(i), items, drops);
        path.remove(path.size() - 1);
        made = pruned == list.get(i) ? made : made.with(i, pruned);
      }
      return made;
    }
    return value;
  }

  private KubeMap map(
      KubeMap map, @Nullable StructuralSchema schema, boolean resource, boolean drops) {
    KubeMap made = map;
    for (int i = 0; i < map.size(); i++) {
      String name = map.keyAt(i);
      Object before = map.valueAt(i);
      if (resource && META.contains(name)) {
        made = name.equals("metadata") ? made.with(name, metadata(before)) : made;
        continue;
      }
      StructuralSchema property = schema == null ? null : schema.properties().get(name);
      boolean listed = property != null;
      if (!listed && schema != null && schema.allowsAdditionalProperties()) {
        property = schema.additionalProperties();
        listed = true;
      }
      if (listed) {
        path.add(name);
        Object after = value(before, property, true);
        path.remove(path.size() - 1);
        made = after == before ? made : made.with(name, after);
      } else if (drops) {
        unknown.add(at(name));
        made = made.without(name);
      }
    }
    return made;
  }

  private Object metadata(Object metadata) {
    if (!(metadata instanceof KubeMap map) || ObjectDecoding.wrongType(map, OBJECT_META) != null) {
      return metadata;
    }
    path.add("metadata");
    String prefix = at("");
    path.remove(path.size() - 1);
    for (String field : ObjectDecoding.unknownFields(map, OBJECT_META)) {
      String quoted = field.substring("unknown field ".length());
      unknown.add(prefix + quoted.substring(1, quoted.length() - 1));
    }
    return ObjectDecoding.normalized(map, OBJECT_META);
  }

  private String at(String name) {
    StringBuilder out = new StringBuilder();
    for (String element : path) {
      boolean index = element.startsWith("[");
      out.append(out.length() == 0 || index ? "" : ".").append(element);
    }
    return out.append(out.length() == 0 ? "" : ".").append(name).toString();
  }
}
