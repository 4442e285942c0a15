package dev.wavetank.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.server.ClientCredentials;
import dev.wavetank.server.ClusterServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  private int run(String... args) {
    return Wavetank.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(args);
  }

  @Test
  void aClockThatIsNoneIsAMistakeInTheUsage() {
    assertThat(run("serve", "--clock", "10")).isEqualTo(2);
    assertThat(err.toString()).contains("'10' is no clock: auto, real, manual");
    assertThat(run("serve", "--nodes", "-1")).isEqualTo(2);
  }

  @Test
  void howServicesAreReachedIsOneOfTheKnownWays() {
    assertThat(run("serve", "--proxy-mode", "userspace")).isEqualTo(2);
    assertThat(err.toString()).contains("--proxy-mode must be one of iptables, nftables, ipvs");
    assertThat(run("serve", "--load-balancers", "vip")).isEqualTo(2);
    assertThat(err.toString()).contains("--load-balancers must be one of none, VIP, Proxy");
  }

  @Test
  void aManifestThatIsWrongEndsItBeforeAnythingIsServed() throws IOException {
    Path file = directory.resolve("bad.yaml");
    Files.writeString(file, "apiVersion: v1\nkind: Pod\nspec: {containerz: []}\n");
    assertThat(run("serve", "-f", file.toString())).isEqualTo(ExitCode.INVALID_FILE);
    assertThat(err.toString()).contains("bad.yaml:3:").contains("containerz");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aKubeconfigOfSomebodyElseIsNotOverwritten() throws IOException {
    Path file = directory.resolve("config");
    Kubeconfig.write(file, "http://127.0.0.1:1", null);
    Kubeconfig.write(file, "http://127.0.0.1:2", null);
    assertThat(Kubeconfig.context(file).server()).isEqualTo(URI.create("http://127.0.0.1:2"));
    Path mine = directory.resolve("mine");
    Files.writeString(mine, "apiVersion: v1\nkind: Config\n");
    assertThatThrownBy(() -> Kubeconfig.write(mine, "http://127.0.0.1:3", null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was not written by wavetank");
    assertThat(Files.readString(mine)).isEqualTo("apiVersion: v1\nkind: Config\n");
  }

  @Test
  void theClockOfAServedClusterIsReadAndMoved() throws IOException {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      String config = Kubeconfig.write(directory.resolve("config"), server.url(), null).toString();
      assertThat(run("clock", "--kubeconfig", config)).isEqualTo(ExitCode.OK);
      assertThat(run("clock", "--kubeconfig", config, "--advance", "90s")).isEqualTo(ExitCode.OK);
      assertThat(out.toString().lines())
          .containsExactly("2026-01-01T00:01:00Z", "2026-01-01T00:02:30Z");
    }
  }

  @Test
  void aKubeconfigWithAKeyIsItsOwnersAlone() throws IOException {
    Path file = directory.resolve("config");
    Files.writeString(file, "# Written by wavetank serve.\n");
    ClientCredentials administrator = new ClientCredentials("authority", "certificate", "key");
    Kubeconfig.write(file, "https://127.0.0.1:1", administrator);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Kubeconfig.context(file).credentials()).isEqualTo(administrator);
  }

  @Test
  void withTlsTheKubeconfigHasWhatTheServerAsksFor() throws Exception {
    Path file = directory.resolve("secure");
    CountDownLatch serves = new CountDownLatch(1);
    StringWriter said =
        new StringWriter() {
          @Override
          public void write(String text, int offset, int length) {
            super.write(text, offset, length);
            if (toString().contains("serving until interrupted")) {
              serves.countDown();
            }
          }
        };
    Thread serving =
        new Thread(
            () ->
                Wavetank.commandLine(
                        new PrintWriter(new StringWriter()), new PrintWriter(said, true))
                    .execute("serve", "--tls", "--kubeconfig", file.toString()));
    serving.start();
    try {
      assertThat(serves.await(60, TimeUnit.SECONDS)).as("%s", said).isTrue();
      assertThat(Kubeconfig.context(file).server().getScheme()).isEqualTo("https");
      assertThat(run("clock", "--kubeconfig", file.toString())).as("%s", err).isZero();
    } finally {
      serving.interrupt();
      serving.join(60_000);
    }
    assertThat(serving.isAlive()).isFalse();
  }
}
