package dev.wavetank.verification;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * The recorded cases of one area, checked and counted.
 *
 * <pre>{@code
 * GoldenCases.vectors("deployment")
 *     .kind("fenceposts", json -> assertThat(...).isEqualTo(json.get("maxSurge").asInt()))
 *     .kind("sync-rolling", this::syncRolling)
 *     .score();
 * }</pre>
 *
 * <p>A case passes when its check returns, and fails when it throws anything. A case without a
 * check counts in the total and not as passed. Failing cases fail the build only where they passed
 * before: those are listed in {@code verification/src/test/golden-passed.txt}, which is rewritten
 * under {@code -Dgolden.update=true}. What failed, and how, is written to {@code
 * verification/target/golden-failures}.
 *
 * <p>The recordings are searched in the directory that system property {@code golden.dir} names,
 * relative to the project's root. Where they are absent the test is skipped, and says so.
 */
final class GoldenCases {

  /** Compares one recorded case with what the simulator does; throws where they differ. */
  @FunctionalInterface
  interface Check {
    void check(JsonNode recorded) throws Exception;
  }

  private final String area;
  private final List<GoldenCase> cases;
  private final GoldenLedger ledger;
  private final Map<String, Check> checks = new LinkedHashMap<>();

  GoldenCases(String area, List<GoldenCase> cases, GoldenLedger ledger) {
    this.area = area;
    this.cases = cases;
    this.ledger = ledger;
  }

  /** The cases of {@code vectors/<name>.json}; their area is {@code vectors/<name>}. */
  static GoldenCases vectors(String name) {
    return vectors(name, GoldenLedger.ofProject());
  }

  static GoldenCases vectors(String name, GoldenLedger ledger) {
    String area = "vectors/" + name;
    return recordings(area, ledger, directory -> readVectors(directory.resolve(area + ".json")));
  }

  /**
   * Cases of any other form.
   *
   * @param area where they are counted, such as {@code network/rules}
   * @param reader gives the cases found below the directory of the recordings
   */
  static GoldenCases recordings(String area, Function<Path, List<GoldenCase>> reader) {
    return recordings(area, GoldenLedger.ofProject(), reader);
  }

  static GoldenCases recordings(
      String area, GoldenLedger ledger, Function<Path, List<GoldenCase>> reader) {
    Path directory = ledger.recordings();
    List<GoldenCase> cases = Files.isDirectory(directory) ? reader.apply(directory) : List.of();
    if (cases.isEmpty()) {
      throw new TestAbortedException(ledger.absent(area));
    }
    return new GoldenCases(area, cases, ledger);
  }

  private static List<GoldenCase> readVectors(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<GoldenCase> cases = new ArrayList<>();
    try {
      for (JsonNode json : GoldenLedger.JSON.readTree(file.toFile()).get("cases")) {
        cases.add(new GoldenCase(json.get("id").asText(), json));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
    return cases;
  }

  /** All cases, for a check that needs more than one of them. */
  List<GoldenCase> cases() {
    return cases;
  }

  /** Sets the check of the cases of one kind; see {@link GoldenCase#kind()}. */
  GoldenCases kind(String kind, Check check) {
    checks.put(kind, check);
    return this;
  }

  /** Sets the check of every kind that has none of its own. */
  GoldenCases every(Check check) {
    for (GoldenCase golden : cases) {
      checks.putIfAbsent(golden.kind(), check);
    }
    return this;
  }

  /**
   * Runs the checks, counts, and fails when a case fails that passed before.
   *
   * @return how many passed
   */
  int score() {
    List<String> passed = new ArrayList<>();
    Map<String, String> failed = new LinkedHashMap<>();
    Set<String> ids = new LinkedHashSet<>();
    for (GoldenCase golden : cases) {
      if (!ids.add(golden.id())) {
        throw new IllegalStateException("two cases of " + area + " have the id " + golden.id());
      }
      String failure = failure(golden);
      if (failure == null) {
        passed.add(golden.id());
      } else {
        failed.put(golden.id(), failure);
      }
    }
    ledger.record(area, passed, failed);
    return passed.size();
  }

  private @Nullable String failure(GoldenCase golden) {
    Check check = checks.get(golden.kind());
    if (check == null) {
      return "no check for cases of kind " + golden.kind();
    }
    try {
      check.check(golden.json());
      return null;
    } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
      return String.valueOf(e);
    }
  }
}
