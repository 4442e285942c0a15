package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.flags.Words;
import dev.wavetank.server.ClusterServer;
import dev.wavetank.server.SessionReplay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** A user who logs in by a certificate that she asked for, with the real kubectl and openssl. */
class RealKubectlCertificatesTest {

  @TempDir Path directory;

  private void openssl(String arguments) throws IOException, InterruptedException {
    ProcessBuilder command =
        new ProcessBuilder(Words.split("openssl " + arguments)).directory(directory.toFile());
    Process process;
    try {
      process =
          command
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("openssl.out").toFile())
              .start();
    } catch (IOException e) {
      throw new TestAbortedException("there is no openssl here");
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(directory.resolve("openssl.out"))).isZero();
  }

  private static Output run(RealKubectl client, String commandLine, String stdin) {
    return client.run(Words.split(commandLine), stdin.getBytes(StandardCharsets.UTF_8));
  }

  private static String ok(RealKubectl client, String commandLine) {
    return ok(client, commandLine, "");
  }

  private static String ok(RealKubectl client, String commandLine, String stdin) {
    Output output = run(client, commandLine, stdin);
    assertThat(output.exitCode()).as(commandLine + ": " + output.stderr()).isZero();
    return output.stdout();
  }

  private String request() throws IOException {
    String csr =
        Base64.getEncoder().encodeToString(Files.readAllBytes(directory.resolve("jane.csr")));
    return String.join(
        "\n",
        "apiVersion: certificates.k8s.io/v1",
        "kind: CertificateSigningRequest",
        "metadata: {name: jane}",
        "spec:",
        "  request: " + csr,
        "  signerName: kubernetes.io/kube-apiserver-client",
        "  expirationSeconds: 86400",
        "  usages: [client auth]",
        "");
  }

  @Test
  void aUserLogsInByACertificateThatTheClusterSigned() throws Exception {
    Path program = RealClients.kubectl(RealClients.RECORDED_MINOR);
    openssl("genrsa -out jane.key 2048");
    openssl("req -new -key jane.key -out jane.csr -subj /CN=jane/O=devs");
    Path record = directory.resolve("session");
    try (ClusterServer server =
        ClusterServer.start(ClusterServer.options().withTls().withRecord(record))) {
      RealKubectl admin =
          RealKubectl.withTls(
              program,
              server.url(),
              server.administrator(),
              "",
              directory,
              Files.createDirectories(directory.resolve("admin")));
      ok(admin, "kubectl apply -f -", request());
      assertThat(ok(admin, "kubectl get csr jane --no-headers"))
          .matches(
              "jane +\\S+ +kubernetes.io/kube-apiserver-client +kubernetes-admin +24h +Pending\n");
      ok(admin, "kubectl certificate approve jane");
      ok(admin, "kubectl wait --for=jsonpath={.status.certificate} csr/jane");
      assertThat(ok(admin, "kubectl get csr jane --no-headers")).contains("Approved,Issued");
      String certificate = ok(admin, "kubectl get csr jane -o jsonpath={.status.certificate}");
      Files.write(directory.resolve("jane.crt"), Base64.getDecoder().decode(certificate));
      openssl("x509 -in jane.crt -noout -subject -ext extendedKeyUsage");
      assertThat(Files.readString(directory.resolve("openssl.out")))
          .contains("subject=O = devs, CN = jane")
          .contains("TLS Web Client Authentication");
      ok(
          admin,
          "kubectl config set-credentials jane --client-certificate=jane.crt"
              + " --client-key=jane.key --embed-certs=true");
      ok(admin, "kubectl create role reader --verb=get,list --resource=pods");
      ok(admin, "kubectl create rolebinding readers --role=reader --user=jane");
      assertThat(ok(admin, "kubectl --user=jane auth whoami"))
          .containsPattern("Username +jane\n")
          .containsPattern("Groups +\\[devs system:authenticated]\n");
      ok(admin, "kubectl --user=jane get pods");
      assertThat(run(admin, "kubectl --user=jane get nodes", "").stderr())
          .contains("nodes is forbidden: User \"jane\" cannot list resource \"nodes\"");
      ok(admin, "kubectl create --raw /wavetank/clock?advance=90000000000000 -f -", "{}");
      assertThat(run(admin, "kubectl --user=jane get pods", "").stderr())
          .isEqualTo("error: You must be logged in to the server (Unauthorized)\n");
      ok(admin, "kubectl get pods");
    }
    byte[] bytes = Files.readAllBytes(record);
    assertThat(SessionReplay.read("session", bytes).replay().difference()).isEmpty();
    assertThat(new String(bytes, StandardCharsets.UTF_8)).doesNotContain("PRIVATE KEY");
  }
}
