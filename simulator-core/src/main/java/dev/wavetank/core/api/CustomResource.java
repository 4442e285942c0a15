package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a version of a resource that is defined at run time says of itself, and built-in resources
 * say elsewhere: the schema, the columns of its table, its names beyond those of every resource.
 *
 * @param listKind kind of its lists
 * @param categories such as {@code all}
 * @param openApiSchema the schema as its definition has it
 * @param schema the same schema in the form that built-in kinds have
 * @param columns of its table, behind the name
 * @param scale where its size is; null when it has no scale subresource
 * @param selectableFields fields that a list can be narrowed by, such as {@code spec.color}
 * @param deprecationWarning what clients are warned of; empty for nothing
 * @param storageApiVersion the version in which objects are written, such as {@code example.com/v1}
 * @param asRead what is shown of an object of this version that is stored: its definition may have
 *     got other defaults and fields since it was written
 */
public record CustomResource(
    String listKind,
    ImmutableList<String> categories,
    KubeMap openApiSchema,
    SchemaType schema,
    ImmutableList<Column> columns,
    @Nullable ScalePaths scale,
    ImmutableList<String> selectableFields,
    String deprecationWarning,
    String storageApiVersion,
    UnaryOperator<KubeObject> asRead) {

  /**
   * A column of the table.
   *
   * @param type of its cells: {@code integer}, {@code number}, {@code string}, {@code boolean} or
   *     {@code date}
   * @param priority 0 for a column that is always shown
   * @param jsonPath where its value is, such as {@code .spec.replicas}
   */
  public record Column(
      String name, String type, String format, String description, int priority, String jsonPath) {}

  /**
   * Where the size of an object is.
   *
   * @param specReplicas such as {@code .spec.replicas}
   * @param statusReplicas such as {@code .status.replicas}
   * @param labelSelector such as {@code .status.selector}; empty for none
   */
  public record ScalePaths(String specReplicas, String statusReplicas, String labelSelector) {}
}
