package dev.wavetank.core.kubectl.resource;

import com.google.common.collect.ImmutableSortedMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where kubectl finds the files that a command line names. */
public interface FileSource {

  /** A source without files. */
  FileSource NONE = of(ImmutableSortedMap.of());

  /** The bytes of a file; null when there is none of that path. */
  byte @Nullable [] read(String path);

  /** The names in a directory, in order; null when there is no directory of that path. */
  @Nullable List<String> list(String path);

  /**
   * A source of files that are given.
   *
   * @param files text by path; a path has {@code /} between its parts and does not begin with one
   */
  static FileSource of(Map<String, String> files) {
    ImmutableSortedMap<String, String> all = ImmutableSortedMap.copyOf(files);
    return new FileSource() {
      @Override
      public byte @Nullable [] read(String path) {
        String text = all.get(clean(path));
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
      }

      @Override
      public @Nullable List<String> list(String path) {
        String clean = clean(path);
        String prefix = clean.isEmpty() ? "" : clean + "/";
        TreeSet<String> names = new TreeSet<>();
        for (String file : all.keySet()) {
          if (file.startsWith(prefix)) {
            names.add(file.substring(prefix.length()).split("/", 2)[0]);
          }
        }
        return names.isEmpty() ? null : List.copyOf(names);
      }
    };
  }

  /** A path without the parts of it that stay where they are. */
  private static String clean(String path) {
    String clean = path.replaceAll("/+", "/").replaceAll("(^|/)(\\./)+", "$1");
    clean =
        clean.equals(".") || clean.endsWith("/.") ? clean.substring(0, clean.length() - 1) : clean;
    return clean.endsWith("/") ? clean.substring(0, clean.length() - 1) : clean;
  }
}
