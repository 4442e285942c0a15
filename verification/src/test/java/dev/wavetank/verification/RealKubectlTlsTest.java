package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.flags.Words;
import dev.wavetank.server.ClientCredentials;
import dev.wavetank.server.ClusterServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real kubectl against a server with TLS, as several users. */
class RealKubectlTlsTest {

  @TempDir Path directory;

  private Path program;
  private ClusterServer server;
  private ClientCredentials administrator;
  private RealKubectl admin;

  @BeforeEach
  void serve() throws Exception {
    program = RealClients.kubectl(RealClients.RECORDED_MINOR);
    server =
        ClusterServer.start(ClusterServer.options().withTls().withUsers("t0ken,jane,7,\"devs\"\n"));
    administrator = server.administrator();
    admin = client("admin", administrator, "");
    ok(admin, "kubectl run web --image=nginx --port=80");
    ok(admin, "kubectl wait --for=condition=Ready pod/web");
  }

  @AfterEach
  void end() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private RealKubectl client(String home, ClientCredentials credentials, String token)
      throws IOException {
    return RealKubectl.withTls(
        program,
        server.url(),
        credentials,
        token,
        directory,
        Files.createDirectories(directory.resolve(home)));
  }

  private static Output run(RealKubectl client, String commandLine, String stdin) {
    return client.run(Words.split(commandLine), stdin.getBytes(StandardCharsets.UTF_8));
  }

  private static String ok(RealKubectl client, String commandLine) {
    Output output = run(client, commandLine, "");
    assertThat(output.exitCode()).as(commandLine + ": " + output.stderr()).isZero();
    return output.stdout();
  }

  private static void refused(RealKubectl client, String commandLine, String message) {
    Output output = run(client, commandLine, "");
    assertThat(output.stderr()).as(commandLine).isEqualTo(message + "\n");
    assertThat(output.exitCode()).isEqualTo(1);
  }

  @Test
  void theAdministratorIsKnownByHisCertificate() {
    assertThat(ok(admin, "kubectl auth whoami"))
        .containsPattern("Username +kubernetes-admin\n")
        .containsPattern("Groups +\\[system:masters system:authenticated]\n");
    assertThat(ok(admin, "kubectl auth can-i '*' '*' --all-namespaces")).isEqualTo("yes\n");
  }

  @Test
  void aTokensUserReadsPodsAndNothingElse() throws Exception {
    RealKubectl jane = client("jane", administrator.anonymous(), "t0ken");
    assertThat(ok(jane, "kubectl auth whoami"))
        .containsPattern("Username +jane\n")
        .containsPattern("UID +7\n")
        .containsPattern("Groups +\\[devs system:authenticated]\n");
    String noPods =
        "Error from server (Forbidden): pods is forbidden: User \"jane\" cannot list resource"
            + " \"pods\" in API group \"\" in the namespace \"default\"";
    refused(jane, "kubectl get pods", noPods);
    ok(admin, "kubectl create role reader --verb=get,list,watch --resource=pods");
    ok(admin, "kubectl create rolebinding readers --role=reader --group=devs");
    assertThat(ok(jane, "kubectl get pods --no-headers")).matches("web +1/1 +Running +0 +.*\n");
    refused(
        jane,
        "kubectl delete pod web",
        "Error from server (Forbidden): pods \"web\" is forbidden: User \"jane\" cannot delete"
            + " resource \"pods\" in API group \"\" in the namespace \"default\"");
    refused(
        jane,
        "kubectl get secrets",
        "Error from server (Forbidden): secrets is forbidden: User \"jane\" cannot list resource"
            + " \"secrets\" in API group \"\" in the namespace \"default\"");
    refused(
        jane,
        "kubectl exec web -- true",
        "Error from server (Forbidden): pods \"web\" is forbidden: User \"jane\" cannot create"
            + " resource \"pods/exec\" in API group \"\" in the namespace \"default\"");
    assertThat(ok(jane, "kubectl auth can-i list pods")).isEqualTo("yes\n");
    assertThat(run(jane, "kubectl auth can-i delete pods", "").stdout()).isEqualTo("no\n");
  }

  @Test
  void aServiceAccountIsKnownByTheTokenThatIsMadeForIt() throws Exception {
    ok(admin, "kubectl create serviceaccount robot");
    String token = ok(admin, "kubectl create token robot").trim();
    RealKubectl robot = client("robot", administrator.anonymous(), token);
    assertThat(ok(robot, "kubectl auth whoami"))
        .containsPattern("Username +system:serviceaccount:default:robot\n");
  }

  @Test
  void whoIsNobodyMayNotAndWhoIsStrangeIsTurnedAway() throws Exception {
    RealKubectl nobody = client("nobody", administrator.anonymous(), "");
    // Without these kubectl asks at the terminal; API servers do not look at them.
    String unheard = " --username nobody --password none";
    assertThat(ok(nobody, "kubectl get --raw /readyz" + unheard)).isEqualTo("ok");
    assertThat(ok(nobody, "kubectl version" + unheard)).contains("Server Version: v1.36");
    refused(
        nobody,
        "kubectl get --raw /api/v1/pods" + unheard,
        "Error from server (Forbidden): pods is forbidden: User \"system:anonymous\" cannot list"
            + " resource \"pods\" in API group \"\" at the cluster scope");
    RealKubectl wrong = client("wrong", administrator.anonymous(), "nonsense");
    refused(
        wrong,
        "kubectl get --raw /version",
        "error: You must be logged in to the server (Unauthorized)");
    try (ClusterServer other = ClusterServer.start(ClusterServer.options().withTls())) {
      ClientCredentials theirs = other.credentials("eve", ImmutableList.of("system:masters"));
      RealKubectl stranger =
          client(
              "stranger",
              new ClientCredentials(administrator.authority(), theirs.certificate(), theirs.key()),
              "");
      refused(
          stranger,
          "kubectl get --raw /version",
          "error: You must be logged in to the server (Unauthorized)");
      assertThat(run(client("misled", theirs, ""), "kubectl get --raw /version", "").stderr())
          .contains("tls: failed to verify certificate: x509:");
    }
  }

  @Test
  void streamsWorkOverWebSocketAndOverSpdy() throws Exception {
    RealKubectl old =
        admin
            .with("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "false")
            .with("KUBECTL_PORT_FORWARD_WEBSOCKETS", "false");
    for (RealKubectl client : List.of(admin, old)) {
      assertThat(run(client, "kubectl exec -i web -- cat", "typed").stdout()).isEqualTo("typed");
      try (RealKubectl.Running forward =
          client.start(Words.split("kubectl port-forward --address 127.0.0.1 pod/web :80"))) {
        String port = forward.await("\n").replaceAll("(?s).*:(\\d+) -> 80\n.*", "$1");
        HttpResponse<String> page =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
                    HttpResponse.BodyHandlers.ofString());
        assertThat(page.body()).contains("Welcome to nginx!");
      }
    }
    assertThat(ok(admin, "kubectl get --raw /api/v1/namespaces/default/pods/web/proxy/"))
        .contains("Welcome to nginx!");
  }
}
