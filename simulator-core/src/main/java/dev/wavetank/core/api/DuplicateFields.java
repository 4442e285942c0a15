package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What strict decoding says of the fields that an object of a JSON text has twice.
 *
 * <p>Follows the vendored sigs.k8s.io/json/internal/golang/encoding/json/decode.go (v1.36).
 */
public final class DuplicateFields {

  private static final String DUPLICATE = "duplicate field ";

  private final Set<String> unknown;
  private final Set<String> problems = new LinkedHashSet<>();
  private boolean found;

  private DuplicateFields(List<String> unknown) {
    this.unknown = new LinkedHashSet<>(unknown);
  }

  /**
   * The unknown fields of a text and those that are there twice, in the order of the text. What is
   * in an unknown field is not looked at.
   *
   * @param unknown what is said of unknown fields, such as {@code unknown field "spec.app"}
   * @return empty when no field is there twice
   * @throws IllegalArgumentException when the text is no JSON
   */
  public static ImmutableList<String> inJson(String text, List<String> unknown) {
    DuplicateFields fields = new DuplicateFields(unknown);
    try {
      fields.add(new JsonReader(text).only(), "");
    } catch (JsonReader.SyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return fields.found ? ImmutableList.copyOf(fields.problems) : ImmutableList.of();
  }

  private void add(ManifestNode node, String path) {
    Set<String> keys = new LinkedHashSet<>();
    for (ManifestNode.Entry entry : node.entries()) {
      String field = path.isEmpty() ? entry.key() : path + "." + entry.key();
      String quoted = GoQuote.quote(field);
      if (unknown.contains("unknown field " + quoted)) {
        problems.add("unknown field " + quoted);
        continue;
      }
      if (!keys.add(entry.key())) {
        found = true;
        problems.add(DUPLICATE + quoted);
      }
      add(entry.value(), field);
    }
    int index = 0;
    for (ManifestNode element : node.elements()) {
      add(element, path + "[" + index++ + "]");
    }
  }
}
