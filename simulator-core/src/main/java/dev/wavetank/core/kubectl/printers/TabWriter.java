package dev.wavetank.core.kubectl.printers;

import java.util.ArrayList;
import java.util.List;

/**
 * Text whose cells, each ended by a tab, are aligned in columns. A column is a block of
 * neighbouring lines that have a cell there; the text after the last tab of a line belongs to no
 * column.
 *
 * <p>Follows Go's text/tabwriter.
 */
public final class TabWriter {

  private final int minWidth;
  private final int padding;
  private final List<String[]> lines = new ArrayList<>();
  private final StringBuilder pending = new StringBuilder();
  private final StringBuilder out = new StringBuilder();

  /**
   * A writer.
   *
   * @param minWidth of a column, padding included
   * @param padding blanks after the widest cell
   */
  public TabWriter(int minWidth, int padding) {
    this.minWidth = minWidth;
    this.padding = padding;
  }

  /** As kubectl prints tables. */
  public static TabWriter ofTables() {
    return new TabWriter(6, 3);
  }

  /** As kubectl describes objects. */
  public static TabWriter ofDescriptions() {
    return new TabWriter(0, 2);
  }

  /** Adds text; tabs end cells, line feeds end lines. */
  public TabWriter print(String text) {
    pending.append(text);
    int start = 0;
    for (int end = pending.indexOf("\n"); end >= 0; end = pending.indexOf("\n", start)) {
      lines.add(pending.substring(start, end).split("\t", -1));
      start = end + 1;
    }
    pending.delete(0, start);
    return this;
  }

  /** Adds a line of cells. */
  public TabWriter row(Iterable<String> cells) {
    return print(String.join("\t", cells) + "\n");
  }

  /** Lays out what was added since the last time; columns do not reach over this point. */
  public TabWriter flush() {
    boolean open = pending.length() > 0;
    if (open) {
      lines.add(pending.toString().split("\t", -1));
      pending.setLength(0);
    }
    layOut(0, lines.size(), new ArrayList<>());
    if (open) {
      out.setLength(out.length() - 1);
    }
    lines.clear();
    return this;
  }

  /** Everything, laid out. */
  @Override
  public String toString() {
    return flush().out.toString();
  }

  private void layOut(int from, int to, List<Integer> widths) {
    int column = widths.size();
    int written = from;
    for (int line = from; line < to; line++) {
      if (column >= lines.get(line).length - 1) {
        continue;
      }
      write(written, line, widths);
      int end = line;
      int width = minWidth;
      while (end < to && column < lines.get(end).length - 1) {
        width = Math.max(width, length(lines.get(end)[column]) + padding);
        end++;
      }
      widths.add(width);
      layOut(line, end, widths);
      widths.remove(column);
      written = end;
      line = end - 1;
    }
    write(written, to, widths);
  }

  private void write(int from, int to, List<Integer> widths) {
    for (int line = from; line < to; line++) {
      String[] cells = lines.get(line);
      for (int i = 0; i < cells.length; i++) {
        out.append(cells[i]);
        if (i < cells.length - 1) {
          out.append(" ".repeat(Math.max(widths.get(i) - length(cells[i]), 0)));
        }
      }
      out.append('\n');
    }
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
