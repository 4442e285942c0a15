package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.flags.Words;
import dev.wavetank.server.ClusterServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real helm against a served cluster, with the chart that it makes itself. */
class RealHelmTest {

  @TempDir Path directory;

  private static String run(RealKubectl helm, String commandLine) {
    Output output = helm.run(Words.split(commandLine), new byte[0]);
    assertThat(output.exitCode()).as(commandLine + ": " + output.stderr()).isZero();
    return output.stdout();
  }

  @Test
  void aChartIsInstalledUpgradedRolledBackAndUninstalled() throws IOException {
    Path helm = RealClients.helm(RealClients.RECORDED_MINOR);
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      Path home = Files.createDirectories(directory.resolve("home"));
      RealKubectl client = new RealKubectl(helm, server.url(), directory, home);
      run(client, "helm create chart");
      assertThat(run(client, "helm install demo ./chart --wait --timeout 60s"))
          .contains("STATUS: deployed");
      run(client, "helm upgrade demo ./chart --set replicaCount=2 --wait --timeout 60s");
      assertThat(run(client, "helm rollback demo 1 --wait --timeout 60s"))
          .contains("Rollback was a success");
      assertThat(run(client, "helm history demo")).contains("Rollback to 1");
      assertThat(run(client, "helm uninstall demo --wait --timeout 60s"))
          .contains("release \"demo\" uninstalled");
      assertThat(run(client, "helm list --short")).isEmpty();
    }
  }
}
