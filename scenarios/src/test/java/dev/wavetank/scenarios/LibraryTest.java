package dev.wavetank.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scenarios of the library are lessons, examples and tests: each passes, whatever the seed. */
class LibraryTest {

  private static final Path LIBRARY = Path.of("library");

  static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(LIBRARY)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }

  private static Scenario scenario(String name) throws IOException {
    return Scenario.read(name, new String(Library.read(name), UTF_8), Library::read);
  }

  /** Runs a scenario; the lines of its story are the result's when it fails. */
  private static RunResult run(Scenario scenario, long seed, List<String> lines) {
    return ScenarioRun.run(scenario, seed, Long.MAX_VALUE, lines::add);
  }

  @Test
  void theSeedsStoryAndAtLeastSixMore() throws IOException {
    assertThat(files()).contains(Library.SEED_STORY).hasSizeGreaterThanOrEqualTo(7);
  }

  @ParameterizedTest
  @MethodSource("files")
  void itPasses(String name) throws IOException {
    List<String> lines = new ArrayList<>();
    RunResult result = run(scenario(name), 1, lines);
    assertThat(result.failure()).as(String.join("\n", lines)).isEmpty();
    assertThat(result.expectations()).isNotEmpty().allMatch(RunResult.Expected::passed);
  }

  @ParameterizedTest
  @MethodSource("files")
  void itPassesWithOtherSeeds(String name) throws IOException {
    Scenario scenario = scenario(name);
    for (long seed = 2; seed <= 6; seed++) {
      assertThat(run(scenario, seed, new ArrayList<>()).failure()).as("seed " + seed).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void theSameSeedTellsTheSameStory(String name) throws IOException {
    List<String> first = new ArrayList<>();
    List<String> second = new ArrayList<>();
    RunResult result = run(scenario(name), 7, first);
    assertThat(run(scenario(name), 7, second).traceHash()).isEqualTo(result.traceHash());
    assertThat(second).isEqualTo(first);
  }

  @ParameterizedTest
  @MethodSource("files")
  void anotherSeedIsAnotherRun(String name) throws IOException {
    Scenario scenario = scenario(name);
    assertThat(run(scenario, 7, new ArrayList<>()).traceHash())
        .isNotEqualTo(run(scenario, 8, new ArrayList<>()).traceHash());
  }

  @Test
  void theCalmRunOfTheSeedsStoryPassesToo() throws IOException {
    String text = "choices: calm\n" + new String(Library.read(Library.SEED_STORY), UTF_8);
    Scenario calm = Scenario.read(Library.SEED_STORY, text, Library::read);
    assertThat(run(calm, 1, new ArrayList<>()).failure()).isEmpty();
  }
}
