package dev.wavetank.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the recorded cases: where they are, which ones passed once, and the score.
 *
 * <p>The list of passed cases is text, a line {@code <area> <id>} each, sorted, so that branches
 * merge. The scores are one JSON object with {@code {"passed": n, "total": m}} for each area.
 */
final class GoldenLedger {
  static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private static final int SHOWN_MAX = 20;

  private static @Nullable GoldenLedger projectLedger;

  private final Path recordings;
  private final Path passedFile;
  private final Path target;
  private final boolean update;
  private final PrintStream out;

  /**
   * A ledger over these places.
   *
   * @param recordings the directory of the recordings
   * @param passedFile the list of the cases that passed once
   * @param target where scores and failures are written
   * @param update whether the list is rewritten instead of obeyed
   * @param out where scores are printed
   */
  GoldenLedger(Path recordings, Path passedFile, Path target, boolean update, PrintStream out) {
    this.recordings = recordings;
    this.passedFile = passedFile;
    this.target = target;
    this.update = update;
    this.out = out;
  }

  /**
   * The ledger of this project. Its scores are those of this JVM: nothing is left of an older run.
   */
  static synchronized GoldenLedger ofProject() {
    if (projectLedger == null) {
      projectLedger = newProjectLedger();
    }
    return projectLedger;
  }

  private static GoldenLedger newProjectLedger() {
    Path root = Checkout.root();
    GoldenLedger ledger =
        new GoldenLedger(
            root.resolve(System.getProperty("golden.dir", "../shared/golden")).normalize(),
            root.resolve("verification/src/test/golden-passed.txt"),
            root.resolve("verification/target"),
            Boolean.getBoolean("golden.update"),
            System.out);
    ledger.forget();
    ledger.countUnread();
    return ledger;
  }

  Path recordings() {
    return recordings;
  }

  private void forget() {
    try {
      Files.deleteIfExists(scoresFile());
      for (Path file : Checkout.files(failures(), ".txt")) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says, so that nobody misses it, that an area has no recordings. */
  String absent(String area) {
    String message = "GOLDEN RECORDINGS ABSENT: nothing of " + area + " in " + recordings;
    out.println("\n!!! " + message + "\n!!! NOTHING WAS COMPARED\n");
    return message;
  }

  /** Gives every file of vectors that has no score yet a score of none passed. */
  void countUnread() {
    ObjectNode scores = scores();
    boolean changed = false;
    for (Path file : Checkout.files(recordings.resolve("vectors"), ".json")) {
      String area = "vectors/" + file.getFileName().toString().replace(".json", "");
      if (!scores.has(area)) {
        try {
          put(scores, area, 0, JSON.readTree(file.toFile()).get("cases").size());
        } catch (IOException e) {
          throw new UncheckedIOException(file.toString(), e);
        }
        changed = true;
      }
    }
    if (changed) {
      writeScores(scores);
    }
  }

  /**
   * Prints and keeps a score; throws an {@link AssertionError} when a case fails that once passed.
   */
  void record(String area, Collection<String> passed, Map<String, String> failed) {
    int total = passed.size() + failed.size();
    out.printf(Locale.ROOT, "golden %s: %d/%d%n", area, passed.size(), total);
    ObjectNode scores = scores();
    put(scores, area, passed.size(), total);
    writeScores(scores);
    writeFailures(area, failed);

    TreeSet<String> listed = listed();
    if (update) {
      listed.removeIf(line -> line.startsWith(area + " "));
      passed.forEach(id -> listed.add(area + " " + id));
      writeLines(passedFile, listed);
      return;
    }
    List<String> broken = new ArrayList<>();
    failed.forEach(
        (id, failure) -> {
          if (listed.contains(area + " " + id)) {
            broken.add(id + ": " + failure);
          }
        });
    if (!broken.isEmpty()) {
      throw new AssertionError(
          broken.size()
              + " recorded cases of "
              + area
              + " passed before and fail now:\n"
              + String.join("\n", broken.subList(0, Math.min(SHOWN_MAX, broken.size()))));
    }
  }

  private TreeSet<String> listed() {
    return new TreeSet<>(
        Files.exists(passedFile) ? Checkout.read(passedFile).lines().toList() : List.of());
  }

  private Path failures() {
    return target.resolve("golden-failures");
  }

  private Path scoresFile() {
    return target.resolve("golden-scores.json");
  }

  private ObjectNode scores() {
    if (!Files.exists(scoresFile())) {
      return JSON.createObjectNode();
    }
    try {
      return (ObjectNode) JSON.readTree(scoresFile().toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(scoresFile().toString(), e);
    }
  }

  private static void put(ObjectNode scores, String area, int passed, int total) {
    scores.putObject(area).put("passed", passed).put("total", total);
  }

  private void writeScores(ObjectNode scores) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    scores.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    try {
      Files.createDirectories(target);
      JSON.writeValue(scoresFile().toFile(), sorted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeFailures(String area, Map<String, String> failed) {
    List<String> lines = new ArrayList<>();
    failed.forEach((id, failure) -> lines.add(id + ": " + failure));
    writeLines(failures().resolve(area.replace('/', '-') + ".txt"), lines);
  }

  private static void writeLines(Path file, Collection<String> lines) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
