package dev.wavetank.core.kubectl.printers;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.apiserver.printers.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays tables of the API server out for people, one after the other, with the columns that a client
 * adds: namespace, labels, and the kind before the name.
 *
 * <p>Follows staging/src/k8s.io/cli-runtime/pkg/printers/tableprinter.go (v1.36).
 */
public final class TablePrinter {

  /**
   * What a table is printed with.
   *
   * @param kind {@code deployment.apps} before each name; empty for none
   * @param columnLabels labels that get a column of their own
   */
  public record Options(
      boolean noHeaders,
      boolean wide,
      boolean withNamespace,
      String kind,
      ImmutableList<String> columnLabels,
      boolean showLabels) {}

  private static final CharMatcher LINE_END = CharMatcher.anyOf("\f\n\r");

  private final Options options;
  private ImmutableList<Table.Column> lastColumns = ImmutableList.of();
  private boolean printedHeaders;

  public TablePrinter(Options options) {
    this.options = options;
  }

  /** Adds a table; its header is left out when the last table had the same. */
  public void print(Table table, TabWriter out) {
    boolean sameColumns = table.columns().equals(lastColumns);
    printedHeaders &= sameColumns;
    boolean headers = !options.noHeaders && !printedHeaders && !table.rows().isEmpty();
    lastColumns = table.columns();
    printedHeaders |= !table.rows().isEmpty();
    if (headers) {
      out.row(headerCells(table));
    }
    int nameColumn = nameColumn(table);
    for (Table.Row row : table.rows()) {
      out.row(cells(table, row, nameColumn));
    }
  }

  private static int nameColumn(Table table) {
    for (int i = 0; i < table.columns().size(); i++) {
      if (table.columns().get(i).format().equals("name")) {
        return i;
      }
    }
    return -1;
  }

  private boolean shown(Table.Column column) {
    return options.wide || column.priority() == 0;
  }

  private List<String> headerCells(Table table) {
    List<String> cells = new ArrayList<>();
    if (options.withNamespace) {
      cells.add("NAMESPACE");
    }
    for (Table.Column column : table.columns()) {
      if (shown(column)) {
        cells.add(Ascii.toUpperCase(column.name()));
      }
    }
    for (String label : options.columnLabels) {
      cells.add(Ascii.toUpperCase(label.substring(label.lastIndexOf('/') + 1)));
    }
    if (options.showLabels) {
      cells.add("LABELS");
    }
    return cells;
  }

  private List<String> cells(Table table, Table.Row row, int nameColumn) {
    List<String> cells = new ArrayList<>();
    KubeObject object = row.object();
    if (options.withNamespace) {
      cells.add(object.namespace());
    }
    for (int i = 0; i < row.cells().size(); i++) {
      if (shown(table.columns().get(i))) {
        String text = oneLine(row.cells().get(i).toString());
        cells.add(i == nameColumn && !options.kind.isEmpty() ? options.kind + "/" + text : text);
      }
    }
    for (String label : options.columnLabels) {
      cells.add(object.labels().string(label, ""));
    }
    if (options.showLabels) {
      cells.add(labels(object));
    }
    return cells;
  }

  /** The labels as {@code a=1,b=2}, or {@code <none>}. */
  public static String labels(KubeObject object) {
    String text = LabelSelector.ofLabels(object.labels()).toString();
    return text.isEmpty() ? "<none>" : text;
  }

  private static String oneLine(String text) {
    int end = LINE_END.indexIn(text);
    return end < 0 ? escaped(text) : escaped(text.substring(0, end)) + "...";
  }

  /** The text without what a terminal would take for a command. */
  public static String escaped(String text) {
    return text.replace("\u001b", "^[").replace("\r", "\\r");
  }
}
