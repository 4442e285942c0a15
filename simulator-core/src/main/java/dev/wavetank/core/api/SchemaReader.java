package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.sim.SimulationBug;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the files of the schema; names are resolved when all files are read. */
final class SchemaReader {

  /** A served kind. */
  record Kind(String apiVersion, SchemaType type) {}

  private record Declared(SchemaType type, String file, List<String> lines) {}

  private static final String API = "v1.";

  private static final ImmutableMap<String, Shape> SCALARS =
      ImmutableMap.<String, Shape>builder()
          .put("string", Shape.scalar(Shape.Kind.STRING, "string"))
          .put("bool", Shape.scalar(Shape.Kind.BOOL, "bool"))
          .put("int32", Shape.scalar(Shape.Kind.INT32, "int32"))
          .put("int64", Shape.scalar(Shape.Kind.INT64, "int64"))
          .put("float64", Shape.scalar(Shape.Kind.NUMBER, "float64"))
          .put("bytes", Shape.scalar(Shape.Kind.BYTES, "[]uint8"))
          .put("UID", Shape.scalar(Shape.Kind.STRING, "types.UID"))
          .put("Time", Shape.scalar(Shape.Kind.TIME, "v1.Time"))
          .put("MicroTime", Shape.scalar(Shape.Kind.MICRO_TIME, "v1.MicroTime"))
          .put("Quantity", Shape.scalar(Shape.Kind.QUANTITY, "resource.Quantity"))
          .put("IntOrString", Shape.scalar(Shape.Kind.INT_OR_STRING, "intstr.IntOrString"))
          .put("Object", Shape.scalar(Shape.Kind.ANY, "v1.FieldsV1"))
          .buildOrThrow();

  private final Map<String, Declared> declared = new LinkedHashMap<>();
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Map<String, List<String>> maps = new LinkedHashMap<>();
  private final List<Kind> kinds = new ArrayList<>();
  private final Map<String, String> kindVersions = new LinkedHashMap<>();

  static Schema read(ImmutableList<String> files) {
    SchemaReader reader = new SchemaReader();
    for (String file : files) {
      reader.readFile(file);
    }
    return reader.link();
  }

  private void readFile(String file) {
    String text = textOf("schema/" + file + ".schema");
    String apiVersion = "";
    Declared current = null;
    int end;
    for (int start = 0; start < text.length(); start = end + 1) {
      end = text.indexOf('\n', start);
      if (end == start || text.charAt(start) == '#') {
        continue;
      }
      String line = text.substring(start, end);
      if (line.charAt(0) == ' ') {
        SimulationBug.check(current != null, "a field of the schema is outside of a type");
        if (current != null) {
          current.lines.add(line);
        }
        continue;
      }
      List<String> words = split(line, ' ');
      if (words.get(0).equals("group")) {
        String group = unquoted(words.get(1));
        apiVersion = group.isEmpty() ? words.get(2) : group.concat("/").concat(words.get(2));
      }
      current = declare(file, apiVersion, words);
    }
  }

  private static String textOf(String resource) {
    try (InputStream in = Schema.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new SimulationBug("the schema is absent: " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The parts between separators; empty parts are left out. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>(4);
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf(separator, start);
      end = end < 0 ? text.length() : end;
      if (end > start) {
        parts.add(text.substring(start, end));
      }
      start = end + 1;
    }
    return parts;
  }

  private @Nullable Declared declare(String file, String apiVersion, List<String> words) {
    String name = words.get(1);
    String key = qualified(file, name);
    switch (words.get(0)) {
      case "group" -> {}
      case "kind" -> kindVersions.put(key, apiVersion);
      case "word" -> shapes.put(key, Shape.words(API.concat(name), ImmutableList.of()));
      case "enum" -> shapes.put(key, Shape.words(API.concat(name), enumeration(words.get(2))));
      case "map" -> maps.put(key, words);
      case "type" -> {
        SchemaType type = new SchemaType(file, name, words.size() > 2);
        Declared made = new Declared(type, file, new ArrayList<>());
        declared.put(key, made);
        shapes.put(key, Shape.object(type));
        return made;
      }
      default -> throw new SimulationBug("the schema " + file + " has a word " + words.get(0));
    }
    return null;
  }

  private static ImmutableList<String> enumeration(String written) {
    ImmutableList.Builder<String> values = ImmutableList.builder();
    for (String value : split(written, '|')) {
      values.add(unquoted(value));
    }
    return values.build();
  }

  private static String unquoted(String word) {
    return word.equals("\"\"") ? "" : word;
  }

  private Schema link() {
    for (Map.Entry<String, List<String>> map : maps.entrySet()) {
      String file = map.getKey().substring(0, map.getKey().indexOf('.'));
      List<String> words = map.getValue();
      shapes.put(map.getKey(), shape(file, words.get(2)).named(API.concat(words.get(1))));
    }
    for (Declared declaration : declared.values()) {
      ImmutableList.Builder<SchemaType.Member> members = ImmutableList.builder();
      for (String line : declaration.lines) {
        members.add(member(declaration.file, split(line, ' ')));
      }
      declaration.type.setMembers(members.build());
    }
    ImmutableMap.Builder<String, SchemaType> types = ImmutableMap.builder();
    for (Map.Entry<String, Declared> declaration : declared.entrySet()) {
      declaration.getValue().type.flatten();
      types.put(declaration.getKey(), declaration.getValue().type);
    }
    for (Map.Entry<String, String> kind : kindVersions.entrySet()) {
      Declared declaration = declared.get(kind.getKey());
      if (declaration == null) {
        throw new SimulationBug("the schema has a kind without a type: " + kind.getKey());
      }
      kinds.add(new Kind(kind.getValue(), declaration.type));
    }
    return new Schema(types.buildOrThrow(), ImmutableList.copyOf(kinds));
  }

  private SchemaType.Member member(String file, List<String> words) {
    if (words.get(0).equals("inline")) {
      return new SchemaType.Member(null, shape(file, words.get(1)).object());
    }
    boolean pointer = words.get(1).charAt(0) == '*';
    Shape shape = shape(file, pointer ? words.get(1).substring(1) : words.get(1));
    SchemaField field = new SchemaField(words.get(0), shape);
    field.pointer = pointer;
    for (String word : words.subList(2, words.size())) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      apply(field, name, equals < 0 ? "" : word.substring(equals + 1));
    }
    return new SchemaType.Member(field, null);
  }

  private static void apply(SchemaField field, String word, String value) {
    switch (word) {
      case "required" -> field.required = true;
      case "always" -> field.always = true;
      case "embedded" -> field.embedded = true;
      case "replace" -> field.replaces = true;
      case "retainKeys" -> field.retainsKeys = true;
      case "inert" -> field.inert = true;
      case "go" -> field.sourceName = value;
      case "atomic" -> {
        field.atomic = true;
        if (field.shape().kind() == Shape.Kind.LIST) {
          field.listType = SchemaField.ListType.ATOMIC;
        }
      }
      case "set" -> field.listType = SchemaField.ListType.SET;
      case "map" -> {
        field.listType = SchemaField.ListType.MAP;
        field.listKeys = ImmutableList.copyOf(split(value, ','));
      }
      case "merge" -> {
        field.merges = true;
        field.mergeKey = value.isEmpty() ? null : value;
      }
      case "default" -> field.defaultValue = constant(value);
      default -> throw new SimulationBug("the schema says of " + field + ": " + word);
    }
  }

  private static Object constant(String json) {
    if (json.equals("{}")) {
      return KubeMap.EMPTY;
    }
    if (json.charAt(0) == '"') {
      return json.substring(1, json.length() - 1);
    }
    if (json.equals("true") || json.equals("false")) {
      return Boolean.valueOf(json);
    }
    return Long.valueOf(json);
  }

  private static String qualified(String file, String name) {
    return file.concat(".").concat(name);
  }

  private Shape shape(String file, String written) {
    if (written.startsWith("[]")) {
      return Shape.list(shape(file, written.substring(2)));
    }
    if (written.startsWith("map[")) {
      int close = written.indexOf(']');
      return Shape.map(
          shape(file, written.substring(4, close)), shape(file, written.substring(close + 1)));
    }
    Shape scalar = SCALARS.get(written);
    if (scalar != null) {
      return scalar;
    }
    String key = written.indexOf('.') < 0 ? qualified(file, written) : written;
    Shape known = shapes.get(key);
    if (known == null) {
      throw new SimulationBug("the schema has no type " + key);
    }
    return known;
  }
}
