package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.flags.Words;
import dev.wavetank.server.ClusterServer;
import dev.wavetank.server.SessionSettings;
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

/** The real kubectl's streams into pods of a served cluster. */
class RealKubectlStreamsTest {

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: box}
      spec: {containers: [{name: c, image: busybox, command: [sleep, "100000"]}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: todobackend, labels: {app: todobackend}}
      spec:
        containers:
          - name: todobackend
            image: nginx
            ports: [{containerPort: 80}]
            lifecycle:
              postStart:
                exec:
                  command:
                    - sh
                    - -c
                    - echo '<a href="/todos">todos</a>' > /usr/share/nginx/html/index.html;
                      echo 'all done' > /usr/share/nginx/html/todos
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: todobackend}
      spec: {selector: {app: todobackend}, ports: [{port: 8000, targetPort: 80}]}
      """;

  @TempDir Path directory;

  private ClusterServer server;
  private RealKubectl kubectl;

  @BeforeEach
  void serve() throws Exception {
    Path program = RealClients.kubectl(RealClients.RECORDED_MINOR);
    server =
        ClusterServer.start(
            ClusterServer.options()
                .withNodes(2)
                .withManifests(
                    ImmutableList.of(new SessionSettings.ManifestFile("pods.yaml", PODS))));
    Path home = Files.createDirectories(directory.resolve("home"));
    kubectl = new RealKubectl(program, server.url(), directory, home);
    kubectl.pass(60_000_000_000L, 0);
  }

  @AfterEach
  void end() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private static Output run(RealKubectl client, String commandLine, String stdin) {
    return client.run(Words.split(commandLine), stdin.getBytes(StandardCharsets.UTF_8));
  }

  private Output run(String commandLine) {
    return run(kubectl, commandLine, "");
  }

  /** Each time another one, with connections of its own. */
  private static HttpClient browser() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return browser()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void commandsRunOverWebSocketAndOverSpdy() throws Exception {
    RealKubectl old = kubectl.with("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "false");
    for (RealKubectl client : List.of(kubectl, old)) {
      Output both =
          run(client, "kubectl exec box -- sh -c 'echo out; echo err >&2; sleep 30; exit 7'", "");
      assertThat(both.stdout()).isEqualTo("out\n");
      assertThat(both.stderr()).isEqualTo("err\ncommand terminated with exit code 7\n");
      assertThat(both.exitCode()).isEqualTo(7);
      assertThat(run(client, "kubectl exec -i box -c c -- cat", "typed").stdout())
          .isEqualTo("typed");
    }
    assertThat(run("kubectl exec box -- nope").stderr())
        .contains("exec: \"nope\": executable file not found in $PATH");
  }

  @Test
  void aPodRunsAttachedAndIsRemoved() {
    Output run =
        run(kubectl, "kubectl run once -i --rm --restart=Never --image=busybox -- sh", "echo 42");
    assertThat(run.stdout()).isEqualTo("42\npod \"once\" deleted from default namespace\n");
    assertThat(run.exitCode()).isZero();
    Output dig =
        run(
            "kubectl run dig -i --rm --restart=Never --image=tutum/dnsutils --"
                + " dig todobackend.default.svc.cluster.local a +search +noall +answer");
    assertThat(dig.stdout())
        .matches("(?s)todobackend\\.default\\.svc\\.cluster\\.local\\. 30 IN A\t10\\.[0-9.]+\n.*");
  }

  @Test
  void filesAreCopiedThereAndBackByteForByte() throws Exception {
    byte[] bytes = new byte[70_001];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8));
    }
    Path there = Files.createDirectories(directory.resolve("there/sub"));
    Files.write(there.resolve("bytes"), bytes);
    Files.writeString(directory.resolve("there/empty"), "");
    assertThat(run("kubectl cp there box:/tmp/").exitCode()).isZero();
    assertThat(run("kubectl exec box -- ls /tmp/there").stdout()).isEqualTo("empty\nsub\n");
    assertThat(run("kubectl cp box:/tmp/there back").exitCode()).isZero();
    assertThat(Files.readAllBytes(directory.resolve("back/sub/bytes"))).isEqualTo(bytes);
    assertThat(directory.resolve("back/empty")).isEmptyFile();
  }

  @Test
  void seed_S_04_kubectlProxyStartsAndRefusesStrangers() throws Exception {
    try (RealKubectl.Running proxy = kubectl.start(Words.split("kubectl proxy --port=0"))) {
      String said = proxy.await("\n");
      assertThat(said).matches("Starting to serve on 127\\.0\\.0\\.1:\\d+\n");
      String url = "http://" + said.substring("Starting to serve on ".length()).trim();
      HttpResponse<String> exec =
          browser()
              .send(
                  HttpRequest.newBuilder(
                          URI.create(url + "/api/v1/namespaces/default/pods/box/exec"))
                      .POST(HttpRequest.BodyPublishers.noBody())
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(exec.statusCode()).isEqualTo(403);
      assertThat(exec.body()).contains("Forbidden");
      String pod = url + "/api/v1/namespaces/default/pods/todobackend:80/proxy/";
      assertThat(get(pod).body())
          .contains("href=\"/api/v1/namespaces/default/pods/todobackend:80/proxy/todos\"");
      assertThat(get(pod + "todos").body()).isEqualTo("all done\n");
      assertThat(get(url + "/todos").statusCode()).isEqualTo(404);
      String service = url + "/api/v1/namespaces/default/services/todobackend:8000/proxy/todos";
      assertThat(get(service).body()).isEqualTo("all done\n");
    }
  }

  @Test
  void seed_S_08_aForwardedPortServesThePageAndItsLinks() throws Exception {
    RealKubectl old = kubectl.with("KUBECTL_PORT_FORWARD_WEBSOCKETS", "false");
    for (RealKubectl client : List.of(kubectl, old)) {
      try (RealKubectl.Running forward =
          client.start(Words.split("kubectl port-forward --address 127.0.0.1 todobackend :80"))) {
        String said = forward.await("\n");
        assertThat(said).matches("Forwarding from 127\\.0\\.0\\.1:\\d+ -> 80\n");
        String port = said.replaceAll(".*:(\\d+) -> 80\n", "$1");
        String url = "http://127.0.0.1:" + port;
        assertThat(get(url + "/").body()).contains("href=\"/todos\"");
        assertThat(get(url + "/todos").body()).isEqualTo("all done\n");
        assertThat(forward.output())
            .isEqualTo(said + ("Handling connection for " + port + "\n").repeat(2));
      }
    }
    assertThat(
            run("kubectl run wait --image=nginx --overrides="
                    + "'{\"spec\":{\"schedulerName\":\"nobody\"}}'")
                .exitCode())
        .isZero();
    assertThat(run("kubectl port-forward wait :80").stderr())
        .isEqualTo(
            "error: unable to forward port because pod is not running. Current"
                + " status=Pending\n");
  }

  @Test
  void forwardingToAServiceReachesItsPod() throws Exception {
    try (RealKubectl.Running forward =
        kubectl.start(
            Words.split("kubectl port-forward --address 127.0.0.1 service/todobackend :8000"))) {
      String port = forward.await("\n").replaceAll("(?s).*:(\\d+) -> 80\n.*", "$1");
      assertThat(get("http://127.0.0.1:" + port + "/todos").body()).isEqualTo("all done\n");
      run("kubectl delete pod todobackend --now");
      assertThat(forward.await("lost connection")).contains("error: lost connection to pod");
    }
  }

  @Test
  void logsAreCutByTimeNumberAndBytesAndFollowed() {
    run("kubectl run tick --image=busybox --restart=Never -- sh -c 'echo one; sleep 5; echo two'");
    run("kubectl wait --for=condition=Ready pod/tick");
    assertThat(run("kubectl logs tick -f").stdout()).isEqualTo("one\ntwo\n");
    assertThat(run("kubectl logs tick --tail=1").stdout()).isEqualTo("two\n");
    assertThat(run("kubectl logs tick --limit-bytes=5").stdout()).isEqualTo("one\nt");
    assertThat(run("kubectl logs tick --timestamps --tail=1").stdout())
        .matches("2026-01-01T00:0\\d:\\d\\d\\.\\d{9}Z two\n");
    assertThat(run("kubectl logs -l run=tick --prefix --since=1h --tail=1").stdout())
        .isEqualTo("[pod/tick/tick] two\n");
  }

  @Test
  void aRestartedContainerShowsThePreviousLog() {
    run("kubectl run tock --image=busybox -- sh -c 'echo one; sleep 60; exit 1'");
    run("kubectl wait --for=condition=Ready pod/tock");
    assertThat(run("kubectl logs tock -f").stdout()).isEqualTo("one\n");
    kubectl.pass(8_000_000_000L, 0);
    assertThat(run("kubectl logs tock --previous").stdout()).isEqualTo("one\n");
  }

  @Test
  void anEphemeralContainerLooksIntoItsPod() {
    Output debug =
        run(
            kubectl,
            "kubectl debug -i todobackend --image=busybox -c look -- sh",
            "wget -qO- localhost/todos; exit 0\n");
    assertThat(debug.stdout()).isEqualTo("all done\n");
    kubectl.pass(5_000_000_000L, 0);
    assertThat(
            run("kubectl get pod todobackend -o"
                    + " jsonpath={.status.ephemeralContainerStatuses[0].state.terminated.reason}")
                .stdout())
        .isEqualTo("Completed");
    assertThat(run("kubectl describe pod todobackend").stdout()).contains("Ephemeral Containers:");
  }
}
