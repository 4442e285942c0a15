package dev.wavetank.scenarios.expect;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path in an object: {@code spec.containers[0].image}, {@code metadata.labels['a.b/c']}.
 *
 * @param steps each a {@code String} key or an {@code Integer} position
 */
record FieldPath(String text, ImmutableList<Object> steps) {

  private static final Pattern STEP =
      Pattern.compile("\\.?([A-Za-z0-9_-]+)|\\[(\\d{1,6})\\]|\\['([^']+)'\\]");

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when the text is no path
   */
  static FieldPath parse(String text) {
    ImmutableList.Builder<Object> steps = ImmutableList.builder();
    Matcher matcher = STEP.matcher(text);
    int end = 0;
    while (end < text.length() && matcher.find() && matcher.start() == end) {
      String position = matcher.group(2);
      String key = matcher.group(1) != null ? matcher.group(1) : matcher.group(3);
      steps.add(position == null ? (Object) String.valueOf(key) : Integer.valueOf(position));
      end = matcher.end();
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException(
          "expected a path such as spec.containers[0].image, not \"" + text + "\"");
    }
    return new FieldPath(text, steps.build());
  }

  /** The value there, or null. */
  @Nullable Object in(KubeMap root) {
    Object value = root;
    for (Object step : steps) {
      if (step instanceof Integer position) {
        value =
            value instanceof KubeList list && position < list.size() ? list.get(position) : null;
      } else {
        value = value instanceof KubeMap map ? map.get((String) step) : null;
      }
      if (value == null) {
        return null;
      }
    }
    return value;
  }
}
