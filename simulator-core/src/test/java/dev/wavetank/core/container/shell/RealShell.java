package dev.wavetank.core.container.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.container.ProgramOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The shell of the machine that runs the tests, with its programs, in an empty directory. */
public final class RealShell {

  private static final Path DASH = Path.of("/bin/dash");

  private RealShell() {}

  /** Skips the test, with a word about it, where the machine has no such shell. */
  public static void require() {
    if (!Files.isExecutable(DASH)) {
      System.err.println("SKIPPED: no " + DASH + " here, nothing is compared with a real shell");
      Assumptions.abort("no " + DASH);
    }
  }

  public static ProgramOutput sh(String script) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("shell");
    Path out = Files.createTempFile("shell", ".out");
    Path err = Files.createTempFile("shell", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(DASH.toString(), "-c", script)
            .directory(directory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("HOME", "/root");
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("the end of\n%s", script).isTrue();
    ProgramOutput output =
        new ProgramOutput(
            process.exitValue(),
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    Files.delete(out);
    Files.delete(err);
    return output;
  }
}
