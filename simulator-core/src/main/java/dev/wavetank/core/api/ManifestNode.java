package dev.wavetank.core.api;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A value of a document with its place, before duplicate keys are dropped. */
final class ManifestNode {

  /** One key of a map; a merged one came by {@code <<}. */
  record Entry(String key, int line, int column, ManifestNode value) {}

  private static final long SIZE_MAX = Long.MAX_VALUE / 4;

  final int line;
  final int column;
  private final @Nullable Object scalar;
  private final @Nullable List<Entry> entries;
  private final @Nullable List<ManifestNode> elements;
  private @Nullable Object value;
  private long size = 1;

  private ManifestNode(
      int line,
      int column,
      @Nullable Object scalar,
      @Nullable List<Entry> entries,
      @Nullable List<ManifestNode> elements) {
    this.line = line;
    this.column = column;
    this.scalar = scalar;
    this.entries = entries;
    this.elements = elements;
  }

  static ManifestNode scalar(int line, int column, Object scalar) {
    return new ManifestNode(line, column, scalar, null, null);
  }

  static ManifestNode map(int line, int column) {
    return new ManifestNode(line, column, null, new ArrayList<>(), null);
  }

  static ManifestNode list(int line, int column) {
    return new ManifestNode(line, column, null, null, new ArrayList<>());
  }

  boolean isMap() {
    return entries != null;
  }

  boolean isList() {
    return elements != null;
  }

  boolean isNull() {
    return scalar == KubeNull.NULL;
  }

  List<Entry> entries() {
    return entries == null ? List.of() : entries;
  }

  List<ManifestNode> elements() {
    return elements == null ? List.of() : elements;
  }

  void add(Entry entry) {
    if (entries != null) {
      entries.add(entry);
      grow(entry.value);
    }
  }

  void add(ManifestNode element) {
    if (elements != null) {
      elements.add(element);
      grow(element);
    }
  }

  private void grow(ManifestNode child) {
    size = Math.min(size + child.size, SIZE_MAX);
  }

  /** How many nodes this is when every alias is written out. */
  long size() {
    return size;
  }

  /** Adds the entries of another map whose keys are not yet here. */
  void merge(ManifestNode other) {
    Set<String> own = new LinkedHashSet<>();
    entries().forEach(entry -> own.add(entry.key));
    for (Entry entry : List.copyOf(other.entries())) {
      if (!own.contains(entry.key)) {
        add(entry);
      }
    }
  }

  /** The last entry of that key, or null. */
  @Nullable Entry entry(String key) {
    Entry found = null;
    for (Entry entry : entries()) {
      if (entry.key.equals(key)) {
        found = entry;
      }
    }
    return found;
  }

  /** The text of a key's value, or null when it is absent or no text. */
  @Nullable String string(String key) {
    Entry entry = entry(key);
    return entry != null && entry.value.scalar instanceof String text ? text : null;
  }

  /** The value of a tree; the last of duplicate keys wins, and what aliases share is shared. */
  Object value() {
    Object known = value;
    if (known == null) {
      known = convert();
      value = known;
    }
    return known;
  }

  private Object convert() {
    if (entries != null) {
      KubeMap.Builder map = KubeMap.builder();
      for (Entry entry : entries) {
        map.put(entry.key, entry.value.value());
      }
      return map.build();
    }
    if (elements != null) {
      Object[] values = new Object[elements.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = elements.get(i).value();
      }
      return KubeList.of(values);
    }
    return scalar == null ? KubeNull.NULL : scalar;
  }
}
