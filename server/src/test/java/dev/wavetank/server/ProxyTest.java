package dev.wavetank.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Requests that the API server hands on to pods. */
class ProxyTest {

  private static final String PODS = "/api/v1/namespaces/default/pods/";
  private static final String SERVICES = "/api/v1/namespaces/default/services/";

  private static void write(ServedPods pods, String file, String text) throws Exception {
    ChannelClient exec =
        new ChannelClient(
            pods,
            "web/exec?stdout=1",
            "v5.channel.k8s.io",
            "sh",
            "-c",
            "mkdir -p /usr/share/nginx/html/a; echo '" + text + "' > /usr/share/nginx/html" + file);
    exec.closed();
  }

  @Test
  void seed_S_05_theApplicationSeesThePathBehindTheProxy() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      write(pods, "/a/b", "deep");
      assertThat(pods.send("GET", PODS + "web:80/proxy/").body()).contains("Welcome to nginx!");
      assertThat(pods.send("GET", PODS + "web/proxy/a/b").body()).isEqualTo("deep\n");
      assertThat(pods.send("GET", SERVICES + "web:8080/proxy/a/b").body()).isEqualTo("deep\n");
      HttpResponse<String> moved = pods.send("GET", PODS + "web:80/proxy?x=1");
      assertThat(moved.statusCode()).isEqualTo(301);
      assertThat(moved.headers().firstValue("Location")).hasValue(PODS + "web:80/proxy/?x=1");
      HttpResponse<String> refused = pods.send("GET", PODS + "box/proxy/");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body())
          .contains("\"reason\":\"ServiceUnavailable\"")
          .containsPattern(
              "error trying to reach service: dial tcp 10[.][0-9.]+:80: connect: connection"
                  + " refused");
      HttpResponse<String> unknown = pods.send("GET", PODS + "nope/proxy/");
      assertThat(unknown.statusCode()).isEqualTo(404);
      assertThat(unknown.body()).contains("pods \\\"nope\\\" not found");
    }
  }

  @Test
  void seed_S_06_linksInPagesLeadThroughTheProxyAndNothingElseDoes() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      write(pods, "/index.html", "<a href=\"/a/b\">t</a><script>s=\"<a href=/a/b>\"</script>");
      write(pods, "/a.json", "{\"link\": \"/a/b\"}");
      write(pods, "/a/b", "reached");
      String link = PODS + "web:80/proxy/a/b";
      assertThat(pods.send("GET", PODS + "web:80/proxy/").body())
          .isEqualTo("<a href=\"" + link + "\">t</a><script>s=\"<a href=/a/b>\"</script>\n");
      assertThat(pods.send("GET", link).body()).isEqualTo("reached\n");
      assertThat(pods.send("GET", PODS + "web:80/proxy/a.json").body())
          .isEqualTo("{\"link\": \"/a/b\"}\n");
      HttpResponse<String> dead = pods.send("GET", "/a/b");
      assertThat(dead.statusCode()).isEqualTo(404);
      assertThat(dead.body()).isEqualTo("404 page not found\n");
    }
  }

  @Test
  void api_A_161_whatCannotBeReachedIsSaidInUpstreamsWords() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      assertThat(pods.send("GET", SERVICES + "nope/proxy/").body())
          .contains("services \\\"nope\\\" not found");
      assertThat(pods.send("GET", SERVICES + "web:81/proxy/").body())
          .contains("no service port 81 found for service \\\"web\\\"");
      assertThat(pods.send("GET", PODS + "a:b:c:d/proxy/").body())
          .contains("invalid pod request \\\"a:b:c:d\\\"");
      assertThat(pods.send("GET", PODS + "https:web:80/proxy/").body())
          .contains("http: server gave HTTP response to HTTPS client");
      pods.send("DELETE", PODS + "web");
      pods.send("POST", "/wavetank/clock?advance=60000000000");
      HttpResponse<String> empty = pods.send("GET", SERVICES + "web/proxy/");
      assertThat(empty.statusCode()).isEqualTo(503);
      assertThat(empty.body())
          .contains("no endpoints available for service \\\"web\\\"")
          .doesNotContain("details");
    }
  }
}
