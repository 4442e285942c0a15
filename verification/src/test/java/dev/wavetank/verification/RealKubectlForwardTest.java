package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.flags.Words;
import dev.wavetank.server.ClusterServer;
import dev.wavetank.server.SessionSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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

/** The real kubectl's port-forward and proxy into a served cluster. */
class RealKubectlForwardTest {

  private static final String FORWARD = "kubectl port-forward --address 127.0.0.1 ";

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: %1$s, labels: {app: web}}
      spec:
        containers:
        - name: c
          image: nginx
          ports: [{name: http, containerPort: 80}]
          lifecycle:
            postStart: {exec: {command: [sh, -c, "echo %1$s > /usr/share/nginx/html/name"]}}
      ---
      """;

  private static final String OTHERS =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{name: www, port: 8000, targetPort: http}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: names}
      spec: {selector: {app: web}, ports: [{port: 53, protocol: UDP}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: closed, labels: {app: closed}}
      spec: {containers: [{name: c, image: nginx}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: closed}
      spec: {podSelector: {matchLabels: {app: closed}}, policyTypes: [Ingress]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: waiting}
      spec: {schedulerName: nobody, containers: [{name: c, image: nginx}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: box}
      spec: {containers: [{name: c, image: busybox, command: [sleep, "100000"]}]}
      """;

  @TempDir Path directory;

  private ClusterServer server;
  private RealKubectl kubectl;

  @BeforeEach
  void serve() throws Exception {
    Path program = RealClients.kubectl(RealClients.RECORDED_MINOR);
    String pods = POD.formatted("one") + POD.formatted("two") + OTHERS;
    server =
        ClusterServer.start(
            ClusterServer.options()
                .withNodes(1)
                .withManifests(
                    ImmutableList.of(new SessionSettings.ManifestFile("pods.yaml", pods))));
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

  private Output run(String commandLine) {
    return kubectl.run(Words.split(commandLine), new byte[0]);
  }

  private static RealKubectl.Running start(RealKubectl client, String commandLine) {
    return client.start(Words.split(commandLine));
  }

  /** Each time over a connection of its own. */
  private static String get(String port, String path) throws Exception {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static String localPort(RealKubectl.Running forward) throws Exception {
    return forward.await("\n").replaceAll("(?s)Forwarding from 127.0.0.1:(\\d+) -> .*", "$1");
  }

  @Test
  void net_F_01_portsAreForwardedOverWebSocketsAndOverSpdyAlone() throws Exception {
    assertThat(upgraded(kubectl))
        .contains("Sec-Websocket-Protocol: SPDY/3.1+portforward.k8s.io", "Upgrade: websocket");
    assertThat(upgraded(kubectl.with("KUBECTL_PORT_FORWARD_WEBSOCKETS", "false")))
        .contains("curl -v -XPOST", "X-Stream-Protocol-Version: portforward.k8s.io")
        .contains("Upgrade: SPDY/3.1")
        .doesNotContain("websocket");
  }

  /** What the client tells of its requests, once a page has come through. */
  private static String upgraded(RealKubectl client) throws Exception {
    try (RealKubectl.Running forward = start(client, FORWARD + "one :80 -v=9")) {
      String said = forward.await("Forwarding from");
      String port = said.replaceAll("(?s).*Forwarding from 127.0.0.1:(\\d+) -> .*", "$1");
      assertThat(get(port, "/name")).isEqualTo("one\n");
      return said.substring(said.indexOf("/pods/one/portforward") - 300);
    }
  }

  @Test
  void net_F_02_aServiceStandsForOneOfItsPodsUntilThatEnds() throws Exception {
    try (RealKubectl.Running forward = start(kubectl, FORWARD + "service/web :8000")) {
      String port = localPort(forward);
      String name = get(port, "/name");
      assertThat(name).isIn("one\n", "two\n");
      for (int i = 0; i < 5; i++) {
        assertThat(get(port, "/name")).isEqualTo(name);
      }
      run("kubectl delete pod --now " + name.trim());
      assertThat(forward.await("lost connection")).contains("error: lost connection to pod");
    }
  }

  @Test
  void net_F_03_aServicesPortIsTranslatedToItsTargetPort() throws Exception {
    for (String port : List.of(":8000", ":www")) {
      try (RealKubectl.Running forward = start(kubectl, FORWARD + "service/web " + port)) {
        assertThat(forward.await("\n")).endsWith(" -> 80\n");
      }
    }
    assertThat(run(FORWARD + "service/names :53").stderr())
        .isEqualTo("error: UDP protocol is not supported for 53\n");
    assertThat(run(FORWARD + "service/web :81").stderr())
        .isEqualTo("error: Service web does not have a service port 81\n");
  }

  @Test
  void net_F_04_whatIsForwardedAndHandledIsPrinted() throws Exception {
    try (RealKubectl.Running forward = start(kubectl, FORWARD + "one :80")) {
      String said = forward.await("\n");
      assertThat(said).matches("Forwarding from 127\\.0\\.0\\.1:\\d+ -> 80\n");
      String port = localPort(forward);
      get(port, "/name");
      get(port, "/name");
      assertThat(forward.output())
          .isEqualTo(said + ("Handling connection for " + port + "\n").repeat(2));
    }
  }

  @Test
  void net_F_04_aPortThatIsTakenCannotBeListenedOn() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      Output refused = run(FORWARD + "one " + port + ":80");
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.stderr())
          .startsWith("Unable to listen on port " + port + ": ")
          .endsWith("error: unable to listen on any of the requested ports: [{" + port + " 80}]\n");
    }
  }

  @Test
  void net_F_05_aPodThatDoesNotRunIsNotForwardedTo() {
    assertThat(run(FORWARD + "waiting :80").stderr())
        .isEqualTo(
            "error: unable to forward port because pod is not running. Current status=Pending\n");
  }

  @Test
  void net_F_06_portsThatAreNotDeclaredAndPoliciesPlayNoPart() throws Exception {
    String address = run("kubectl get pod closed -o jsonpath={.status.podIP}").stdout();
    assertThat(run("kubectl exec box -- wget -T 2 -qO- http://" + address + "/").stderr())
        .contains("download timed out");
    try (RealKubectl.Running forward = start(kubectl, FORWARD + "closed :80")) {
      assertThat(get(localPort(forward), "/")).contains("Welcome to nginx!");
    }
  }

  /** The first line of an answer, and what follows the empty line. */
  private static List<String> ask(String port, String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port))) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return List.of(
          answer.substring(0, answer.indexOf("\r\n")),
          answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }
  }

  @Test
  void net_F_09_proxyServesItsOwnMachineAndRefusesStrangersAndCommands() throws Exception {
    try (RealKubectl.Running proxy = start(kubectl, "kubectl proxy --port=0")) {
      String said = proxy.await("\n");
      assertThat(said).matches("Starting to serve on 127\\.0\\.0\\.1:\\d+\n");
      String port = said.replaceAll("(?s).*:(\\d+)\n", "$1");
      String get = "GET /api/v1/namespaces/default/pods/one HTTP/1.1\r\nConnection: close\r\n";
      for (String host : List.of("localhost", "127.0.0.1", "[::1]")) {
        assertThat(ask(port, get + "Host: " + host + "\r\n\r\n").get(0))
            .isEqualTo("HTTP/1.1 200 OK");
      }
      assertThat(ask(port, get + "Host: example.com\r\n\r\n"))
          .containsExactly("HTTP/1.1 403 Forbidden", "Forbidden\n");
      for (String command : List.of("exec", "attach")) {
        String post = "POST /api/v1/namespaces/default/pods/one/" + command + " HTTP/1.1\r\n";
        assertThat(
                ask(
                    port,
                    post + "Host: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
            .containsExactly("HTTP/1.1 403 Forbidden", "Forbidden\n");
      }
    }
  }
}
