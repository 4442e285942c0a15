package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.HumanDuration;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.time.Instant;
import java.util.List;

/** The columns of one kind, and how an object of it fills them. */
abstract class TablePrinter {

  static final Table.Column NAME =
      new Table.Column("Name", "string", "name", "The name, unique within a namespace.", 0);
  static final Table.Column AGE = column("Age", "How long ago the object was created.");

  private final ImmutableList<Table.Column> columns;

  TablePrinter(Table.Column... columns) {
    this.columns = ImmutableList.copyOf(columns);
  }

  static Table.Column column(String name, String description) {
    return new Table.Column(name, "string", "", description, 0);
  }

  static Table.Column integer(String name, String description) {
    return new Table.Column(name, "integer", "", description, 0);
  }

  static Table.Column bool(String name, String description) {
    return new Table.Column(name, "boolean", "", description, 0);
  }

  /** A column that only the wide form shows. */
  static Table.Column wide(String name, String description) {
    return new Table.Column(name, "string", "", description, 1);
  }

  final ImmutableList<Table.Column> columns() {
    return columns;
  }

  /** Adds a cell for each column. */
  abstract void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells);

  /** The objects in the order of their rows, which is that of the list. */
  List<KubeObject> ordered(List<KubeObject> objects) {
    return objects;
  }

  /** The row's conditions; none for what is not over. */
  ImmutableList<KubeMap> conditions(KubeObject object) {
    return ImmutableList.of();
  }

  static String age(KubeObject object, Instant now) {
    return HumanDuration.since(object.creationTimestamp(), now);
  }

  static String orNone(String text) {
    return text.isEmpty() ? "<none>" : text;
  }
}
