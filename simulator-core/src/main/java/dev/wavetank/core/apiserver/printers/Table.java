package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code meta.k8s.io/v1} Table: columns and a row for each object.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go (v1.36).
 */
public record Table(ImmutableList<Column> columns, ImmutableList<Row> rows) {

  /**
   * One column.
   *
   * @param name as people read it; clients print it in capitals
   * @param type OpenAPI type of its cells
   * @param format {@code name} for the column that names the object; else empty
   * @param priority 0 for a column that is always shown, 1 for one of the wide form
   */
  public record Column(String name, String type, String format, String description, int priority) {

    KubeMap tree() {
      return KubeMap.of(
          "name",
          name,
          "type",
          type,
          "format",
          format,
          "description",
          description,
          "priority",
          priority);
    }
  }

  /**
   * One row.
   *
   * @param cells texts, whole numbers ({@code Long}) or booleans, a cell for each column
   * @param conditions such as {@code Completed}, of objects that run no more
   * @param object what the row is about
   */
  public record Row(
      ImmutableList<Object> cells, ImmutableList<KubeMap> conditions, KubeObject object) {}

  /** How much of its object a row carries on the wire. */
  public enum IncludeObject {
    NONE,
    METADATA,
    OBJECT
  }

  /**
   * The table as an API object.
   *
   * @param listMetadata of the list, or of the one object, that was asked for
   */
  public KubeObject toObject(IncludeObject include, KubeMap listMetadata) {
    List<Object> definitions = new ArrayList<>();
    columns.forEach(column -> definitions.add(column.tree()));
    List<Object> all = new ArrayList<>();
    for (Row row : rows) {
      KubeMap tree = KubeMap.of("cells", KubeList.copyOf(row.cells()));
      if (!row.conditions().isEmpty()) {
        tree = tree.with("conditions", KubeList.copyOf(row.conditions()));
      }
      all.add(include == IncludeObject.NONE ? tree : tree.with("object", included(row, include)));
    }
    return KubeObject.of(
        KubeMap.of(
            "kind",
            "Table",
            "apiVersion",
            "meta.k8s.io/v1",
            "metadata",
            listMetadata,
            "columnDefinitions",
            KubeList.copyOf(definitions),
            "rows",
            KubeList.copyOf(all)));
  }

  private static KubeMap included(Row row, IncludeObject include) {
    return include == IncludeObject.OBJECT
        ? row.object().root()
        : KubeMap.of(
            "kind",
            "PartialObjectMetadata",
            "apiVersion",
            "meta.k8s.io/v1",
            "metadata",
            row.object().metadata());
  }
}
