package dev.wavetank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class WavetankTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Wavetank.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void versionGoesToStdout() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("wavetank ");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void helpGoesToStdout() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: wavetank");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void anUnknownWordIsAUsageErrorOnStderr() {
    assertThat(run("lunch")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("lunch");
  }
}
