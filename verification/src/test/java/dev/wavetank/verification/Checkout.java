package dev.wavetank.verification;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of this project as they lie on the disk. */
final class Checkout {
  private static final Path ROOT = findRoot();

  private Checkout() {}

  /** The project's root: where the parent POM and {@code ./wavetank} are. */
  static Path root() {
    return ROOT;
  }

  /** Directories of the modules that have sources, sorted by name. */
  static List<Path> modules() {
    try (Stream<Path> files = Files.list(ROOT)) {
      return files
          .filter(
              file -> Files.exists(file.resolve("pom.xml")) && Files.exists(file.resolve("src")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The regular files below a directory whose names end so, sorted; none where it is absent. */
  static List<Path> files(Path directory, String ending) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(ending) && Files.isRegularFile(file))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** Surefire says where the root is; an IDE starts somewhere inside. */
  private static Path findRoot() {
    String told = System.getProperty("wavetank.root");
    Path start = Path.of(told == null ? "" : told).toAbsolutePath().normalize();
    for (Path at = start; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("wavetank")) && Files.exists(at.resolve("pom.xml"))) {
        return at;
      }
    }
    throw new IllegalStateException("no project root at or above " + start);
  }
}
