package dev.wavetank.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HttpServerConnectionTest {

  /** A client of a server that answers with what it was asked. */
  private static final class Client implements ServerConnection.Client {
    final StringBuilder heard = new StringBuilder();
    boolean ended;
    final HttpServerConnection connection;

    Client() {
      TestContainer pod =
          new TestContainer(
              TestContainer.spec("agnhost", "agnhost", "netexec", "--http-port=8080"));
      connection = new HttpServerConnection(pod.sandbox, 8080, "10.1.0.3:40000", this);
    }

    Client send(String text) {
      connection.receive(text.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    @Override
    public void write(byte[] piece) {
      heard.append(new String(piece, StandardCharsets.UTF_8));
    }

    @Override
    public void end() {
      ended = true;
    }
  }

  private static final String REQUEST = "GET /hostname HTTP/1.1\r\nHost: x\r\n\r\n";

  @Test
  void requestsOfOneConnectionAreAnsweredInTheirOrder() {
    Client client = new Client().send(REQUEST + "HEAD /hostname HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(client.heard.toString())
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\r\nDate: Thu, 01 Jan 2026 00:00:0")
        .contains("\r\nContent-Length: 5\r\n\r\nweb-1HTTP/1.1 200 OK\r\n")
        .endsWith("\r\n\r\n");
    assertThat(client.ended).isFalse();
    client.connection.receiveEnd();
    assertThat(client.ended).isTrue();
  }

  @Test
  void aClientThatWantsNoMoreIsLeft() {
    Client old = new Client().send("GET /hostname HTTP/1.0\r\n\r\n");
    assertThat(old.heard).contains("Connection: close\r\n").endsWith("web-1");
    assertThat(old.ended).isTrue();
  }

  @Test
  void bodiesAreCountedOrChunked() {
    Client client = new Client();
    client.send("POST /echo?msg=a HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    assertThat(client.heard.toString()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
    client.send("abc");
    client.send("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n");
    int answers = client.heard.toString().split("HTTP/1.1 200", -1).length;
    assertThat(answers).isEqualTo(2);
    client.send("\r\n");
    assertThat(client.heard.toString().split("HTTP/1.1 200", -1)).hasSize(3);
  }

  @Test
  void malformedRequestsEndTheConnection() {
    for (String wrong :
        new String[] {
          "\001\002",
          "GET\r\n\r\n",
          "GET / HTTP/2.0\r\n\r\n",
          "GET x HTTP/1.1\r\n\r\n",
          "GET / HTTP/1.1\r\nno colon\r\n\r\n",
          "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
          "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        }) {
      Client client = new Client().send(wrong);
      assertThat(client.heard).as(wrong).startsWith("HTTP/1.1 400 Bad Request\r\n");
      assertThat(client.ended).isTrue();
    }
    assertThat(new Client().send("GET / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n").heard)
        .startsWith("HTTP/1.1 413");
    assertThat(new Client().send("GET /" + "x".repeat(70_000)).heard).startsWith("HTTP/1.1 431");
  }

  @Property(tries = 50)
  void requestsMayBeCutAnywhere(@ForAll @IntRange(min = 1, max = 60) int size) {
    byte[] bytes = (REQUEST + REQUEST).getBytes(StandardCharsets.UTF_8);
    Client client = new Client();
    for (int at = 0; at < bytes.length; at += size) {
      client.connection.receive(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
    }
    assertThat(client.heard).isEqualToIgnoringCase(new Client().send(REQUEST + REQUEST).heard);
  }
}
