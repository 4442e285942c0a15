package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;

/**
 * The fields that an object sets and that the simulator accepts, keeps and shows, but does not
 * honour: a user who relies on one of them is to hear of it.
 *
 * <p>The schema marks them as {@code inert}. What the server itself writes (status, defaults) and
 * empty values do not count.
 */
public final class UnhonouredFields {

  private UnhonouredFields() {}

  /**
   * The paths of these fields in an object of a built-in kind, such as {@code
   * spec.containers[0].securityContext}, in the order of the object; below such a field nothing is
   * listed. Empty for kinds that the schema does not know.
   */
  public static ImmutableList<String> of(KubeObject object) {
    SchemaType type = Schema.builtIn().kindOf(object);
    if (type == null) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<String> paths = ImmutableList.builder();
    fields(object.root().without("status"), type, "", paths);
    return paths.build();
  }

  private static void fields(
      KubeMap object, SchemaType type, String prefix, ImmutableList.Builder<String> paths) {
    for (int i = 0; i < object.size(); i++) {
      SchemaField field = type.field(object.keyAt(i));
      Object value = object.valueAt(i);
      if (field == null || nothing(value)) {
        continue;
      }
      String path = prefix + field.name();
      if (!field.inert()) {
        value(value, field.shape(), path, paths);
      } else if (!value.equals(field.defaultValue())) {
        paths.add(path);
      }
    }
  }

  private static void value(
      Object value, Shape shape, String path, ImmutableList.Builder<String> paths) {
    SchemaType type = shape.object();
    Shape element = shape.element();
    if (type != null && value instanceof KubeMap map) {
      fields(map, type, path + ".", paths);
    } else if (element != null && value instanceof KubeList list) {
      for (int i = 0; i < list.size(); i++) {
        value(list.get(i), element, path + "[" + i + "]", paths);
      }
    } else if (element != null && element.object() != null && value instanceof KubeMap map) {
      for (int i = 0; i < map.size(); i++) {
        value(map.valueAt(i), element, path + "[" + map.keyAt(i) + "]", paths);
      }
    }
  }

  private static boolean nothing(Object value) {
    return value == KubeNull.NULL
        || value.equals("")
        || value.equals(0L)
        || value.equals(false)
        || value.equals(KubeMap.EMPTY)
        || value.equals(KubeList.EMPTY);
  }
}
