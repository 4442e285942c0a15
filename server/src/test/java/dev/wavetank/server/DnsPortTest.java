package dev.wavetank.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class DnsPortTest {

  private static final int PATIENCE_MILLIS = 60_000;

  @TempDir private Path directory;
  private ClusterServer server;

  DnsPortTest() throws IOException, InterruptedException {
    server = start(ClusterServer.options());
  }

  /** A cluster whose DNS is up. */
  private static ClusterServer start(ClusterServer.Options options)
      throws IOException, InterruptedException {
    ClusterServer started = ClusterServer.start(options.withDnsPort(0));
    HttpRequest advance =
        HttpRequest.newBuilder(URI.create(started.url() + "/wavetank/clock?advance=60000000000"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    HttpClient.newHttpClient().send(advance, HttpResponse.BodyHandlers.discarding());
    return started;
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private static byte[] question(String name) throws IOException {
    Record asked = Record.newRecord(Name.fromString(name), Type.A, DClass.IN);
    return Message.newQuery(asked).toWire();
  }

  private static final byte[] KUBERNETES;

  static {
    try {
      KUBERNETES = question("kubernetes.default.svc.cluster.local.");
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private void send(DatagramSocket socket, byte[] question) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    socket.send(new DatagramPacket(question, question.length, loopback, server.dnsPort()));
  }

  private static Message receive(DatagramSocket socket) throws IOException {
    DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.receive(answer);
    return new Message(Arrays.copyOf(answer.getData(), answer.getLength()));
  }

  private Message overUdp(byte[] question) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      send(socket, question);
      return receive(socket);
    }
  }

  private static String address(Message answer) {
    return answer.getSection(Section.ANSWER).get(0).rdataToString();
  }

  @Test
  void aServiceIsFoundOverUdp() throws IOException {
    assertThat(address(overUdp(KUBERNETES))).isEqualTo("10.96.0.1");
  }

  @Test
  void oneConnectionTakesSeveralQuestions() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.dnsPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      for (int i = 0; i < 2; i++) {
        out.writeShort(KUBERNETES.length);
        out.write(KUBERNETES);
        byte[] answer = in.readNBytes(in.readUnsignedShort());
        assertThat(address(new Message(answer))).isEqualTo("10.96.0.1");
      }
    }
  }

  @Test
  void aNameThatIsNotThereIsNoName() throws IOException {
    Message answer = overUdp(question("nowhere.default.svc.cluster.local."));
    assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void whatIsNoQuestionIsAFormatError() throws IOException {
    byte[] garbage = new byte[40];
    Arrays.fill(garbage, (byte) 0x7F);
    garbage[2] = 0; // A query, by its opcode.
    assertThat(overUdp(garbage).getRcode()).isEqualTo(Rcode.FORMERR);
  }

  @Test
  void afterBytesThatDeserveNoAnswerOthersAreAnswered() throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      send(socket, new byte[] {1, 2, 3});
      send(socket, new byte[0]);
      send(socket, KUBERNETES);
      assertThat(address(receive(socket))).isEqualTo("10.96.0.1");
    }
  }

  @Test
  void questionsAreRecordedAndPlayedAgain() throws IOException, InterruptedException {
    Path record = directory.resolve("dns.session");
    server.close();
    server = start(ClusterServer.options().withRecord(record));
    assertThat(address(overUdp(KUBERNETES))).isEqualTo("10.96.0.1");
    server.close();
    byte[] session = Files.readAllBytes(record);
    assertThat(SessionReplay.read("dns.session", session).replay().same()).isTrue();
  }
}
