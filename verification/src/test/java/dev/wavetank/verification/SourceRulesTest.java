package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be read from the sources without compiling them. */
class SourceRulesTest {
  private static final Path ROOT = Path.of(System.getProperty("wavetank.root", "..")).normalize();

  @Test
  void everyPackageSaysWhatItIsAndIsNullMarked() throws IOException {
    List<String> wrong = new ArrayList<>();
    List<Path> packages = packagesOfMainSources();
    assertThat(packages).as("packages found below %s", ROOT).isNotEmpty();
    for (Path directory : packages) {
      Path info = directory.resolve("package-info.java");
      if (!Files.exists(info)
          || !Files.readString(info).contains("@NullMarked")
          || !Files.readString(info).contains("/**")) {
        wrong.add(ROOT.relativize(directory).toString());
      }
    }
    assertThat(wrong)
        .as("packages without a package-info.java that has a comment and @NullMarked")
        .isEmpty();
  }

  private static List<Path> packagesOfMainSources() throws IOException {
    List<Path> packages = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.sorted().toList()) {
        Path sources = module.resolve("src/main/java");
        if (!Files.isDirectory(sources)) {
          continue;
        }
        try (Stream<Path> files = Files.walk(sources)) {
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(Path::getParent)
              .distinct()
              .sorted()
              .forEach(packages::add);
        }
      }
    }
    return packages;
  }
}
