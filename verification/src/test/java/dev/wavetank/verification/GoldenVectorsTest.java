package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class GoldenVectorsTest {

  @Test
  void everyFileOfVectorsHasAScore() {
    GoldenLedger ledger = GoldenLedger.ofProject();
    List<Path> files = Checkout.files(ledger.recordings().resolve("vectors"), ".json");
    if (files.isEmpty()) {
      throw new TestAbortedException(ledger.absent("vectors"));
    }
    String scores =
        Checkout.read(Checkout.root().resolve("verification/target/golden-scores.json"));
    for (Path file : files) {
      String name = file.getFileName().toString().replace(".json", "");
      assertThat(scores).contains("\"vectors/" + name + "\"");
    }
  }
}
