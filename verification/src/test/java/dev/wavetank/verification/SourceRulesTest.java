package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be read from the sources without compiling them. */
class SourceRulesTest {
  private static final int FILE_LINES_MAX = 600;
  private static final int METHOD_LINES_MAX = 60;

  /** Written with a class in brackets so that this file does not contain what it looks for. */
  private static final Pattern MACHINE_PATH =
      Pattern.compile("/[w]ork/|/[r]oot/|/[f]arm/|/[.]library");

  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TODO|FIXME|XXX)\\b|[Nn]ot (yet )?implemented");

  /** What kubectl itself prints about a kind that has no pods of its own. */
  private static final String WORDS_OF_KUBECTL = "selector for \" + type + \" not implemented";

  /** What wget of BusyBox says of every certificate. */
  private static final String WORDS_OF_BUSYBOX = "TLS certificate validation not implemented";

  private static final Pattern SWITCHED_OFF = Pattern.compile("@[D]isabled|@[I]gnore\\b");

  private static final Pattern OPEN_VERSION =
      Pattern.compile("<version>\\s*([\\[(].*|LATEST|RELEASE|.*-SNAPSHOT)\\s*</version>");

  @Test
  void everyPackageSaysWhatItIsAndIsNullMarked() {
    List<Path> packages = mainSources().stream().map(Path::getParent).distinct().toList();
    List<String> wrong = new ArrayList<>();
    for (Path directory : packages) {
      Path info = directory.resolve("package-info.java");
      if (!Files.exists(info)
          || !Checkout.read(info).contains("@NullMarked")
          || !Checkout.read(info).contains("/**")) {
        wrong.add(name(directory));
      }
    }
    assertThat(wrong)
        .as("packages without a package-info.java that has a comment and @NullMarked")
        .isEmpty();
  }

  @Test
  void aFileIsASitting() {
    assertThat(allSources())
        .filteredOn(file -> Checkout.read(file).lines().count() > FILE_LINES_MAX)
        .extracting(SourceRulesTest::name)
        .as("files of more than %s lines", FILE_LINES_MAX)
        .isEmpty();
  }

  @Test
  void aMethodFitsAScreen() {
    assertThat(MethodLengths.longerThan(METHOD_LINES_MAX, mainSources()))
        .as("methods of more than %s lines", METHOD_LINES_MAX)
        .isEmpty();
  }

  @Test
  void methodsAreMeasured() {
    assertThat(MethodLengths.longerThan(0, mainSources()))
        .anyMatch(line -> line.contains("Wavetank.java") && line.contains("main"));
  }

  @Test
  void nothingInTheMainCodeIsUnfinished() {
    assertThat(linesWith(UNFINISHED, mainSources()))
        .filteredOn(line -> !line.contains(WORDS_OF_KUBECTL) && !line.contains(WORDS_OF_BUSYBOX))
        .isEmpty();
  }

  @Test
  void noTestIsSwitchedOff() {
    assertThat(linesWith(SWITCHED_OFF, allSources())).isEmpty();
  }

  @Test
  void noFileNamesAPathOfAMachine() throws Exception {
    assertThat(linesWith(MACHINE_PATH, trackedFiles())).isEmpty();
  }

  @Test
  void thePathsOfMachinesAreRecognised() {
    assertThat("see /" + "work/main").containsPattern(MACHINE_PATH);
    assertThat("scenarios/library/seed.yaml, /workspace, ../shared/golden")
        .doesNotContainPattern(MACHINE_PATH);
  }

  @Test
  void everyVersionIsPinned() {
    List<Path> poms =
        Stream.concat(Stream.of(Checkout.root()), Checkout.modules().stream())
            .map(directory -> directory.resolve("pom.xml"))
            .toList();
    assertThat(linesWith(OPEN_VERSION, poms))
        .filteredOn(line -> !line.contains("<version>0.1.0-SNAPSHOT</version>"))
        .isEmpty();
  }

  private static List<Path> mainSources() {
    List<Path> sources = sources("src/main/java");
    assertThat(sources).isNotEmpty();
    return sources;
  }

  private static List<Path> allSources() {
    List<Path> all = new ArrayList<>(mainSources());
    all.addAll(sources("src/test/java"));
    return all;
  }

  private static List<Path> sources(String directory) {
    return Checkout.modules().stream()
        .flatMap(module -> Checkout.files(module.resolve(directory), ".java").stream())
        .toList();
  }

  /** What git knows; without git, the sources and the files of the root. */
  private static List<Path> trackedFiles() throws IOException, InterruptedException {
    if (Files.exists(Checkout.root().resolve(".git"))) {
      Process git =
          new ProcessBuilder("git", "ls-files", "-z").directory(Checkout.root().toFile()).start();
      String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (git.waitFor() == 0) {
        return Stream.of(names.split("\0"))
            .map(Checkout.root()::resolve)
            .filter(Files::isRegularFile)
            .toList();
      }
    }
    return allSources();
  }

  private static List<String> linesWith(Pattern pattern, List<Path> files) {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      try (Stream<String> lines = Files.lines(file)) {
        lines
            .filter(line -> pattern.matcher(line).find())
            .forEach(line -> found.add(name(file) + ": " + line.strip()));
      } catch (UncheckedIOException e) {
        if (!(e.getCause() instanceof MalformedInputException)) {
          throw e;
        }
        // Not text.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  private static String name(Path file) {
    return Checkout.root().relativize(file).toString();
  }
}
