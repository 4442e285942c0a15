package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The same inputs and seed give the same run: again in this JVM, and in another one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeterminismTest {
  private List<String> first = List.of();

  @BeforeAll
  void runOnce() {
    first = DeterministicRuns.hashes();
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
