package dev.wavetank.core.container.agnhost;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Exchange;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.ServerConnection;
import dev.wavetank.core.container.TestContainer;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.text.ByteText;
import dev.wavetank.core.network.Protocol;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** The sub-commands of agnhost as the conformance tests use them. */
class AgnhostTest {

  private static final String IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.63.0";

  private static TestContainer agnhost(String... args) {
    return agnhost(KubeMap.EMPTY, args);
  }

  private static TestContainer agnhost(KubeMap env, String... args) {
    KubeMap spec =
        KubeMap.of("name", "app", "image", IMAGE, "args", KubeList.copyOf(List.of(args)));
    return new TestContainer(spec, env);
  }

  private static HttpResult ask(TestContainer pod, int port, HttpRequest request) {
    HttpResult[] result = new HttpResult[1];
    Exchange exchange =
        pod.sandbox.handle(request.from("10.244.1.7:41234"), port, end -> result[0] = end);
    assertThat(exchange).as("somebody listens on " + port).isNotNull();
    pod.simulation.runUntil(
        () -> result[0] != null, pod.simulation.now() + 600 * TestContainer.SECOND);
    return result[0];
  }

  private static HttpResponse get(TestContainer pod, int port, String path) {
    return ((HttpResult.Answered) ask(pod, port, HttpRequest.get("10.1.0.27", path))).response();
  }

  private static String body(TestContainer pod, String path) {
    return get(pod, 8080, path).body();
  }

  private static String datagram(TestContainer pod, int port, String text) {
    List<String> replies = new ArrayList<>();
    pod.sandbox.datagram(port, text, "10.244.1.7:40001", replies::add);
    return String.join("|", replies);
  }

  private static ProgramOutput run(String command, TestContainer pod) {
    return pod.exec(("/agnhost " + command).split(" "));
  }

  // netexec

  @Test
  void netexecTellsAboutItself() {
    TestContainer pod = agnhost("netexec");
    assertThat(body(pod, "/hostname")).isEqualTo("web-1");
    assertThat(body(pod, "/hostName")).isEqualTo("web-1");
    assertThat(body(pod, "/serverport")).isEqualTo("8080");
    assertThat(body(pod.later(1), "/"))
        .matches("NOW: 20\\d\\d-\\d\\d-\\d\\d .* \\+0000 UTC m=\\+1\\.0+");
    assertThat(body(pod, "/anything/else")).startsWith("NOW: ");
    assertThat(get(pod, 8080, "/healthz").status()).isEqualTo(200);
    assertThat(body(pod, "/readyz")).isEqualTo("ok");
  }

  @Test
  void netexecTellsTheClientsAddressAsItSeesIt() {
    TestContainer pod = agnhost("netexec");
    assertThat(body(pod, "/clientip")).isEqualTo("10.244.1.7:41234");
    assertThat(datagram(pod, 8081, "clientip")).isEqualTo("10.244.1.7:40001");
  }

  @Test
  void netexecEchoesWithTheCodeThatIsAsked() {
    TestContainer pod = agnhost("netexec");
    assertThat(body(pod, "/echo?msg=hi%20there+you")).isEqualTo("hi there you");
    assertThat(get(pod, 8080, "/echo?msg=no&code=404").status()).isEqualTo(404);
    assertThat(body(pod, "/echo?msg=a&code=x"))
        .isEqualTo("argument 'code' must be an integer or empty, got \"x\"\n");
    assertThat(ask(pod, 8080, HttpRequest.get("a", "/echo?code=7")))
        .isInstanceOf(HttpResult.Reset.class);
  }

  @Property(tries = 50)
  void whatIsEchoedIsWhatWasEncoded(@ForAll @StringLength(max = 40) String text) {
    String sent = ByteText.text(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    StringBuilder query = new StringBuilder();
    for (byte b : ByteText.bytes(sent)) {
      query.append('%').append(String.format(java.util.Locale.ROOT, "%02x", b & 0xFF));
    }
    assertThat(body(agnhost("netexec"), "/echo?msg=" + query)).isEqualTo(sent);
  }

  @Test
  void netexecTellsHeadersAndRedirects() {
    TestContainer pod = agnhost("netexec");
    HttpRequest request =
        new HttpRequest(
            "GET", "a", "/header?key=x-from", ImmutableMap.of("X-From", "b", "Accept", "*/*"), "");
    assertThat(((HttpResult.Answered) ask(pod, 8080, request)).response().body()).isEqualTo("b");
    assertThat(
            ((HttpResult.Answered) ask(pod, 8080, request.withPath("/header"))).response().body())
        .isEqualTo("{\"Accept\":[\"*/*\"],\"X-From\":[\"b\"]}");
    HttpResponse moved = get(pod, 8080, "/redirect?location=/echo%3Fmsg=foobar&code=307");
    assertThat(moved.status()).isEqualTo(307);
    assertThat(moved.header("Location")).isEqualTo("/echo?msg=foobar");
    assertThat(get(pod, 8080, "/redirect?location=/a").status()).isEqualTo(302);
  }

  @Test
  void netexecRunsCommandsOfTheShell() {
    TestContainer pod = agnhost("netexec");
    assertThat(body(pod, "/shell?shellCommand=echo%20hello"))
        .isEqualTo("{\"output\":\"hello\\n\"}");
    assertThat(body(pod, "/shell?cmd=echo%20no%3E%262%3B%20exit%203"))
        .isEqualTo("{\"error\":\"exit status 3\",\"output\":\"no\\n\"}");
  }

  @Test
  void netexecEndsWhenAsked() {
    TestContainer now = agnhost("netexec");
    assertThat(ask(now, 8080, HttpRequest.get("a", "/shutdown")))
        .isInstanceOf(HttpResult.Reset.class);
    assertThat(now.container.exitCode()).isZero();
    TestContainer waits = agnhost("netexec");
    assertThat(get(waits, 8080, "/exit?code=42&timeout=2s&wait=3s").status()).isEqualTo(200);
    assertThat(waits.seconds()).isEqualTo(3);
    assertThat(waits.sandbox.listening(Protocol.TCP, 8080)).isFalse();
    waits.later(1);
    assertThat(waits.container.exitCode()).isEqualTo(42);
    TestContainer wrong = agnhost("netexec");
    assertThat(body(wrong, "/exit?wait=soon"))
        .isEqualTo("argument 'wait' must be a valid golang duration or empty, got \"soon\"\n");
  }

  @Test
  void netexecIsNotReadyWhileItWaitsForItsEnd() {
    TestContainer pod = agnhost("netexec", "--delay-shutdown", "5");
    pod.container.stop(30 * TestContainer.SECOND);
    pod.later(1);
    assertThat(get(pod, 8080, "/readyz").status()).isEqualTo(503);
    assertThat(get(pod, 8080, "/healthz").status()).isEqualTo(200);
    pod.later(5);
    assertThat(pod.container.exited()).isTrue();
    assertThat(pod.container.exitCode()).isZero();
  }

  @Test
  void netexecHearsDatagrams() {
    TestContainer pod = agnhost("netexec", "--udp-port=9000", "--http-port=80");
    assertThat(datagram(pod, 9000, "hostName\n")).isEqualTo("web-1");
    assertThat(datagram(pod, 9000, "echo Hello")).isEqualTo("hello");
    assertThat(datagram(pod, 9000, "serverport")).isEqualTo("9000");
    assertThat(datagram(pod, 9000, "what")).isEmpty();
    assertThat(pod.container.log())
        .anyMatch(
            line -> line.endsWith("Unknown UDP command received from 10.244.1.7:40001: what"));
    TestContainer without = agnhost("netexec", "--udp-port=-1");
    assertThat(without.sandbox.listening(Protocol.UDP, 8081)).isFalse();
    assertThat(get(without, 8080, "/healthz").status()).isEqualTo(412);
  }

  @Test
  void netexecDialsOthers() {
    TestContainer pod = agnhost("netexec");
    pod.network
        .answers("10.2.0.3:8083/hostName", 200, "web-2")
        .fails("10.2.0.4:80", Failure.REFUSED);
    assertThat(body(pod, "/dial?host=10.2.0.3&port=8083&request=hostName&tries=2"))
        .isEqualTo("{\"responses\":[\"web-2\",\"web-2\"]}");
    assertThat(body(pod, "/dial?host=10.2.0.4&port=80&request=hostName&protocol=http"))
        .isEqualTo(
            "{\"errors\":[\"Get \\\"http://10.2.0.4:80/hostName\\\": dial tcp 10.96.7.7:80:"
                + " connect: connection refused\"]}");
    assertThat(body(pod, "/dial?host=127.0.0.1&port=8081&request=echo%20Hi&protocol=udp"))
        .isEqualTo("{\"responses\":[\"hi\"]}");
    assertThat(get(pod, 8080, "/dial?host=10.2.0.3&port=8083").status()).isEqualTo(400);
    assertThat(body(pod, "/dial?host=nowhere&port=80&request=a"))
        .isEqualTo(
            "host and/or port param are invalid. lookup nowhere on 10.96.0.10:53: no such host\n");
    assertThat(body(pod, "/dial?host=a&port=80&request=a&protocol=icmp"))
        .isEqualTo("unsupported protocol. icmp\n");
  }

  @Test
  void netexecOverridesEveryRequest() {
    TestContainer pod = agnhost("netexec", "--http-override=/echo?msg=busy&code=503");
    HttpResponse response = get(pod, 8080, "/healthz");
    assertThat(response.status()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("busy");
  }

  @Test
  void netexecKeepsUploads() {
    TestContainer pod = agnhost("netexec");
    String form =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhello\n\r\n--b--\r\n";
    HttpRequest post =
        new HttpRequest(
            "POST",
            "a",
            "/upload",
            ImmutableMap.of("Content-Type", "multipart/form-data; boundary=b"),
            form);
    HttpResponse response = ((HttpResult.Answered) ask(pod, 8080, post)).response();
    assertThat(response.status()).isEqualTo(201);
    assertThat(pod.sh("cat /uploads/upload*").stdout()).isEqualTo("hello\n");
    assertThat(body(pod, "/upload")).isEqualTo("{\"error\":\"Unable to upload file.\"}");
  }

  @Test
  void aPortThatIsTakenEndsTheSecondServer() {
    TestContainer pod = agnhost("netexec");
    ProgramOutput second = run("netexec --udp-port=-1", pod);
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.stderr()).contains("listen tcp :8080: bind: address already in use");
  }

  // Flags

  @Test
  void whatItDoesNotHaveItRefusesAsCobraDoes() {
    TestContainer pod = agnhost();
    assertThat(run("nonsense", pod).stderr())
        .isEqualTo("Error: unknown command \"nonsense\" for \"app\"\n");
    assertThat(run("netexec --nonsense", pod).stderr())
        .endsWith("Error: unknown flag: --nonsense\n");
    assertThat(run("netexec --http-port=x", pod).stderr())
        .endsWith(
            "Error: invalid argument \"x\" for \"--http-port\" flag: strconv.ParseInt: parsing"
                + " \"x\": invalid syntax\n");
    assertThat(run("netexec --http-port", pod).stderr())
        .endsWith("Error: flag needs an argument: --http-port\n");
    assertThat(run("connect", pod).stderr()).isEqualTo("Error: accepts 1 arg(s), received 0\n");
    assertThat(run("webhook", pod).stderr()).contains("is not simulated");
  }

  // Servers

  @Test
  void porterServesWhatItsEnvironmentSays() {
    KubeMap env =
        KubeMap.of("SERVE_PORT_80", "foo", "SERVE_TLS_PORT_443", "bar", "SERVE_UDP_PORT_53", "baz");
    TestContainer pod = agnhost(env, "porter");
    assertThat(get(pod, 80, "/any").body()).isEqualTo("foo");
    assertThat(get(pod, 443, "/").body()).isEqualTo("bar");
    assertThat(datagram(pod, 53, "x")).isEqualTo("baz");
    HttpResponse json = get(agnhost(env, "porter", "--json-response"), 80, "/");
    assertThat(json.body()).isEqualTo("{\"Method\":\"GET\",\"Body\":\"foo\"}");
    assertThat(json.contentType()).isEqualTo("application/json");
  }

  @Test
  void livenessIsWellForTenSeconds() {
    TestContainer pod = agnhost("liveness").later(10);
    assertThat(get(pod, 8080, "/healthz").status()).isEqualTo(200);
    assertThat(body(pod, "/started")).isEqualTo("10s");
    pod.later(0.5);
    assertThat(body(pod, "/healthz")).isEqualTo("error: 10.5");
    assertThat(get(pod, 8080, "/redirect?loc=%2Fhealthz").header("Location")).isEqualTo("/healthz");
    assertThat(get(pod, 8080, "/other").status()).isEqualTo(404);
  }

  @Test
  void serveHostnameServesItInThreeWays() {
    assertThat(get(agnhost("serve-hostname", "--port=80"), 80, "/").body()).isEqualTo("web-1");
    TestContainer raw = agnhost("serve-hostname", "--http=false", "--tcp", "--udp");
    assertThat(datagram(raw, 9376, "x")).isEqualTo("web-1");
    assertThat(raw.sh("nc 127.0.0.1 9376").stdout()).isEqualTo("web-1");
    TestContainer both = agnhost("serve-hostname", "--tcp");
    assertThat(both.container.exitCode()).isEqualTo(1);
  }

  @Test
  void testWebserverServesTheFilesOfItsContainer() {
    TestContainer pod = agnhost("test-webserver");
    pod.sh("mkdir -p /www/sub; echo hi > /www/a; echo '<p>' > /www/b.html");
    assertThat(get(pod, 80, "/www/a").body()).isEqualTo("hi\n");
    assertThat(get(pod, 80, "/www/b.html").contentType()).isEqualTo("text/html; charset=utf-8");
    assertThat(get(pod, 80, "/www").header("Location")).isEqualTo("/www/");
    assertThat(get(pod, 80, "/www/").body()).contains("<a href=\"sub/\">sub/</a>");
    assertThat(get(pod, 80, "/none").status()).isEqualTo(404);
  }

  @Test
  void grpcHealthCheckingTellsOfItsService() {
    TestContainer pod = agnhost("grpc-health-checking", "--delay-unhealthy-sec=10");
    assertThat(pod.container.grpcHealth(5000, "")).isEqualTo("SERVING");
    assertThat(pod.container.grpcHealth(5000, "other")).isNull();
    assertThat(get(pod, 8080, "/make-not-serving").status()).isEqualTo(200);
    assertThat(pod.container.grpcHealth(5000, "")).isEqualTo("NOT_SERVING");
    get(pod, 8080, "/make-serving");
    assertThat(pod.container.grpcHealth(5000, "")).isEqualTo("SERVING");
    assertThat(pod.later(10).container.grpcHealth(5000, "")).isEqualTo("NOT_SERVING");
  }

  @Test
  void nettestTellsWhoReachedIt() {
    TestContainer pod = agnhost("nettest");
    HttpRequest post =
        new HttpRequest("POST", "a", "/write", ImmutableMap.of(), "{\"Source\": \"prestop\"}");
    assertThat(((HttpResult.Answered) ask(pod, 8080, post)).response().body())
        .isEqualTo("{\"Hostname\":\"web-1\"}\n");
    assertThat(body(pod, "/read")).contains("\t\"Received\": {\n\t\t\"prestop\": 1\n\t}");
    assertThat(body(pod, "/status")).isEqualTo("running");
  }

  @Test
  void guestbookKeepsAndPropagates() {
    TestContainer pod = agnhost("guestbook", "--http-port", "6379");
    assertThat(get(pod, 6379, "/get?key=messages").body()).isEqualTo("{\"data\":\"\"}");
    assertThat(get(pod, 6379, "/set?key=messages&value=TestEntry").body())
        .isEqualTo("{\"message\":\"Updated\"}");
    assertThat(get(pod, 6379, "/get?key=messages").body()).isEqualTo("{\"data\":\"TestEntry\"}");
    assertThat(get(pod, 6379, "/register?host=10.2.0.9").body())
        .isEqualTo("{\"data\":{\"messages\":\"TestEntry\"}}");
    pod.network.answers("10.2.0.9:6379", 200, "");
    get(pod, 6379, "/set?key=a&value=b");
    assertThat(pod.network.requests.get(0).path()).isEqualTo("/set?key=a&value=b");
    assertThat(get(pod, 6379, "/set?value=b").status()).isEqualTo(400);
  }

  @Test
  void aGuestbooksReplicaRegistersAndAFrontEndAsksIt() {
    TestContainer replica = agnhost();
    replica.network.answers(
        "primary:6379/register?host=10.1.0.27", 200, "{\"data\":{\"k\":\"v\"}}");
    replica.run(
        KubeMap.of(
            "name",
            "b",
            "image",
            IMAGE,
            "args",
            KubeList.of("guestbook", "--replicaof", "primary")),
        KubeMap.EMPTY);
    assertThat(get(replica, 80, "/get?key=k").body()).isEqualTo("{\"data\":\"v\"}");
    replica.network.answers("agnhost-replica:6379/get?key=k&value=", 200, "{\"data\":\"w\"}");
    assertThat(get(replica, 80, "/guestbook?cmd=get&key=k").body()).isEqualTo("{\"data\":\"w\"}");
    TestContainer alone = agnhost("guestbook", "--replicaof", "primary").later(16);
    assertThat(alone.container.exitCode()).isEqualTo(1);
  }

  // Those that print and end

  @Test
  void connectSaysInFixedWordsWhyItFailed() {
    TestContainer pod = agnhost();
    pod.network
        .answers("web:80", 200, "")
        .fails("web:81", Failure.REFUSED)
        .fails("web:82", Failure.TIMED_OUT)
        .fails("web:83", Failure.NO_ROUTE);
    assertThat(run("connect web:80 --timeout=1s", pod).exitCode()).isZero();
    assertThat(run("connect web:81", pod).stderr()).isEqualTo("REFUSED\n");
    assertThat(run("connect web:82 --timeout=5s", pod).stderr()).isEqualTo("TIMEOUT\n");
    assertThat(run("connect web:83", pod).stderr())
        .isEqualTo("OTHER: dial tcp 10.96.7.7:80: connect: no route to host\n");
    assertThat(run("connect none:80", pod).stderr())
        .isEqualTo("DNS: lookup none on 10.96.0.10:53: no such host\n");
    assertThat(run("connect web", pod).stderr())
        .isEqualTo("UNKNOWN: address web: missing port in address\n");
    assertThat(run("connect --protocol udp web:81", pod).stderr()).startsWith("REFUSED: ");
    assertThat(run("connect --protocol sctp web:81", pod).stderr()).startsWith("OTHER: ");
  }

  @Test
  void pauseSaysOfWhichSignalItEnded() {
    TestContainer pod = agnhost("pause");
    pod.container.stop(30 * TestContainer.SECOND);
    pod.later(1);
    assertThat(pod.container.exitCode()).isEqualTo(2);
    assertThat(pod.container.terminationMessage())
        .isEqualTo("exiting because of signal \"terminated\"\n");
    assertThat(pod.container.log())
        .containsExactly(
            "Paused", "Signals registered", "exiting because of signal \"terminated\"");
  }

  @Test
  void serversWithoutAHandlerDieOfSigtermWithTwo() {
    TestContainer pod = agnhost("liveness");
    pod.container.stop(30 * TestContainer.SECOND);
    pod.later(1);
    assertThat(pod.container.exitCode()).isEqualTo(2);
  }

  @Test
  void mounttestMakesFilesAndTellsOfThem() {
    TestContainer pod = agnhost();
    assertThat(
            run("mounttest --new_file_0644=/tmp/a --file_perm=/tmp/a --file_mode=/tmp", pod)
                .stdout())
        .isEqualTo(
            """
            content of file "/tmp/a": mount-tester new file

            mode of file "/tmp": dtrwxrwxrwx
            perms of file "/tmp/a": -rw-r--r--
            """);
    ProgramOutput missing = run("mounttest --file_content=/none", pod);
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.stdout())
        .isEqualTo(
            "error reading file content for \"/none\": open /none: no such file or directory\n");
    assertThat(run("mounttest --file_mode=/none", pod).stdout())
        .isEqualTo("error from Stat(\"/none\"): stat /none: no such file or directory\n");
    assertThat(run("mounttest --file_owner=/etc/hosts", pod).stdout())
        .isEqualTo("owner UID of \"/etc/hosts\": 0\nowner GID of \"/etc/hosts\": 0\n");
    double before = pod.seconds();
    assertThat(run("mounttest --file_content_in_loop=/none --retry_time=4", pod).exitCode())
        .isEqualTo(1);
    assertThat(pod.seconds() - before).isEqualTo(4);
  }

  @Test
  void dnsHelpersReadTheResolverFile() {
    TestContainer pod = agnhost();
    assertThat(run("dns-server-list", pod).stdout()).isEqualTo("10.96.0.10\n");
    assertThat(run("dns-suffix", pod).exitCode()).isEqualTo(2);
    assertThat(run("etc-hosts", pod).stdout()).contains("10.1.0.27\tweb-1\n");
  }

  @Test
  void logsGeneratorWritesEvenlyAndEnds() {
    TestContainer pod =
        agnhost("logs-generator", "--log-lines-total", "10", "--run-duration", "20s").later(9);
    assertThat(pod.container.log()).hasSize(5);
    assertThat(pod.container.log().get(3))
        .matches(
            "I\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{6}       1 logs_generator.go:76\\] 3 (GET|POST|PUT)"
                + " /api/v1/namespaces/(kube-system|default|ns)/pods/[a-z0-9]{3,4} [2-5]\\d\\d");
    assertThat(pod.later(11).container.exited()).isTrue();
    assertThat(pod.container.exitCode()).isZero();
  }

  @Test
  void inclusterclientAsksTheApiServerWithItsToken() {
    KubeMap env =
        KubeMap.of("KUBERNETES_SERVICE_HOST", "10.96.0.1", "KUBERNETES_SERVICE_PORT", "443");
    TestContainer without = agnhost(env, "inclusterclient");
    assertThat(without.container.exitCode()).isEqualTo(1);
    assertThat(agnhost("inclusterclient").container.log().get(1))
        .endsWith("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined");
    TestContainer pod = agnhost(env);
    String token = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    pod.sh("mkdir -p /var/run/secrets/kubernetes.io/serviceaccount; echo -n abc > " + token);
    pod.network.answers("10.96.0.1:443/healthz", 200, "ok");
    pod.exec("timeout", "9", "/agnhost", "inclusterclient", "--poll-interval=4");
    assertThat(pod.network.requests).hasSize(2);
    assertThat(pod.network.requests.get(1).header("Authorization")).isEqualTo("Bearer abc");
    assertThat(pod.network.requests.get(1).tls()).isTrue();
  }

  @Test
  void portForwardTesterSendsItsChunks() {
    KubeMap env =
        KubeMap.of(
            "BIND_PORT", "80",
            "EXPECTED_CLIENT_DATA", "abc",
            "CHUNKS", "3",
            "CHUNK_SIZE", "2",
            "CHUNK_INTERVAL", "100");
    TestContainer pod = agnhost(env, "port-forward-tester");
    StringBuilder got = new StringBuilder();
    ServerConnection connection =
        ServerConnection.to(
            pod.sandbox,
            80,
            "127.0.0.1:40000",
            new ServerConnection.Client() {
              @Override
              public void write(byte[] piece) {
                got.append(ByteText.text(piece));
              }

              @Override
              public void end() {
                got.append("|");
              }
            });
    connection.receive(ByteText.bytes("abc"));
    pod.later(2);
    assertThat(got).hasToString("xxxxxx|");
    assertThat(pod.container.log())
        .containsExactly(
            "Accepted client connection",
            "Received expected client data",
            "Shutting down connection",
            "Done");
  }
}
