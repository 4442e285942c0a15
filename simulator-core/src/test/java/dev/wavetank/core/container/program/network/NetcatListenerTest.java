package dev.wavetank.core.container.program.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.ServerConnection;
import dev.wavetank.core.container.TestContainer;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.text.ByteText;
import dev.wavetank.core.network.Protocol;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** {@code nc -l}, and HTTP to ports on which bytes are exchanged. */
class NetcatListenerTest {

  private static HttpResult ask(TestContainer pod, int port) {
    HttpResult[] result = new HttpResult[1];
    Exchange exchange =
        pod.sandbox.handle(HttpRequest.get("web", "/a"), port, end -> result[0] = end);
    assertThat(exchange).isNotNull();
    pod.simulation.runUntil(() -> result[0] != null, pod.simulation.now() + TestContainer.SECOND);
    return result[0];
  }

  /** A client's end of a connection, which keeps what it hears. */
  private static final class Hears implements ServerConnection.Client {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void write(byte[] piece) {
      text.append(ByteText.text(piece));
    }

    @Override
    public void end() {
      text.append("|");
    }
  }

  private static ServerConnection connect(TestContainer pod, int port, Hears hears) {
    return ServerConnection.to(pod.sandbox, port, "10.1.0.9:40000", hears);
  }

  @Test
  void itPrintsWhatAClientSendsAndEndsWithIt() {
    TestContainer pod = TestContainer.ofScript("nc -l -p 7000; echo over $?");
    ServerConnection client = connect(pod, 7000, new Hears());
    assertThat(pod.sandbox.listening(Protocol.TCP, 7000)).as("it takes no second one").isFalse();
    assertThat(pod.sandbox.serves(Protocol.TCP, 7000)).as("the first goes on").isTrue();
    client.receive(ByteText.bytes("hello\n"));
    client.receiveEnd();
    assertThat(pod.container.log()).containsExactly("hello", "over 0");
    assertThat(pod.sandbox.serves(Protocol.TCP, 7000)).isFalse();
  }

  @Test
  void whatItReadsGoesToTheClient() {
    TestContainer pod = TestContainer.ofScript("(echo one; sleep 2; echo two) | nc -lp 7000");
    Hears hears = new Hears();
    connect(pod, 7000, hears);
    assertThat(hears.text).hasToString("one\n");
    pod.later(3);
    assertThat(hears.text).hasToString("one\ntwo\n|");
  }

  @Property(tries = 50)
  void bytesArriveInTheirOrderHoweverTheyAreCut(@ForAll @Size(max = 20) List<byte[]> pieces) {
    TestContainer pod = TestContainer.ofScript("nc -l 7000 > /got");
    ServerConnection client = connect(pod, 7000, new Hears());
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      client.receive(piece);
      all.writeBytes(piece);
    }
    client.receiveEnd();
    String got = pod.container.file("/got");
    assertThat(ByteText.bytes(got == null ? "" : got)).isEqualTo(all.toByteArray());
  }

  @Test
  void withKItTakesOneAfterTheOther() {
    TestContainer pod = TestContainer.ofScript("nc -lk -p 7000");
    for (String word : List.of("a\n", "b\n")) {
      ServerConnection client = connect(pod, 7000, new Hears());
      client.receive(ByteText.bytes(word));
      client.receiveEnd();
    }
    assertThat(pod.container.log()).containsExactly("a", "b");
    assertThat(pod.sandbox.listening(Protocol.TCP, 7000)).isTrue();
  }

  @Test
  void withEAProgramTalksToEachClient() {
    TestContainer pod = TestContainer.ofScript("nc -lk -p 7000 -e sh -c 'read a; echo got $a'");
    Hears hears = new Hears();
    connect(pod, 7000, hears).receive(ByteText.bytes("it\n"));
    assertThat(hears.text).hasToString("got it\n|");
    assertThat(pod.sandbox.listening(Protocol.TCP, 7000)).isTrue();
  }

  @Test
  void anAnswerWrittenByHandIsHttp() {
    TestContainer pod =
        TestContainer.ofScript(
            "while true; do printf 'HTTP/1.1 200 OK\\n\\nhi\\n' | nc -l -p 8080; done");
    for (int i = 0; i < 3; i++) {
      pod.later(0.01);
      HttpResponse response = ((HttpResult.Answered) ask(pod, 8080)).response();
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("hi\n");
    }
    assertThat(pod.container.log()).contains("GET /a HTTP/1.1\r");
  }

  @Test
  void aContainerThatEndsWithItsOnlyAnswerHasGivenIt() {
    TestContainer pod =
        new TestContainer(
            TestContainer.spec(
                "busybox", "nc", "-l", "-p", "8080", "-e", "printf", "HTTP/1.0 200 OK\\n\\nhi"));
    HttpResponse response = ((HttpResult.Answered) ask(pod, 8080)).response();
    assertThat(response.body()).isEqualTo("hi");
    assertThat(pod.container.exited()).isTrue();
  }

  @Test
  void itHearsDatagrams() {
    TestContainer pod = TestContainer.ofScript("(sleep 1; echo back; sleep 9) | nc -lu -p 53");
    List<String> replies = new ArrayList<>();
    pod.sandbox.datagram(53, "ping\n", "10.1.0.9:40000", replies::add);
    assertThat(pod.container.log()).containsExactly("ping");
    pod.later(2);
    assertThat(replies).containsExactly("back\n");
  }

  @Test
  void aSecondOneOnThePortIsRefused() {
    TestContainer pod = TestContainer.ofScript("nc -lk -p 7000");
    ProgramOutput second = pod.sh("nc -l -p 7000");
    assertThat(second.stderr()).isEqualTo("nc: bind: Address already in use\n");
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(pod.sh("nc -l").stderr()).isEqualTo("nc: bad arguments\n");
    assertThat(pod.sh("nc -l -p x").stderr()).isEqualTo("nc: invalid number 'x'\n");
  }

  @Test
  void aProcessThatIsKilledLeavesItsPortAndItsClients() {
    TestContainer pod = TestContainer.ofScript("nc -l -p 7000 & sleep 5; kill $!; sleep 5");
    Hears hears = new Hears();
    connect(pod, 7000, hears);
    pod.later(6);
    assertThat(hears.text).hasToString("|");
    assertThat(pod.sandbox.serves(Protocol.TCP, 7000)).isFalse();
  }

  @Test
  void aTouchEndsAListenerThatTakesOneClient() {
    TestContainer pod = TestContainer.ofScript("nc -l -p 7000");
    pod.sandbox.touch(7000, "10.1.0.9:40000");
    assertThat(pod.container.exited()).isTrue();
  }

  @Test
  void aClientOfDatagramsPrintsTheAnswer() {
    TestContainer pod = TestContainer.ofScript("sleep 100");
    pod.network
        .answers("names:81", 200, "web-2\n")
        .fails("names:82", ProgramNetwork.Failure.REFUSED);
    ProgramOutput output = pod.sh("echo hostName | nc -u -w 1 names 81");
    assertThat(output.stdout()).isEqualTo("web-2\n");
    assertThat(pod.sh("echo hostName | nc -u -w1 names 82").exitCode()).isEqualTo(1);
  }

  // HTTP to what speaks something else

  @Test
  void redisLeavesAClientOfHttpWithoutAWord() {
    TestContainer pod = new TestContainer(TestContainer.spec("redis:7", "redis-server"));
    assertThat(ask(pod, 6379)).isEqualTo(new HttpResult.NotHttp(""));
  }

  @Test
  void mysqlGreetsAClientOfHttp() {
    TestContainer pod =
        new TestContainer(
            KubeMap.of(
                "name",
                "db",
                "image",
                "mysql:8",
                "env",
                KubeList.of(KubeMap.of("name", "MYSQL_ROOT_PASSWORD", "value", "x"))));
    pod.later(10);
    assertThat(((HttpResult.NotHttp) ask(pod, 3306)).received()).contains("8.0.36");
  }

  @Test
  void curlAndWgetSayWhatTheySayToServersWithoutHttp() {
    TestContainer pod = TestContainer.ofScript("sleep 100");
    pod.network
        .fails("redis:6379", ProgramNetwork.Failure.NOT_HTTP)
        .gives("mysql:3306", ProgramNetwork.Failure.NOT_HTTP, "J\0\0\0\n8.0");
    ProgramOutput empty = pod.sh("curl redis:6379");
    assertThat(empty.exitCode()).isEqualTo(52);
    assertThat(empty.stderr()).isEqualTo("curl: (52) Empty reply from server\n");
    ProgramOutput old = pod.sh("curl mysql:3306");
    assertThat(old.exitCode()).isEqualTo(1);
    assertThat(old.stderr()).isEqualTo("curl: (1) Received HTTP/0.9 when not allowed\n");
    ProgramOutput wget = pod.sh("wget -qO- redis:6379");
    assertThat(wget.exitCode()).isEqualTo(1);
    assertThat(wget.stderr()).isEqualTo("wget: error getting response\n");
  }
}
