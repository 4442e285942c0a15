package dev.wavetank.scenarios.step;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command is expected to print: all of it, or parts that must be in it.
 *
 * @param output all of it, without regard to line breaks at its end; null for anything
 * @param contains parts
 */
record PrintedText(@Nullable String output, ImmutableList<String> contains) {

  static PrintedText read(FileFields fields) {
    return new PrintedText(
        fields.has("output") ? fields.text("output") : null, fields.texts("contains"));
  }

  /** What is wrong with a text; null when it is as expected. */
  @Nullable String unmet(String printed) {
    if (output != null && !printed.stripTrailing().equals(output.stripTrailing())) {
      return "printed other than expected: " + firstDifference(output, printed);
    }
    for (String part : contains) {
      if (!printed.contains(part)) {
        return "did not print \"" + part + "\"";
      }
    }
    return null;
  }

  private static String firstDifference(String expected, String printed) {
    List<String> wanted = Splitter.on('\n').splitToList(expected.stripTrailing());
    List<String> got = Splitter.on('\n').splitToList(printed.stripTrailing());
    for (int i = 0; i < Math.max(wanted.size(), got.size()); i++) {
      String want = i < wanted.size() ? wanted.get(i) : "";
      String have = i < got.size() ? got.get(i) : "";
      if (!want.equals(have)) {
        return "line " + (i + 1) + " is \"" + have + "\", expected \"" + want + "\"";
      }
    }
    return "it ends otherwise";
  }
}
