package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The same inputs and seed give the same run: again in this JVM, and in another one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeterminismTest {
  private List<String> first = List.of();

  @BeforeAll
  void runOnce() throws IOException {
    first = DeterministicRuns.hashes();
    // For the comparison with another JDK.
    Path target = Files.createDirectories(Checkout.root().resolve("verification/target"));
    Files.write(target.resolve("deterministic-runs.txt"), first);
  }

  @Test
  void everyRunIsTheSameAgain() {
    assertThat(first).isNotEmpty().isEqualTo(DeterministicRuns.hashes());
  }

  @Test
  void everyRunIsTheSameInAFreshJvm() {
    assertThat(FreshJvm.run(DeterministicRuns.class).lines().toList()).isEqualTo(first);
  }

  @Test
  void theHashTellsRunsApart() {
    assertThat(first.stream().map(line -> line.split(": ", 2)[1])).doesNotHaveDuplicates();
  }
}
