package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can be read from the sources without compiling them. */
class SourceRulesTest {

  @Test
  void everyPackageSaysWhatItIsAndIsNullMarked() {
    List<Path> packages =
        Checkout.modules().stream()
            .flatMap(module -> Checkout.files(module.resolve("src/main/java"), ".java").stream())
            .map(Path::getParent)
            .distinct()
            .toList();
    assertThat(packages).isNotEmpty();
    List<String> wrong = new ArrayList<>();
    for (Path directory : packages) {
      Path info = directory.resolve("package-info.java");
      if (!Files.exists(info)
          || !Checkout.read(info).contains("@NullMarked")
          || !Checkout.read(info).contains("/**")) {
        wrong.add(Checkout.root().relativize(directory).toString());
      }
    }
    assertThat(wrong)
        .as("packages without a package-info.java that has a comment and @NullMarked")
        .isEmpty();
  }
}
