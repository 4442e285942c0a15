package dev.wavetank.verification;

import java.nio.file.Files;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/** The real kubectl and helm, where {@code .ci/real-clients} has fetched them. */
final class RealClients {

  /** The minor version that the recordings were made with. */
  static final String RECORDED_MINOR = "1.35";

  private RealClients() {}

  /** The program kubectl of a minor version; the test is skipped, and says so, without it. */
  static Path kubectl(String minor) {
    return program(minor, "kubectl/kubectl");
  }

  static Path helm(String minor) {
    return program(minor, "helm/helm");
  }

  private static Path program(String minor, String name) {
    Path program =
        Checkout.root().resolve("verification/target/real-clients").resolve(minor).resolve(name);
    if (!Files.isExecutable(program)) {
      String message = "REAL CLIENT ABSENT: no " + name + " " + minor + "; see .ci/real-clients";
      System.out.println("\n!!! " + message + "\n!!! NOTHING WAS TRIED WITH IT\n");
      throw new TestAbortedException(message);
    }
    return program;
  }
}
