package dev.wavetank.core.api;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ManifestException.Problem;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares manifests with the schema and gathers every problem of a file. */
final class ManifestChecker {

  private static final String STATUS = "status";

  /** Problems that are gathered before a file is given up. */
  private static final int PROBLEMS_MAX = 1000;

  private final String file;
  private final Schema schema;
  private final List<Problem> problems = new ArrayList<>();

  ManifestChecker(String file, Schema schema) {
    this.file = file;
    this.schema = schema;
  }

  /** Throws when a problem was found. */
  void finish() {
    if (!problems.isEmpty()) {
      throw new ManifestException(problems, null);
    }
  }

  void check(Manifest manifest) {
    ManifestNode root = manifest.root();
    SchemaType type = typeOf(root);
    if (type == null) {
      return;
    }
    Shape shape = Shape.object(type);
    check(root, shape, "");
    ManifestNode.@Nullable Entry metadata = root.entry("metadata");
    boolean named =
        metadata != null
            && (metadata.value().string("name") != null
                || metadata.value().string("generateName") != null);
    if (!named && (metadata == null || metadata.value().isMap())) {
      add(
          metadata == null ? root.line : metadata.line(),
          metadata == null ? root.column : metadata.column(),
          "metadata.name",
          "is required (or metadata.generateName)");
    }
  }

  private @Nullable SchemaType typeOf(ManifestNode root) {
    String apiVersion = wordOf(root, "apiVersion");
    String kind = wordOf(root, "kind");
    if (apiVersion == null || kind == null) {
      return null;
    }
    SchemaType type = schema.kind(apiVersion, kind);
    if (type != null || isCustom(apiVersion)) {
      return type;
    }
    String wrong =
        "no matches for kind " + GoQuote.quote(kind) + " in version " + GoQuote.quote(apiVersion);
    ImmutableList<String> versions = schema.apiVersions(kind);
    if (!versions.isEmpty()) {
      place(root, "apiVersion", wrong + "; " + kind + " is in " + Joiner.on(", ").join(versions));
    } else {
      place(root, "kind", wrong + NearestWord.hint(kind, schema.kinds()));
    }
    return null;
  }

  /** Whether a definition of custom resources may define kinds of that version. */
  private static boolean isCustom(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash);
    return group.indexOf('.') > 0 && !group.endsWith(".k8s.io");
  }

  private @Nullable String wordOf(ManifestNode root, String field) {
    String word = root.string(field);
    if (word == null || word.isEmpty()) {
      ManifestNode.@Nullable Entry entry = root.entry(field);
      if (entry == null || entry.value().isNull()) {
        add(root.line, root.column, field, "is required");
      } else {
        place(root, field, "must be a text");
      }
      return null;
    }
    return word;
  }

  private void place(ManifestNode root, String field, String message) {
    ManifestNode.@Nullable Entry entry = root.entry(field);
    if (entry != null) {
      add(entry.value().line, entry.value().column, field, message);
    }
  }

  private void add(int line, int column, String path, String message) {
    if (problems.size() < PROBLEMS_MAX) {
      problems.add(new Problem(new Place(file, line, column), path, message));
    }
  }

  private void check(ManifestNode node, Shape shape, String path) {
    if (node.isNull() || problems.size() >= PROBLEMS_MAX) {
      return;
    }
    Shape element = shape.element();
    switch (shape.kind()) {
      case OBJECT -> object(node, shape, path);
      case MAP -> {
        if (!node.isMap()) {
          wrongType(node, path, "a map");
        } else if (element != null) {
          duplicates(node, path);
          for (ManifestNode.Entry entry : node.entries()) {
            check(entry.value(), element, path + "[" + entry.key() + "]");
          }
        }
      }
      case LIST -> {
        if (!node.isList()) {
          wrongType(node, path, "a list");
        } else if (element != null) {
          List<ManifestNode> elements = node.elements();
          for (int i = 0; i < elements.size(); i++) {
            check(elements.get(i), element, path + "[" + i + "]");
          }
        }
      }
      case ANY -> {}
      default -> scalar(node, shape, path);
    }
  }

  private void object(ManifestNode node, Shape shape, String path) {
    SchemaType type = shape.object();
    if (!node.isMap() || type == null) {
      wrongType(node, path, "a map of the fields of " + (type == null ? "" : type.name()));
      return;
    }
    duplicates(node, path);
    String prefix = path.isEmpty() ? "" : path + ".";
    for (ManifestNode.Entry entry : node.entries()) {
      SchemaField field = type.field(entry.key());
      if (field == null) {
        add(
            entry.line(),
            entry.column(),
            prefix + entry.key(),
            "unknown field "
                + GoQuote.quote(entry.key())
                + " in "
                + type.name()
                + NearestWord.hint(entry.key(), type.fieldNames()));
      } else {
        check(entry.value(), field.shape(), prefix + entry.key());
      }
    }
    required(node, type, node, prefix);
  }

  /**
   * Looks for absent fields; an absent object that the API writes nevertheless lacks its own. A
   * status is the cluster's to fill, so whole objects may be absent from it.
   *
   * @param node null when the whole object is absent
   * @param place where absent fields are reported
   */
  private void required(
      @Nullable ManifestNode node, SchemaType type, ManifestNode place, String prefix) {
    for (SchemaField field : type.fields()) {
      ManifestNode.@Nullable Entry entry = node == null ? null : node.entry(field.name());
      if (entry != null && !entry.value().isNull()) {
        continue;
      }
      SchemaType object = field.shape().object();
      if (field.required()) {
        add(place.line, place.column, prefix + field.name(), "is required");
      } else if (object != null && field.always() && !(prefix + field.name()).startsWith(STATUS)) {
        required(null, object, place, prefix + field.name() + ".");
      }
    }
  }

  private void duplicates(ManifestNode node, String path) {
    Map<String, Integer> lines = new LinkedHashMap<>();
    for (ManifestNode.Entry entry : node.entries()) {
      Integer first = lines.putIfAbsent(entry.key(), entry.line());
      if (first != null) {
        add(
            entry.line(),
            entry.column(),
            path.isEmpty() ? entry.key() : path + "." + entry.key(),
            "duplicate field " + GoQuote.quote(entry.key()) + ", first in line " + first);
      }
    }
  }

  private void scalar(ManifestNode node, Shape shape, String path) {
    if (node.isMap() || node.isList()) {
      wrongType(node, path, expected(shape));
      return;
    }
    Object value = node.value();
    switch (shape.kind()) {
      case STRING -> string(node, value, shape, path);
      case BOOL -> {
        if (!(value instanceof Boolean)) {
          wrongType(node, path, "true or false");
        }
      }
      case INT32, INT64 -> whole(node, value, shape, path);
      case INT_OR_STRING -> {
        if (!(value instanceof Long) && !(value instanceof String)) {
          wrongType(node, path, expected(shape));
        }
      }
      case QUANTITY -> quantity(node, value, path);
      case BYTES -> bytes(node, value, path);
      case NUMBER -> {
        if (!(value instanceof Long) && !(value instanceof Double)) {
          wrongType(node, path, "a number");
        }
      }
      default -> time(node, value, path);
    }
  }

  private void string(ManifestNode node, Object value, Shape shape, String path) {
    if (!(value instanceof String text)) {
      wrongType(node, path, "a text");
      return;
    }
    if (!shape.values().isEmpty() && !text.isEmpty() && !shape.values().contains(text)) {
      add(
          node.line,
          node.column,
          path,
          "must be one of "
              + Joiner.on(", ").join(shape.values())
              + ", not "
              + GoQuote.quote(text)
              + NearestWord.hint(text, shape.values()));
    }
  }

  private void whole(ManifestNode node, Object value, Shape shape, String path) {
    if (!(value instanceof Long number)) {
      wrongType(node, path, "a whole number");
    } else if (shape.kind() == Shape.Kind.INT32 && number != number.intValue()) {
      add(node.line, node.column, path, "must be a whole number of 32 bits, not " + number);
    }
  }

  private void quantity(ManifestNode node, Object value, String path) {
    try {
      if (value instanceof Boolean) {
        wrongType(node, path, "a quantity such as 100m or 64Mi");
      } else {
        Quantity.of(value);
      }
    } catch (Quantity.SyntaxException e) {
      add(
          node.line,
          node.column,
          path,
          "must be a quantity such as 100m or 64Mi, not " + shown(value) + ": " + e.getMessage());
    }
  }

  private void bytes(ManifestNode node, Object value, String path) {
    if (!(value instanceof String text)) {
      wrongType(node, path, "a text in base64");
      return;
    }
    try {
      Base64.getDecoder().decode(text.replace("\n", "").replace("\r", ""));
    } catch (IllegalArgumentException e) {
      add(node.line, node.column, path, "must be in base64, and is not");
    }
  }

  private void time(ManifestNode node, Object value, String path) {
    if (!(value instanceof String text) || Timestamps.parse(text) == null) {
      add(
          node.line,
          node.column,
          path,
          "must be a time such as \"2026-01-01T00:00:00Z\", not " + shown(value));
    }
  }

  private static String expected(Shape shape) {
    return switch (shape.kind()) {
      case BOOL -> "true or false";
      case INT32, INT64 -> "a whole number";
      case NUMBER -> "a number";
      case INT_OR_STRING -> "a whole number or a text";
      case QUANTITY -> "a quantity such as 100m or 64Mi";
      case TIME, MICRO_TIME -> "a time";
      default -> "a text";
    };
  }

  private void wrongType(ManifestNode node, String path, String expected) {
    String found;
    if (node.isMap()) {
      found = "a map";
    } else if (node.isList()) {
      found = "a list";
    } else {
      Object value = node.value();
      String sort =
          value instanceof String ? "the text " : value instanceof Boolean ? "" : "the number ";
      found = sort + shown(value);
      if (expected.equals("a text")) {
        found += " (put it in quotes)";
      } else if (value instanceof String text && !(YamlScalars.resolve(text) instanceof String)) {
        found += " (write it without quotes)";
      }
    }
    add(node.line, node.column, path, "must be " + expected + ", not " + found);
  }

  private static String shown(Object value) {
    if (value instanceof String text) {
      return GoQuote.quote(text.length() > 60 ? text.substring(0, 60) + "..." : text);
    }
    return value instanceof Double number ? Json.number(number) : String.valueOf(value);
  }
}
