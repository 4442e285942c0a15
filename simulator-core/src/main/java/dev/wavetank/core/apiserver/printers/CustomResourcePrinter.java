package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.CustomResource;
import dev.wavetank.core.api.HumanDuration;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.jsonpath.JsonPath;
import dev.wavetank.core.jsonpath.JsonPathException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The name and the additional printer columns of a custom resource; its age where its definition
 * names no columns.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor
 * (v1.36).
 */
final class CustomResourcePrinter extends TablePrinter {

  private static final CustomResource.Column DEFAULT =
      new CustomResource.Column(
          "Age",
          "date",
          "",
          "CreationTimestamp is a timestamp representing the server time when this object was"
              + " created. It is not guaranteed to be set in happens-before order across separate"
              + " operations. Clients may not set this value. It is represented in RFC3339 form and"
              + " is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info:"
              + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
          0,
          ".metadata.creationTimestamp");

  private record Cell(CustomResource.Column column, @Nullable JsonPath path) {}

  private final List<Cell> cells = new ArrayList<>();

  CustomResourcePrinter(CustomResource resource) {
    super(columnsOf(resource));
    for (CustomResource.Column column : all(resource)) {
      cells.add(new Cell(column, parsed(column.jsonPath())));
    }
  }

  private static ImmutableList<CustomResource.Column> all(CustomResource resource) {
    return resource.columns().isEmpty() ? ImmutableList.of(DEFAULT) : resource.columns();
  }

  private static Table.Column[] columnsOf(CustomResource resource) {
    List<Table.Column> made = new ArrayList<>();
    made.add(NAME);
    for (CustomResource.Column column : all(resource)) {
      String description =
          column.description().isEmpty()
              ? "Custom resource definition column (in JSONPath format): " + column.jsonPath()
              : column.description();
      made.add(
          new Table.Column(
              column.name(), column.type(), column.format(), description, column.priority()));
    }
    return made.toArray(Table.Column[]::new);
  }

  private static @Nullable JsonPath parsed(String path) {
    try {
      return JsonPath.parse("{" + path + "}").allowMissingKeys(true);
    } catch (JsonPathException e) {
      return null;
    }
  }

  @Override
  void print(KubeObject object, Instant now, ImmutableList.Builder<Object> out) {
    out.add(object.name());
    for (Cell cell : cells) {
      Object value = value(cell.path, object);
      out.add(value == null ? KubeNull.NULL : shown(cell, value, object, now));
    }
  }

  private static @Nullable Object value(@Nullable JsonPath path, KubeObject object) {
    if (path == null) {
      return null;
    }
    try {
      List<List<Object>> found = path.find(object.root());
      return found.isEmpty() || found.get(0).isEmpty() ? null : found.get(0).get(0);
    } catch (JsonPathException e) {
      return null;
    }
  }

  private static Object shown(Cell cell, Object value, KubeObject object, Instant now) {
    Object shown =
        switch (cell.column.type()) {
          case "integer" -> value instanceof Number number ? (Object) number.longValue() : null;
          case "number" -> value instanceof Number ? value : null;
          case "boolean" -> value instanceof Boolean ? value : null;
          case "date" -> value instanceof String time ? HumanDuration.since(time, now) : null;
          default -> {
            JsonPath path = cell.path;
            yield path == null ? null : path.apply(object.root());
          }
        };
    return shown == null ? KubeNull.NULL : shown;
  }
}
