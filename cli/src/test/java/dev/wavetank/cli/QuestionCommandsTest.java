package dev.wavetank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.server.ClusterServer;
import dev.wavetank.server.SessionSettings.ManifestFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that ask a served cluster about more than its API. */
class QuestionCommandsTest {

  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: nginx}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: client}
      spec: {containers: [{name: c, image: nginx}]}
      """;

  @TempDir static Path directory = Path.of("");

  private static ClusterServer server = null;
  private static String config = "";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void serve() throws IOException {
    server =
        ClusterServer.start(
            ClusterServer.options()
                .withNodes(2)
                .withManifests(ImmutableList.of(new ManifestFile("shop.yaml", MANIFEST))));
    config = Kubeconfig.write(directory.resolve("config"), server.url(), null).toString();
    int code =
        Wavetank.commandLine(
                new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter(), true))
            .execute("clock", "--advance", "60s", "--kubeconfig", config);
    assertThat(code).isZero();
  }

  @AfterAll
  static void close() throws IOException {
    server.close();
  }

  private int run(String... words) {
    return run(Path.of(config), words);
  }

  @Test
  void whyTellsTheStoryOfAnObject() {
    assertThat(run("why", "pod/web", "-n", "shop")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("shop/web").contains("created by").contains("kubelet");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void whyTakesTheFormsOfKubectl() {
    assertThat(run("why", "po", "web", "--namespace=shop")).isZero();
    assertThat(run("why", "pod/shop/web")).isZero();
    assertThat(run("why", "node/node-1")).isZero();
  }

  @Test
  void whyOfTrafficSaysWhereThatIs() {
    assertThat(run("why", "traffic/load")).isEqualTo(2);
    assertThat(err.toString())
        .contains("traffic/load is no object of the cluster")
        .contains("sources of traffic belong to scenario files");
  }

  @Test
  void whyOfWhatNeverWasIsTheServersRefusal() {
    assertThat(run("why", "pod/nobody")).isEqualTo(ExitCode.ERROR);
    assertThat(err.toString())
        .isEqualTo("Error from server (NotFound): pods \"nobody\" not found\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void pathTellsEachStepOfTheWayFromAPodOfTheNamespace() {
    assertThat(run("path", "--from", "client", "--to", "web.shop:80")).isZero();
    assertThat(out.toString())
        .startsWith("from pod default/client (")
        .contains("KUBE-SERVICES")
        .contains("result: ");
    assertThat(run("path", "--from", "web", "-n", "shop", "--to", "web")).isZero();
    assertThat(out.toString()).contains("from pod shop/web (");
  }

  @Test
  void digTakesAllOfDigsArguments() {
    assertThat(run("dig", "+short", "web.shop.svc.cluster.local", "--from", "client")).isZero();
    assertThat(out.toString()).matches("10(\\.\\d+){3}\n");
    assertThat(run("dig", "--from", "pod/client", "-t", "SRV", "web.shop.svc.cluster.local"))
        .isZero();
    assertThat(out.toString()).contains("IN\tSRV").contains("status: NOERROR");
  }

  @Test
  void iptablesSavePrintsTheRulesOfANode() {
    assertThat(run("iptables-save", "node-1")).isZero();
    assertThat(out.toString()).contains("*nat\n").contains("shop/web cluster IP");
  }

  @Test
  void eventsAreThoseOfKubectl() {
    assertThat(run("events", "-n", "shop", "--for", "pod/web")).isZero();
    assertThat(out.toString()).startsWith("LAST SEEN").contains("Pod/web").doesNotContain("client");
    assertThat(run("events", "-n", "nothing")).isZero();
    assertThat(err.toString()).isEqualTo("No events found in nothing namespace.\n");
    assertThat(run("events", "--for", "pod")).isEqualTo(ExitCode.ERROR);
    assertThat(err.toString()).endsWith("error: --for must be in resource/name form\n");
  }

  @Test
  void whoIsNotThereIsRefusedInTheWordsOfTheApi() {
    assertThat(run("iptables-save", "node-9")).isEqualTo(ExitCode.ERROR);
    assertThat(run("dig", "web", "--from", "nobody", "-n", "shop")).isEqualTo(ExitCode.ERROR);
    assertThat(run("path", "--from", "node/node-9", "--to", "web:80")).isEqualTo(ExitCode.ERROR);
    assertThat(err.toString())
        .isEqualTo(
            """
            Error from server (NotFound): nodes "node-9" not found
            Error from server (NotFound): pods "nobody" not found
            Error from server (NotFound): nodes "node-9" not found
            """);
  }

  @Test
  void mistakesInTheUsageAreToldBeforeAnythingIsAsked() {
    assertThat(run("why")).isEqualTo(2);
    assertThat(run("why", "pot/web")).isEqualTo(2);
    assertThat(err.toString()).contains("no resource type \"pot\"");
    assertThat(run("path", "--to", "web:80")).isEqualTo(2);
    assertThat(run("path", "--from", "client", "--to", "web:http")).isEqualTo(2);
    assertThat(run("dig", "web", "--from", "pot/client")).isEqualTo(2);
    assertThat(run("iptables-save")).isEqualTo(2);
    assertThat(run("events", "--lunch")).isEqualTo(2);
  }

  @Test
  void strangeQuestionsAreAnsweredAndTheClusterGoesOn() throws Exception {
    for (String host : List.of("..", "a".repeat(70), "fe80::1", "fe80::1%eth0", "ü", "web shop")) {
      run("path", "--from", "client", "--to", host.contains(":") ? "[" + host + "]:80" : host);
    }
    for (String words :
        List.of("", "@", "@nobody x", "-t", "-x 1", "+time=60000 @192.0.2.9 x", "..")) {
      List<String> all = new ArrayList<>(List.of("dig", "--from", "client"));
      all.addAll(List.of(words.split(" ", -1)));
      run(all.toArray(new String[0]));
    }
    for (String target :
        List.of("why", "why?object=x", "events?argument=-f&argument=x", "iptables-save", "lunch")) {
      URI uri = URI.create(server.url() + "/wavetank/" + target);
      int code =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
              .statusCode();
      assertThat(code).as(target).isBetween(200, 404);
    }
    assertThat(server.failure()).isNull();
    assertThat(run("clock")).isZero();
  }

  @Test
  void whatIsNoServedClusterIsSaid() throws IOException {
    Path file = directory.resolve("gone");
    Kubeconfig.write(file, "http://127.0.0.1:1", null);
    int code =
        Wavetank.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
            .execute("why", "pod/web", "--kubeconfig", file.toString());
    assertThat(code).isEqualTo(ExitCode.ERROR);
    assertThat(err.toString()).isEqualTo("wavetank: no cluster is served at http://127.0.0.1:1\n");
    assertThat(Files.exists(file)).isTrue();
  }

  private int run(Path kubeconfig, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    return Wavetank.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(all.toArray(new String[0]));
  }

  @Test
  void questionsGoOverTlsByTheKubeconfigsCertificateOrToken() throws IOException {
    Path file = directory.resolve("tls");
    try (ClusterServer secure =
        ClusterServer.start(
            ClusterServer.options().withTls().withUsers("t0ken,jane,7,\"system:masters\"\n"))) {
      Kubeconfig.write(file, secure.url(), secure.administrator());
      assertThat(run(file, "clock", "--advance", "1s")).as(err.toString()).isZero();
      assertThat(run(file, "why", "node/node-1")).as(err.toString()).isZero();
      assertThat(run(file, "path", "--from", "node/node-1", "--to", "kubernetes:443")).isZero();
      assertThat(run(file, "dig", "kubernetes.default.svc.cluster.local", "--from", "node/node-1"))
          .isZero();
      assertThat(run(file, "iptables-save", "node-1")).isZero();
      assertThat(run(file, "events", "-A")).isZero();
      assertThat(out.toString()).contains("node-1").contains("KUBE-SERVICES");
      String text = Files.readString(file);
      assertThat(text).contains("server: https://127.0.0.1:");
      String bare = text.replaceAll("client-(certificate|key)-data: .*", "");
      Files.writeString(file, bare.replaceFirst("user:\\s*\n\\s*\n", "user: {}\n"));
      assertThat(run(file, "why", "node/node-1")).isEqualTo(ExitCode.ERROR);
      assertThat(err.toString())
          .isEqualTo(
              "Error from server (Forbidden): forbidden: User \"system:anonymous\" cannot get path"
                  + " \"/wavetank/why\"\n");
      Files.writeString(file, bare.replaceFirst("user:\\s*\n\\s*\n", "user: {token: t0ken}\n"));
      assertThat(run(file, "why", "node/node-1")).as(err.toString()).isZero();
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsNotAsked() throws IOException {
    Path file = directory.resolve("other");
    try (ClusterServer secure = ClusterServer.start(ClusterServer.options().withTls());
        ClusterServer other = ClusterServer.start(ClusterServer.options().withTls())) {
      Kubeconfig.write(file, secure.url(), other.administrator());
      assertThat(run(file, "clock")).isEqualTo(ExitCode.ERROR);
      assertThat(err.toString()).startsWith("wavetank: no TLS with " + secure.url() + ": ");
      Files.writeString(
          file,
          Files.readString(file)
              .replaceFirst("certificate-authority-data: .*", "certificate-authority-data: '%'"));
      assertThat(run(file, "clock")).isEqualTo(ExitCode.ERROR);
      assertThat(err.toString()).endsWith("certificate-authority-data is not in Base64\n");
    }
  }
}
