package dev.wavetank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first page shows is what a reader gets. */
class ReadmeTest {

  private static final Pattern BLOCK = Pattern.compile("```(\\w*)\\n(.*?)```", Pattern.DOTALL);

  @TempDir Path directory = Path.of("");

  private final StringWriter out = new StringWriter();

  private int run(String... args) {
    return Wavetank.commandLine(new PrintWriter(out, true), new PrintWriter(out, true))
        .execute(args);
  }

  /** The block of that language that contains a text. */
  private static String block(String language, String part) throws IOException {
    Matcher matcher = BLOCK.matcher(Files.readString(Path.of("../README.md")));
    while (matcher.find()) {
      if (matcher.group(1).equals(language) && matcher.group(2).contains(part)) {
        return matcher.group(2);
      }
    }
    throw new AssertionError("no block with " + part);
  }

  /** The lines of a story without the times on the left. */
  private static List<String> lines(String story) {
    return Splitter.on('\n')
        .omitEmptyStrings()
        .splitToStream(story)
        .map(line -> line.replaceFirst("^ *[0-9.]+ s ", "").strip())
        .toList();
  }

  @Test
  void itsOutputIsTheDemos() throws IOException {
    assertThat(run("demo")).isZero();
    assertThat(lines(out.toString())).containsSubsequence(lines(block("", "todobackend   0/2")));
  }

  @Test
  void itsScenarioPasses() throws IOException {
    Path file = Files.writeString(directory.resolve("story.yaml"), block("yaml", "scenario:"));
    assertThat(run("run", file.toString(), "--seed", "1..3")).as(out.toString()).isZero();
  }
}
