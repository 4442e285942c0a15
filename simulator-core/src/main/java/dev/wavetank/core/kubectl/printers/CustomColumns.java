package dev.wavetank.core.kubectl.printers;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.jsonpath.JsonPath;
import dev.wavetank.core.jsonpath.JsonPathException;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.ArrayList;
import java.util.List;

/**
 * A table whose columns the user chooses: {@code -o custom-columns=NAME:.metadata.name}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/get/customcolumn.go (v1.36).
 */
final class CustomColumns implements ObjectPrinter {

  private final ImmutableList<String> headers;
  private final ImmutableList<JsonPath> paths;
  private final boolean noHeaders;

  private CustomColumns(List<String> headers, List<String> paths, boolean noHeaders) {
    this.headers = ImmutableList.copyOf(headers);
    ImmutableList.Builder<JsonPath> parsed = ImmutableList.builder();
    try {
      for (String path : paths) {
        parsed.add(JsonPath.parse(JsonPath.relaxed(path)));
      }
    } catch (JsonPathException e) {
      throw CommandException.of(String.valueOf(e.getMessage()));
    }
    this.paths = parsed.build();
    this.noHeaders = noHeaders;
  }

  static CustomColumns ofSpec(String spec, boolean noHeaders) {
    if (spec.isEmpty()) {
      throw CommandException.of("custom-columns format specified but no custom columns given");
    }
    List<String> headers = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    for (String column : Splitter.on(',').split(spec)) {
      int colon = column.indexOf(':');
      if (colon < 0) {
        throw CommandException.of(
            "unexpected custom-columns spec: " + column + ", expected <header>:<json-path-expr>");
      }
      headers.add(column.substring(0, colon));
      paths.add(column.substring(colon + 1));
    }
    return new CustomColumns(headers, paths, noHeaders);
  }

  /** Columns of a file: a line of headers, a line of paths. */
  static CustomColumns ofTemplate(String template, boolean noHeaders) {
    List<String> lines = Splitter.on('\n').splitToList(template);
    if (lines.size() < 2) {
      throw CommandException.of(
          "invalid template, missing spec line. Expected format is one line of space separated"
              + " headers, one line of space separated column specs.");
    }
    Splitter words = Splitter.on(CharMatcher.whitespace()).omitEmptyStrings();
    List<String> headers = words.splitToList(lines.get(0));
    List<String> paths = words.splitToList(lines.get(1));
    if (headers.size() != paths.size()) {
      throw CommandException.of(
          "number of headers ("
              + headers.size()
              + ") and field specifications ("
              + paths.size()
              + ") don't match");
    }
    return new CustomColumns(headers, paths, noHeaders);
  }

  @Override
  public String print(KubeObject object) {
    TabWriter out = TabWriter.ofTables();
    if (!noHeaders) {
      out.row(headers);
    }
    KubeList items = object.root().list("items");
    try {
      if (items == null) {
        out.row(cells(object.root()));
      } else {
        items.maps().forEach(item -> out.row(cells(item)));
      }
    } catch (JsonPathException e) {
      throw CommandException.of(String.valueOf(e.getMessage()));
    }
    return out.toString();
  }

  private List<String> cells(KubeMap object) {
    List<String> cells = new ArrayList<>();
    for (JsonPath path : paths) {
      List<List<Object>> found = path.find(object);
      List<String> texts = new ArrayList<>();
      if (found.isEmpty() || found.get(0).isEmpty()) {
        texts.add("<none>");
      }
      found.forEach(
          values -> values.forEach(value -> texts.add(TablePrinter.escaped(GoText.of(value)))));
      cells.add(String.join(",", texts));
    }
    return cells;
  }
}
