package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class GoldenCasesTest {
  @TempDir Path temp;
  private Path recordings;
  private Path passedFile;
  private Path target;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeEach
  void recordThreeSums() throws IOException {
    recordings = temp.resolve("golden");
    passedFile = temp.resolve("golden-passed.txt");
    target = temp.resolve("target");
    Files.createDirectories(recordings.resolve("vectors"));
    Files.writeString(
        recordings.resolve("vectors/sums.json"),
        """
        {"area": "sums", "cases": [
          {"id": "add-small-1", "a": 1, "b": 2, "sum": 3},
          {"id": "add-small-4", "a": 2, "b": 2, "sum": 5},
          {"id": "negate-2", "a": 1, "sum": -1}]}
        """);
  }

  private GoldenLedger ledger(boolean update) {
    return new GoldenLedger(
        recordings,
        passedFile,
        target,
        update,
        new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  private GoldenCases sums(boolean update) {
    return GoldenCases.vectors("sums", ledger(update))
        .kind(
            "add-small",
            json ->
                assertThat(json.get("a").asInt() + json.get("b").asInt())
                    .isEqualTo(json.get("sum").asInt()));
  }

  @Test
  void aCasePassesWhenItsCheckReturns() {
    assertThat(sums(false).score()).isEqualTo(1);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualToNormalizingNewlines("golden vectors/sums: 1/3\n");
    assertThat(Checkout.read(target.resolve("golden-scores.json")))
        .isEqualToIgnoringWhitespace(
            """
            {"vectors/sums": {"passed": 1, "total": 3}}
            """);
    assertThat(Checkout.read(target.resolve("golden-failures/vectors-sums.txt")))
        .contains("add-small-4: ", "negate-2: no check for cases of kind negate");
  }

  @Test
  void everyTakesTheKindsThatAreLeft() {
    assertThat(sums(false).every(json -> {}).score()).isEqualTo(2);
  }

  @Test
  void updateListsWhatPassedAndKeepsOtherAreas() throws IOException {
    Files.writeString(passedFile, "vectors/other x-1\nvectors/sums gone-9\n");
    sums(true).score();
    assertThat(Checkout.read(passedFile))
        .isEqualTo("vectors/other x-1\nvectors/sums add-small-1\n");
  }

  @Test
  void aCaseThatPassedBeforeMustPass() throws IOException {
    Files.writeString(passedFile, "vectors/sums add-small-1\nvectors/sums negate-2\n");
    GoldenCases sums = sums(false);
    assertThatThrownBy(sums::score)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("negate-2")
        .hasMessageNotContaining("add-small");
    assertThat(sums.kind("negate", json -> {}).score()).isEqualTo(2);
  }

  @Test
  void anotherSetOfRecordingsHasOtherIds() throws IOException {
    Files.writeString(passedFile, "vectors/sums add-small-77\n");
    assertThat(sums(false).score()).isEqualTo(1);
  }

  @Test
  void vectorsThatNoTestReadsAreCounted() {
    ledger(false).countUnread();
    assertThat(Checkout.read(target.resolve("golden-scores.json")))
        .isEqualToIgnoringWhitespace(
            """
            {"vectors/sums": {"passed": 0, "total": 3}}
            """);
  }

  @Test
  void absentRecordingsSkipTheTest() {
    recordings = temp.resolve("nowhere");
    assertThatThrownBy(() -> sums(false))
        .isInstanceOf(TestAbortedException.class)
        .hasMessageContaining("GOLDEN RECORDINGS ABSENT");
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("NOTHING WAS COMPARED");
  }

  @Test
  void twoCasesWithOneIdAreAMistakeOfTheReader() throws IOException {
    Files.writeString(
        recordings.resolve("vectors/sums.json"),
        """
        {"cases": [{"id": "negate-1"}, {"id": "negate-1"}]}
        """);
    assertThatThrownBy(() -> sums(false).score()).isInstanceOf(IllegalStateException.class);
  }
}
