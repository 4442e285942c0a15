package dev.wavetank.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections into pods, as a plain client of WebSocket speaks them. */
class StreamsTest {

  private static final String V5 = "v5.channel.k8s.io";
  private static final String V4 = "v4.channel.k8s.io";
  private static final String EXEC = "box/exec?stdout=1&stderr=1";

  @TempDir Path directory;

  @Test
  void outputAndErrorsAreApartAndTheStatusHasTheExitCode() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      for (String protocol : new String[] {V5, V4}) {
        ChannelClient exec =
            new ChannelClient(pods, EXEC, protocol, "sh", "-c", "echo out; echo err >&2; exit 7");
        assertThat(exec.closed()).isEqualTo("1000 ");
        assertThat(exec.said(1)).isEqualTo("out\n");
        assertThat(exec.said(2)).isEqualTo("err\n");
        assertThat(exec.said(3))
            .isEqualTo(
                "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"command terminated with"
                    + " non-zero exit code: command terminated with exit code"
                    + " 7\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":"
                    + "\"ExitCode\",\"message\":\"7\"}]}}");
      }
    }
  }

  @Test
  void aCommandThatTakesTimeLetsItPass() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      long before = pods.nanos();
      ChannelClient exec = new ChannelClient(pods, EXEC, V5, "sleep", "20");
      exec.closed();
      assertThat(exec.said(3)).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
      assertThat(pods.nanos() - before).isBetween(20_000_000_000L, 40_000_000_000L);
    }
  }

  @Test
  void inputIsReadUntilItsEndAndTimeStandsStillMeanwhile() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      ChannelClient exec = new ChannelClient(pods, EXEC + "&stdin=1", V5, "cat");
      exec.send(0, "one\n");
      assertThat(exec.await(1, "one\n")).isEqualTo("one\n");
      long before = pods.nanos();
      pods.send("GET", "/version");
      assertThat(pods.nanos()).isEqualTo(before);
      exec.send(0, "two");
      exec.end(0);
      exec.closed();
      assertThat(exec.said(1)).isEqualTo("one\ntwo");
    }
  }

  @Test
  void aTerminalShowsWhatIsTypedAndHasASize() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      ChannelClient exec = new ChannelClient(pods, "box/exec?stdin=1&stdout=1&tty=1", V5, "sh");
      exec.await(1, "/ # ");
      exec.send(4, "{\"Width\":132,\"Height\":43}");
      exec.send(4, "{\"Width\":\"x\",\"Height\":0}");
      exec.send(4, "no size");
      exec.send(0, "stty size\r");
      assertThat(exec.await(1, "43 132\r\n/ # ")).isEqualTo("/ # stty size\r\n43 132\r\n/ # ");
      exec.send(0, "sleep 1000\r");
      exec.send(0, "\003");
      exec.send(0, "exit 4\r");
      exec.closed();
      assertThat(exec.said(3)).contains("\"message\":\"4\"");
    }
  }

  @Test
  void whoIsAttachedTalksToTheContainersOwnProcess() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      ChannelClient attach =
          new ChannelClient(pods, "shell/attach?stdin=1&stdout=1&stderr=1&tty=1", V5);
      attach.send(0, "echo $((6*7))\r");
      assertThat(attach.await(1, "42\r\n")).contains("echo $((6*7))\r\n42\r\n/ # ");
      attach.send(0, "exit 3\r");
      assertThat(attach.closed()).isEqualTo("1000 ");
      assertThat(attach.said(3)).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
    }
  }

  @Test
  void aProgramThatIsNotThereIsAnInternalError() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      ChannelClient exec = new ChannelClient(pods, EXEC, V5, "nope");
      exec.closed();
      assertThat(exec.said(3)).contains("exec: \\\"nope\\\": executable file not found in $PATH");
    }
  }

  @Test
  void whoeverSendsMoreThanAProcessReadsIsCutOff() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      ChannelClient exec = new ChannelClient(pods, EXEC + "&stdin=1", V5, "sleep", "50000");
      for (int i = 0; i < 40; i++) {
        try {
          exec.send(0, "x".repeat(32_000));
        } catch (RuntimeException e) {
          break;
        }
      }
      exec.closed();
      assertThat(exec.said(3)).contains("the process does not read its standard input");
      assertThat(pods.send("GET", "/version").statusCode()).isEqualTo(200);
    }
  }

  private static Socket upgraded(ServedPods pods, String target) throws Exception {
    int port = URI.create(pods.server.url()).getPort();
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    String request =
        "GET /api/v1/namespaces/default/pods/"
            + target
            + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
    assertThat(head.toString())
        .startsWith("HTTP/1.1 101")
        .containsIgnoringCase("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    return socket;
  }

  @Test
  void malformedFramesEndTheConnectionAndNothingElse() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      byte[] reserved = {(byte) 0xF2, (byte) 0x80, 0, 0, 0, 0};
      byte[] unmasked = {(byte) 0x82, 2, 0, 'x'};
      byte[] tooLong = {(byte) 0x82, (byte) 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
      for (byte[] frame : new byte[][] {reserved, unmasked, tooLong}) {
        try (Socket socket = upgraded(pods, EXEC + "&stdin=1&command=cat")) {
          OutputStream out = socket.getOutputStream();
          out.write(frame);
          out.flush();
          InputStream in = socket.getInputStream();
          assertThat(in.readAllBytes()).isNotEmpty();
        }
      }
      assertThat(pods.send("GET", "/readyz").body()).isEqualTo("ok");
    }
  }

  @Test
  void aClientThatReadsNothingIsCutOff() throws Exception {
    try (ServedPods pods = new ServedPods()) {

      pods.send("POST", "/wavetank/clock?advance=1");
      String fill =
          "i=0;%20while%20[%20$i%20-lt%20300%20];%20do%20cat%20/big;%20i=$((i+1));%20done";
      ChannelClient make =
          new ChannelClient(pods, EXEC, V5, "sh", "-c", "seq 1 100000 > /big; wc -c < /big");
      make.closed();
      assertThat(make.said(1)).isEqualTo("588895\n");

      try (Socket socket = upgraded(pods, EXEC + "&command=sh&command=-c&command=" + fill)) {
        pods.send("POST", "/wavetank/clock?advance=600000000000");
        byte[] all = socket.getInputStream().readAllBytes();
        assertThat(all.length).isLessThan(60_000_000);
      }
    }
  }

  @Test
  void whatIsNoUpgradeIsRefused() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      String path = "/api/v1/namespaces/default/pods/";
      HttpResponse<String> plain = pods.send("POST", path + EXEC + "&command=ls");
      assertThat(plain.statusCode()).isEqualTo(400);
      assertThat(plain.body()).contains("Upgrade request required");
      assertThat(pods.send("POST", path + "box/exec?command=ls").body())
          .contains("you must specify at least 1 of stdin, stdout, stderr");
      assertThat(pods.send("POST", path + "nope/exec?stdout=1&command=ls").statusCode())
          .isEqualTo(404);
      assertThat(pods.send("POST", path + "box/exec?stdout=1&command=ls&container=no").body())
          .contains("container no is not valid for pod box");
    }
  }

  @Test
  void aRecordedSessionWithStreamsIsTheSameWhenItIsPlayedAgain() throws Exception {
    Path record = directory.resolve("session");
    try (ServedPods pods = ServedPods.recorded(record)) {
      ChannelClient exec =
          new ChannelClient(pods, EXEC + "&stdin=1", V5, "sh", "-c", "cat; sleep 3");
      exec.send(0, "typed\n");
      exec.await(1, "typed\n");
      exec.end(0);
      exec.closed();
      ChannelClient left = new ChannelClient(pods, EXEC, V5, "sleep", "60000");
      left.leave();
      pods.send("GET", "/api/v1/namespaces/default/pods/web/proxy/");
    }
    SessionReplay.Result result =
        SessionReplay.read("session", Files.readAllBytes(record)).replay();
    assertThat(result.difference()).isEmpty();
    assertThat(result.requests()).isEqualTo(4);
  }
}
