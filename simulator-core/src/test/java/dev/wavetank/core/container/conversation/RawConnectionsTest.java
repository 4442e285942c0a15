package dev.wavetank.core.container.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.TestContainer;
import dev.wavetank.core.container.image.PersonalityReader;
import org.junit.jupiter.api.Test;

/** Servers that speak something else than HTTP, and the programs that talk to them. */
class RawConnectionsTest {

  private static TestContainer image(String image) {
    return new TestContainer(KubeMap.of("name", "app", "image", image));
  }

  @Test
  void redisAnswersLinesOfWords() {
    TestContainer pod = image("redis");
    assertThat(pod.sh("printf 'PING\\r\\n' | nc 127.0.0.1 6379").stdout()).isEqualTo("+PONG\r\n");
    assertThat(pod.sh("printf 'SET a 1\\nINCR a\\nGET a\\nGET b\\n' | nc localhost 6379").stdout())
        .isEqualTo("+OK\r\n:2\r\n$1\r\n2\r\n$-1\r\n");
    assertThat(pod.sh("printf 'NOPE x\\nQUIT\\nPING\\n' | nc localhost 6379").stdout())
        .isEqualTo("-ERR unknown command 'NOPE', with args beginning with: 'x' \r\n+OK\r\n");
    assertThat(pod.sh("printf '*1\\r\\n$x\\r\\n' | nc localhost 6379").stdout())
        .isEqualTo("-ERR Protocol error: invalid bulk length\r\n");
  }

  @Test
  void redisCliRunsItsArguments() {
    TestContainer pod = image("redis");
    assertThat(pod.exec("redis-cli", "ping").stdout()).isEqualTo("PONG\n");
    assertThat(pod.exec("redis-cli", "set", "name", "zoë b").stdout()).isEqualTo("OK\n");
    assertThat(pod.exec("redis-cli", "get", "name").stdout()).isEqualTo("zoë b\n");
    assertThat(pod.exec("redis-cli", "--no-raw", "strlen", "name").stdout())
        .isEqualTo("(integer) 6\n");
    assertThat(pod.sh("printf 'rpush l a b\\nlrange l 0 -1\\nttl l\\n' | redis-cli").stdout())
        .isEqualTo("2\na\nb\n-1\n");
    assertThat(pod.exec("redis-cli", "--no-raw", "lrange", "l", "0", "-1").stdout())
        .isEqualTo("1) \"a\"\n2) \"b\"\n");
    assertThat(pod.exec("redis-cli", "incr", "l").stdout()).startsWith("WRONGTYPE");
    assertThat(
            pod.sh("redis-cli hset h f 1; redis-cli hincrby h f 4; redis-cli hgetall h").stdout())
        .isEqualTo("1\n5\nf\n5\n");
    assertThat(pod.sh("redis-cli keys '*' | sort").stdout()).isEqualTo("h\nl\nname\n");
  }

  @Test
  void redisForgetsKeysThatExpire() {
    TestContainer pod = image("redis");
    assertThat(pod.sh("redis-cli set a 1 EX 10; redis-cli ttl a").stdout()).isEqualTo("OK\n10\n");
    pod.later(11);
    assertThat(pod.sh("redis-cli exists a; redis-cli dbsize").stdout()).isEqualTo("0\n0\n");
  }

  @Test
  void redisCliSaysWhyThereIsNoServer() {
    TestContainer pod = new TestContainer();
    pod.network.fails("redis:6379", ProgramNetwork.Failure.REFUSED);
    assertThat(pod.exec("redis-cli", "-h", "redis", "ping"))
        .isEqualTo(
            new ProgramOutput(
                1, "", "Could not connect to Redis at redis:6379: Connection refused\n"));
    assertThat(pod.exec("redis-cli", "ping").stderr())
        .isEqualTo("Could not connect to Redis at 127.0.0.1:6379: Connection refused\n");
  }

  @Test
  void redisHoldsNoMoreThanItsBound() {
    TestContainer pod = image("redis");
    Conversation server = new RedisConversation(pod.container.redis());
    String big = "x".repeat(600_000);
    assertThat(server.receive("SET a " + big + "\r\n").text()).isEqualTo("+OK\r\n");
    assertThat(server.receive("SET b " + big + "\r\n").text()).startsWith("-OOM ");
    Conversation.Reply much = server.receive("GET a\r\n".repeat(1000));
    assertThat(much.ends()).isTrue();
    assertThat(much.text().length()).isLessThan(3 << 20);
    Conversation endless = new RedisConversation(pod.container.redis());
    assertThat(endless.receive("y".repeat(2 << 20)).ends()).isTrue();
  }

  @Test
  void databasesGreetAsFarAsNcShows() {
    TestContainer mysql =
        new TestContainer(
            KubeMap.of("name", "app", "image", "mysql", "env", environment("MYSQL_ROOT_PASSWORD")));
    mysql.later(10);
    assertThat(mysql.sh("nc -w 1 127.0.0.1 3306").stdout())
        .contains("8.0.36\0", "caching_sha2_password");
    TestContainer postgres =
        new TestContainer(
            KubeMap.of(
                "name", "app", "image", "postgres", "env", environment("POSTGRES_PASSWORD")));
    postgres.later(10);
    assertThat(postgres.sh("echo hello | nc 127.0.0.1 5432"))
        .isEqualTo(new ProgramOutput(0, "", ""));
    assertThat(postgres.sh("printf '\\0\\0\\0\\10\\4\\322\\26\\57' | nc 127.0.0.1 5432").exitCode())
        .isZero();
  }

  private static KubeList environment(String name) {
    return KubeList.of(KubeMap.of("name", name, "value", "x"));
  }

  @Test
  void personalitiesAnswerLines() {
    TestContainer pod = new TestContainer();
    pod.registry.add(
        PersonalityReader.read(
            "mail.yaml",
            """
            image: mail
            ports:
            - port: 25
              greeting: "220 ${hostname}\\r\\n"
              answer: "500 ${body}\\r\\n"
              lines: [{line: "HELO*", answer: "250 ok\\r\\n"}, {line: quit, answer: "221\\r\\n", close: true}]
            """));
    pod.run(KubeMap.of("name", "mail", "image", "mail"), KubeMap.EMPTY);
    assertThat(pod.sh("printf 'HELO me\\r\\nNOOP\\nQUIT\\nNOOP\\n' | nc 127.0.0.1 25").stdout())
        .isEqualTo("220 web-1\r\n250 ok\r\n500 NOOP\r\n221\r\n");
    assertThat(pod.sh("telnet 127.0.0.1 25").stdout().split("\\R"))
        .containsExactly(
            "220 web-1",
            "Trying 127.0.0.1...",
            "Connected to 127.0.0.1.",
            "Escape character is '^]'.");
  }

  @Test
  void aPersonalityThatSpeaksWrongSaysSo() {
    assertThatThrownBy(
            () -> PersonalityReader.read("x.yaml", "image: x\nports: [{port: 1, speaks: smtp}]\n"))
        .isInstanceOf(ScenarioException.class)
        .hasMessageContaining("expected one of mysql, postgres, redis");
    assertThatThrownBy(
            () ->
                PersonalityReader.read(
                    "x.yaml", "image: x\nports: [{port: 1, protocol: UDP, greeting: hi}]\n"))
        .hasMessageContaining("TCP only");
  }

  @Test
  void ncSpeaksHttpToServersOfHttp() {
    TestContainer pod = image("nginx");
    assertThat(pod.sh("printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc 127.0.0.1 80").stdout())
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Welcome to nginx!");
    assertThat(pod.sh("nc -zv localhost 81").exitCode()).isEqualTo(1);
  }

  @Test
  void telnetSaysWhyItFails() {
    TestContainer pod = new TestContainer();
    pod.network.fails("db:23", ProgramNetwork.Failure.REFUSED);
    assertThat(pod.sh("telnet db"))
        .isEqualTo(
            new ProgramOutput(
                1, "", "telnet: can't connect to remote host (10.96.7.7): Connection refused\n"));
    assertThat(pod.sh("telnet nope 80").stderr()).isEqualTo("telnet: bad address 'nope'\n");
  }
}
