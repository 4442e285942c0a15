package dev.wavetank.core.container.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.TestContainer;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the images that come with the simulator do, as courses rely on it. */
class BuiltInImagesTest {

  private static KubeMap image(String image) {
    return KubeMap.of("name", "app", "image", image);
  }

  private static KubeMap image(String image, String... args) {
    return image(image).with("args", KubeList.copyOf(List.of(args)));
  }

  private static String get(TestContainer pod, int port, String path) {
    HttpResponse[] response = new HttpResponse[1];
    pod.container.handle(
        HttpRequest.get("web", path),
        port,
        result -> response[0] = ((HttpResult.Answered) result).response());
    pod.simulation.runUntil(
        () -> response[0] != null, pod.simulation.now() + 600 * TestContainer.SECOND);
    return response[0].status() + " " + response[0].body();
  }

  @ParameterizedTest
  @CsvSource({
    "nginx,80",
    "nginx:1.14.2,80",
    "httpd,80",
    "redis,6379",
    "mongo,27017",
    "k8s.gcr.io/echoserver:1.4,8080",
    "hashicorp/http-echo,5678",
    "registry.k8s.io/serve_hostname,9376",
    "gcr.io/google-samples/kubernetes-bootcamp:v1,8080",
    "registry.k8s.io/hpa-example,80",
    "traefik/whoami,80",
    "prom/prometheus,9090",
    "traefik:v3.0,80",
    "luksa/kubia,8080"
  })
  void serversListen(String image, int port) {
    TestContainer pod = new TestContainer(image(image)).later(10);
    assertThat(pod.container.running()).isTrue();
    assertThat(pod.container.listens(Protocol.TCP, port)).isTrue();
    assertThat(pod.container.listens(Protocol.TCP, port + 1)).isFalse();
  }

  @Test
  void nginxServesTheFilesOfItsContainer() {
    TestContainer pod = new TestContainer(image("nginx"));
    assertThat(get(pod, 80, "/")).startsWith("200 <!DOCTYPE html>").contains("Welcome to nginx!");
    assertThat(get(pod, 80, "/nope")).startsWith("404 <html>");
    pod.sh("echo hello > /usr/share/nginx/html/index.html; echo b > /usr/share/nginx/html/b.txt");
    assertThat(get(pod, 80, "/")).isEqualTo("200 hello\n");
    assertThat(get(pod, 80, "/b.txt?x=1")).isEqualTo("200 b\n");
    assertThat(get(pod, 80, "/../../../etc/hostname")).startsWith("404");
    pod.sh("rm /usr/share/nginx/html/index.html");
    assertThat(get(pod, 80, "/")).startsWith("404");
  }

  @Test
  void answersNameTheirPod() {
    assertThat(get(new TestContainer(image("kubernetes-bootcamp:v2")), 8080, "/"))
        .isEqualTo("200 Hello Kubernetes bootcamp! | Running on: web-1 | v=2\n");
    assertThat(get(new TestContainer(image("kubernetes-bootcamp:v1")), 8080, "/"))
        .isEqualTo("200 Hello Kubernetes bootcamp! | Running on: web-1 | v=1\n");
    assertThat(get(new TestContainer(image("serve_hostname")), 9376, "/")).isEqualTo("200 web-1");
  }

  @Test
  void httpEchoSaysWhatItsArgumentsSay() {
    TestContainer pod =
        new TestContainer(image("hashicorp/http-echo", "-text=apple", "-listen=:80"));
    assertThat(pod.container.listens(Protocol.TCP, 80)).isTrue();
    assertThat(get(pod, 80, "/any")).isEqualTo("200 apple\n");
  }

  @Test
  void databasesNeedAPassword() {
    for (String name : ImmutableList.of("mysql:8.0", "postgres:16")) {
      TestContainer without = new TestContainer(image(name)).later(5);
      assertThat(without.container.exitCode()).isEqualTo(1);
      assertThat(String.join(" ", without.container.log())).contains("PASSWORD");
      String variable = name.startsWith("mysql") ? "MYSQL_ROOT_PASSWORD" : "POSTGRES_PASSWORD";
      KubeMap set = KubeMap.of("name", variable, "value", "x");
      TestContainer with = new TestContainer(image(name).with("env", KubeList.of(set))).later(60);
      assertThat(with.container.running()).isTrue();
    }
  }

  @Test
  void stressIsKilledBeyondItsLimit() {
    KubeMap limit = KubeMap.of("limits", KubeMap.of("memory", "100Mi"));
    KubeMap spec =
        TestContainer.spec("polinux/stress", "stress", "--vm", "1", "--vm-bytes", "250M");
    TestContainer killed = new TestContainer(spec.with("resources", limit)).later(2);
    assertThat(killed.container.reason()).isEqualTo("OOMKilled");
    TestContainer free = new TestContainer(spec).later(2);
    assertThat(free.container.running()).isTrue();
    assertThat(free.container.behavior().memoryBytes(free.container.ageNanos()))
        .isEqualTo(250_000_000L);
  }

  @Test
  void piOfTheJobTutorial() {
    TestContainer pod =
        new TestContainer(
                TestContainer.spec(
                    "perl:5.34.0", "perl", "-Mbignum=bpi", "-wle", "print bpi(2000)"))
            .later(10);
    assertThat(pod.container.exitCode()).isZero();
    assertThat(pod.container.log().get(0)).startsWith("3.14159265358979").hasSize(2001);
  }

  @Test
  void agnhostServesOrPrints() {
    TestContainer live = new TestContainer(image("agnhost:2.40", "liveness"));
    assertThat(get(live, 8080, "/healthz")).isEqualTo("200 ok");
    assertThat(get(live.later(11), 8080, "/healthz")).startsWith("500 error: 11");
    TestContainer net = new TestContainer(image("agnhost", "netexec", "--http-port=8083"));
    assertThat(get(net, 8083, "/hostname")).isEqualTo("200 web-1");
    assertThat(get(net, 8083, "/echo?msg=hi%20there")).isEqualTo("200 hi there");
    TestContainer test =
        new TestContainer(image("agnhost", "entrypoint-tester", "a", "b")).later(1);
    assertThat(test.container.log()).containsExactly("[/agnhost entrypoint-tester a b]");
    TestContainer mount =
        new TestContainer(image("agnhost", "mounttest", "--file_content=/etc/hostname")).later(1);
    assertThat(mount.container.log())
        .containsExactly("content of file \"/etc/hostname\": web-1", "");
    assertThat(mount.container.exitCode()).isZero();
    assertThat(new TestContainer(image("agnhost")).later(5).container.running()).isTrue();
  }

  @Test
  void tagsThatDoNotExistAreNotPulled() {
    ImageRegistry registry = new ImageRegistry();
    assertThat(registry.pullError("gcr.io/google-samples/kubernetes-bootcamp:v10"))
        .contains("not found");
    assertThat(registry.pullError("kubernetes-bootcamp:v2")).isEmpty();
    assertThat(registry.pullError("nginx:1.161")).contains("not found");
  }

  @Test
  void schemaHasTheKeysOfTheReader() throws IOException {
    JsonNode schema;
    try (InputStream in = ImagePersonality.class.getResourceAsStream("image.schema.json")) {
      schema = new ObjectMapper().readTree(in);
    }
    assertThat(names(schema)).containsExactlyElementsOf(PersonalityReader.ROOT_KEYS);
    assertThat(names(schema.at("/properties/variants/items")))
        .containsExactlyElementsOf(PersonalityReader.VARIANT_KEYS);
    List<String> http = new ArrayList<>(List.of(PersonalityReader.HTTP_KEYS));
    http.addAll(PersonalityReader.SPAN_KEYS);
    assertThat(names(schema.at("/properties/http/items"))).containsExactlyElementsOf(http);
  }

  private static List<String> names(JsonNode object) {
    return ImmutableList.copyOf(object.path("properties").fieldNames());
  }
}
