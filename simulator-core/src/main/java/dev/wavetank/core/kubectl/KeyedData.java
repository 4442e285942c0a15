package dev.wavetank.core.kubectl;

import com.google.common.base.CharMatcher;
import com.google.common.base.Utf8;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.FlagSet;
import dev.wavetank.core.kubectl.resource.FileSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keys and values that flags take from files, directories, literals and environment files.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/util/util.go and pkg/cmd/util/env_file.go (v1.36). An
 * environment file's name without a value would take the shell's, and there is no shell: it is
 * empty.
 */
final class KeyedData {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /** Where keys and values go. */
  @FunctionalInterface
  interface Sink {
    /** Adds one; throws when the key is none or is there already. */
    void add(String key, byte[] value);
  }

  private final FileSource files;
  private final String kind;
  private final Sink sink;

  /**
   * Sources of one object.
   *
   * @param kind how an error names environment files: {@code config} or {@code secret}
   */
  KeyedData(FileSource files, String kind, Sink sink) {
    this.files = files;
    this.kind = kind;
    this.sink = sink;
  }

  static void addFlags(FlagSet flags) {
    flags
        .strings("from-file", "", "File, KEY=file, or directory of files")
        .stringArray("from-literal", "", "A key and its value, as KEY=VALUE")
        .strings("from-env-file", "", "File with lines of KEY=VALUE")
        .bool("append-hash", "", false, "Append a hash of the data to the name");
  }

  static void checkFlags(Invocation call) {
    boolean others =
        !call.flags().strings("from-file").isEmpty()
            || !call.flags().strings("from-literal").isEmpty();
    if (others && !call.flags().strings("from-env-file").isEmpty()) {
      throw CommandException.of("from-env-file cannot be combined with from-file or from-literal");
    }
  }

  void literals(List<String> sources) {
    for (String source : sources) {
      int equals = source.indexOf('=');
      if (equals <= 0) {
        throw CommandException.of("invalid literal source " + source + ", expected key=value");
      }
      sink.add(
          source.substring(0, equals),
          source.substring(equals + 1).getBytes(StandardCharsets.UTF_8));
    }
  }

  void files(List<String> sources) {
    for (String source : sources) {
      String path = path(source);
      byte[] bytes = files.read(path);
      if (bytes != null) {
        boolean named = source.contains("=");
        sink.add(named ? source.substring(0, source.indexOf('=')) : base(path), bytes);
        continue;
      }
      List<String> names = files.list(path);
      if (names == null) {
        throw noSuchFile(path);
      }
      if (source.contains("=")) {
        throw CommandException.of("cannot give a key name for a directory path");
      }
      directory(path, names);
    }
  }

  private void directory(String path, List<String> names) {
    for (String name : names) {
      byte[] bytes = files.read(path + "/" + name);
      if (bytes != null) {
        sink.add(name, bytes);
      }
    }
  }

  private static CommandException noSuchFile(String path) {
    return CommandException.of("error reading " + path + ": no such file or directory");
  }

  private static String path(String source) {
    int separators = CharMatcher.is('=').countIn(source);
    if (separators > 1) {
      throw CommandException.of("key names or file paths cannot contain '='");
    }
    if (separators == 1 && source.startsWith("=")) {
      throw CommandException.of("key name for file path " + source.substring(1) + " missing");
    }
    if (separators == 1 && source.endsWith("=")) {
      throw CommandException.of(
          "file path for key name " + source.substring(0, source.length() - 1) + " missing");
    }
    return source.substring(source.indexOf('=') + 1);
  }

  private static String base(String path) {
    String trimmed = CharMatcher.is('/').trimTrailingFrom(path);
    return trimmed.substring(trimmed.lastIndexOf('/') + 1);
  }

  void environmentFiles(List<String> sources) {
    for (String source : sources) {
      byte[] bytes = files.read(source);
      if (bytes == null) {
        throw files.list(source) == null
            ? noSuchFile(source)
            : CommandException.of("env " + kind + " file cannot be a directory");
      }
      int start = 0;
      for (int line = 1; start < bytes.length; line++) {
        int end = start;
        while (end < bytes.length && bytes[end] != '\n') {
          end++;
        }
        boolean carriageReturn = end > start && bytes[end - 1] == '\r';
        environmentLine(
            Arrays.copyOfRange(bytes, start, carriageReturn ? end - 1 : end), source, line);
        start = end + 1;
      }
    }
  }

  private void environmentLine(byte[] bytes, String file, int number) {
    if (!Utf8.isWellFormed(bytes)) {
      List<Integer> values = new ArrayList<>();
      for (byte value : bytes) {
        values.add(value & 0xff);
      }
      throw CommandException.of(
          "env file "
              + file
              + " contains invalid utf8 bytes at line "
              + number
              + ": "
              + GoText.of(values));
    }
    int skipped = number == 1 && startsWithMark(bytes) ? BYTE_ORDER_MARK.length : 0;
    String line =
        new String(bytes, skipped, bytes.length - skipped, StandardCharsets.UTF_8).stripLeading();
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    String[] parts = line.split("=", 2);
    List<String> mistakes = Formats.environmentVariable(parts[0]);
    if (!mistakes.isEmpty()) {
      throw CommandException.of(
          GoQuote.quote(parts[0]) + " is not a valid key name: " + String.join(";", mistakes));
    }
    sink.add(parts[0], (parts.length < 2 ? "" : parts[1]).getBytes(StandardCharsets.UTF_8));
  }

  private static boolean startsWithMark(byte[] bytes) {
    return bytes.length >= BYTE_ORDER_MARK.length
        && Arrays.equals(Arrays.copyOf(bytes, BYTE_ORDER_MARK.length), BYTE_ORDER_MARK);
  }
}
