package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mapping in a file of the user that is no API object, such as a scenario: its keys are known,
 * its values have types, and every error says its place and the nearest valid word.
 */
public final class FileFields {

  private static final Object ABSENT = new Object();

  private final String file;
  private final ManifestNode node;

  private FileFields(String file, ManifestNode node) {
    this.file = file;
    this.node = node;
  }

  /**
   * The mapping that is the one document of a file.
   *
   * @param file as errors name it
   * @throws ScenarioException when the text is no YAML or JSON, or not one mapping
   */
  public static FileFields read(String file, String text) {
    ImmutableList<ManifestNode> documents;
    try {
      documents = Manifests.documentNodes(file, text);
    } catch (ManifestException e) {
      ManifestException.Problem first = e.problems().get(0);
      throw at(first.place(), first.message());
    }
    if (documents.size() != 1) {
      Place place =
          documents.isEmpty()
              ? new Place(file, 1, 1)
              : new Place(file, documents.get(1).line, documents.get(1).column);
      throw at(place, "expected one document, found " + documents.size());
    }
    return of(file, documents.get(0));
  }

  private static FileFields of(String file, ManifestNode node) {
    if (!node.isMap()) {
      throw at(new Place(file, node.line, node.column), "expected a mapping");
    }
    return new FileFields(file, node);
  }

  private static ScenarioException at(Place place, String problem) {
    return new ScenarioException(place.file(), place.line(), place.column(), problem);
  }

  /**
   * Checks the keys.
   *
   * @return this
   * @throws ScenarioException when a key is unknown or given twice
   */
  public FileFields known(Iterable<String> keys) {
    List<String> seen = new ArrayList<>();
    for (ManifestNode.Entry entry : node.entries()) {
      Place place = new Place(file, entry.line(), entry.column());
      boolean valid = false;
      for (String key : keys) {
        valid |= key.equals(entry.key());
      }
      if (!valid) {
        throw at(
            place,
            "unknown field "
                + GoQuote.quote(entry.key())
                + NearestWord.hint(entry.key(), keys)
                + ", expected one of "
                + String.join(", ", keys));
      }
      if (seen.contains(entry.key())) {
        throw at(place, "field " + GoQuote.quote(entry.key()) + " is given twice");
      }
      seen.add(entry.key());
    }
    return this;
  }

  /** The keys that are there, in order. */
  public ImmutableList<String> keys() {
    return node.entries().stream()
        .map(ManifestNode.Entry::key)
        .collect(ImmutableList.toImmutableList());
  }

  public boolean has(String key) {
    return node.entry(key) != null;
  }

  /** Where the mapping begins. */
  public Place place() {
    return new Place(file, node.line, node.column);
  }

  /** Where the value of a key begins; where the mapping begins when the key is absent. */
  public Place place(String key) {
    ManifestNode.Entry entry = node.entry(key);
    return entry == null ? place() : new Place(file, entry.value().line, entry.value().column);
  }

  /** An error about the value of a key. */
  public ScenarioException wrong(String key, String problem) {
    return at(place(key), key + ": " + problem);
  }

  /** An error about the mapping. */
  public ScenarioException wrong(String problem) {
    return at(place(), problem);
  }

  private ManifestNode required(String key) {
    ManifestNode.Entry entry = node.entry(key);
    if (entry == null) {
      throw wrong("field " + GoQuote.quote(key) + " is required");
    }
    return entry.value();
  }

  private Object scalar(String key) {
    ManifestNode.Entry entry = node.entry(key);
    if (entry == null) {
      return ABSENT;
    }
    if (entry.value().isMap() || entry.value().isList()) {
      throw wrong(key, "expected a single value");
    }
    return entry.value().value();
  }

  /** A text; a number or boolean is taken as it is written in JSON. */
  public String text(String key) {
    required(key);
    return text(key, "");
  }

  /** A text, or the given one when the key is absent. */
  public String text(String key, String otherwise) {
    Object value = scalar(key);
    if (value == ABSENT) {
      return otherwise;
    }
    if (value == KubeNull.NULL) {
      throw wrong(key, "expected a text");
    }
    return value instanceof String text ? text : Json.write(value);
  }

  /** One of several words. */
  public String word(String key, String otherwise, Iterable<String> words) {
    String value = text(key, otherwise);
    for (String word : words) {
      if (word.equals(value)) {
        return value;
      }
    }
    if (value.equals(otherwise) && !has(key)) {
      return value;
    }
    throw wrong(
        key,
        "expected one of "
            + String.join(", ", words)
            + ", not "
            + GoQuote.quote(value)
            + NearestWord.hint(value, words));
  }

  /** A whole number within bounds, both included. */
  public long number(String key, long otherwise, long min, long max) {
    Object value = scalar(key);
    if (value == ABSENT) {
      return otherwise;
    }
    if (!(value instanceof Long number) || number < min || number > max) {
      throw wrong(key, "expected a whole number from " + min + " to " + max);
    }
    return number;
  }

  public boolean bool(String key, boolean otherwise) {
    Object value = scalar(key);
    if (value == ABSENT) {
      return otherwise;
    }
    if (!(value instanceof Boolean bool)) {
      throw wrong(key, "expected true or false");
    }
    return bool;
  }

  /** A duration such as {@code 1m30s}, in nanoseconds. */
  public long nanos(String key, long otherwise) {
    Object value = scalar(key);
    if (value == ABSENT) {
      return otherwise;
    }
    try {
      return GoDurations.parseNanos(value instanceof String text ? text : Json.write(value));
    } catch (IllegalArgumentException e) {
      throw wrong(key, String.valueOf(e.getMessage()));
    }
  }

  /** A mapping, or null when the key is absent. */
  public @Nullable FileFields map(String key) {
    ManifestNode.Entry entry = node.entry(key);
    return entry == null ? null : of(file, entry.value());
  }

  /** A mapping that must be there. */
  public FileFields requiredMap(String key) {
    return of(file, required(key));
  }

  /** The mappings of a list; none when the key is absent. */
  public ImmutableList<FileFields> maps(String key) {
    ImmutableList.Builder<FileFields> maps = ImmutableList.builder();
    for (ManifestNode element : elements(key)) {
      maps.add(of(file, element));
    }
    return maps.build();
  }

  /** The texts of a list, or of a single value; none when the key is absent. */
  public ImmutableList<String> texts(String key) {
    if (has(key) && !required(key).isList()) {
      return ImmutableList.of(text(key));
    }
    ImmutableList.Builder<String> texts = ImmutableList.builder();
    for (ManifestNode element : elements(key)) {
      Object value = element.value();
      if (element.isMap() || element.isList() || element.isNull()) {
        throw at(new Place(file, element.line, element.column), key + ": expected texts");
      }
      texts.add(value instanceof String text ? text : Json.write(value));
    }
    return texts.build();
  }

  private List<ManifestNode> elements(String key) {
    ManifestNode.Entry entry = node.entry(key);
    if (entry == null) {
      return ImmutableList.of();
    }
    if (!entry.value().isList()) {
      throw wrong(key, "expected a list");
    }
    return entry.value().elements();
  }

  /** Whether the value of a key is a mapping. */
  public boolean isMap(String key) {
    return has(key) && required(key).isMap();
  }

  /** Whether the value of a key is a list. */
  public boolean isList(String key) {
    return has(key) && required(key).isList();
  }

  /** The value of a key as a tree; null when the key is absent. */
  public @Nullable Object value(String key) {
    ManifestNode.Entry entry = node.entry(key);
    return entry == null ? null : entry.value().value();
  }
}
