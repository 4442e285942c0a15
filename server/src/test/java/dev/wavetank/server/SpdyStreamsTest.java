package dev.wavetank.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Forwarded ports and commands, as a client of SPDY/3.1 speaks them. */
class SpdyStreamsTest {

  private static final String FORWARD = "portforward.k8s.io";

  private static int[] pair(SpdyClient client, String port, String request) throws IOException {
    int error = client.open("streamtype", "error", "port", port, "requestid", request);
    client.send(error, "", true);
    int data = client.open("streamtype", "data", "port", port, "requestid", request);
    return new int[] {data, error};
  }

  @Test
  void severalConnectionsAtOnceReachTheServerInThePod() throws Exception {
    try (ServedPods pods = new ServedPods();
        SpdyClient client = new SpdyClient(pods, "web/portforward", FORWARD)) {
      int[] first = pair(client, "80", "0");
      int[] second = pair(client, "80", "1");
      client.send(second[0], "GET /nope HTTP/1.1\r\nHost: localhost\r\n", false);
      client.send(first[0], "GET / HTTP/1.0\r\n\r\n", false);
      assertThat(client.await(first[0], ""))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("Welcome to nginx!");
      client.send(second[0], "\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n", false);
      assertThat(client.await(second[0], "Welcome to nginx!"))
          .startsWith("HTTP/1.1 404 Not Found\r\n");
      client.send(second[0], "", true);
      client.await(second[0], "");
      assertThat(client.await(second[1], "")).isEmpty();
    }
  }

  @Test
  void aPortWithoutAListenerIsRefusedInTheRuntimesWords() throws Exception {
    try (ServedPods pods = new ServedPods();
        SpdyClient client = new SpdyClient(pods, "web/portforward", FORWARD)) {
      int[] pair = pair(client, "81", "0");
      assertThat(client.await(pair[1], ""))
          .matches("error forwarding port 81 to pod [0-9a-f]{64}, uid : failed to execute .*")
          .contains("IPv4: dial tcp4 127.0.0.1:81: connect: connection refused");
      int[] good = pair(client, "80", "1");
      client.send(good[0], "GET / HTTP/1.0\r\n\r\n", false);
      assertThat(client.await(good[0], "")).contains("200 OK");
    }
  }

  @Test
  void thePodsEndIsTheConnectionsEnd() throws Exception {
    try (ServedPods pods = new ServedPods();
        SpdyClient client = new SpdyClient(pods, "web/portforward", FORWARD)) {
      pair(client, "80", "0");
      pods.send("DELETE", "/api/v1/namespaces/default/pods/web");
      pods.send("POST", "/wavetank/clock?advance=60000000000");
      assertThat(client.over()).isTrue();
    }
  }

  @Test
  void bytesThatAreNoHttpAreAnsweredAndEndTheirConnectionAlone() throws Exception {
    try (ServedPods pods = new ServedPods();
        SpdyClient client = new SpdyClient(pods, "web/portforward", FORWARD)) {
      int[] pair = pair(client, "80", "0");
      client.send(pair[0], "\001\002\003 what\r\n\r\n", false);
      assertThat(client.await(pair[0], "")).startsWith("HTTP/1.1 400 Bad Request");
      int[] good = pair(client, "80", "1");
      client.send(good[0], "GET / HTTP/1.0\r\n\r\n", false);
      assertThat(client.await(good[0], "")).contains("200 OK");
    }
  }

  @Test
  void commandsRunForClientsWithoutWebSockets() throws Exception {
    try (ServedPods pods = new ServedPods();
        SpdyClient client =
            new SpdyClient(
                pods,
                "box/exec?stdin=1&stdout=1&stderr=1&command=sh&command=-c&command=cat%3Bexit%205",
                "v4.channel.k8s.io")) {
      int error = client.open("streamtype", "error");
      int stdin = client.open("streamtype", "stdin");
      int stdout = client.open("streamtype", "stdout");
      client.open("streamtype", "stderr");
      client.send(stdin, "typed", true);
      assertThat(client.await(stdout, "")).isEqualTo("typed");
      assertThat(client.await(error, "")).contains("\"NonZeroExitCode\"").contains("\"5\"");
    }
  }

  @Test
  void protocolsThatAreNotServedAreRefused() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      assertThatThrownBy(() -> new SpdyClient(pods, "web/portforward", "v9").close())
          .hasMessageContaining("403");
    }
  }
}
