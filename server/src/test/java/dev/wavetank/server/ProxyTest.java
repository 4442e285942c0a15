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

  private static void create(ServedPods pods, String kind, String object) throws Exception {
    String path = "/api/v1/namespaces/default/" + kind;
    String[] yaml = {"Content-Type", "application/yaml"};
    assertThat(pods.send("POST", path, object, yaml).statusCode()).isEqualTo(201);
    pods.send("POST", "/wavetank/clock?advance=30000000000");
  }

  private static final String NEVER_READY =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: slow, labels: {app: slow}}
      spec:
        containers:
        - {name: c, image: nginx, readinessProbe: {exec: {command: ["false"]}}}
      """;

  @Test
  void net_F_07_aServicesPortIsNamedByNameOrNumberAndItsReadyPodsAnswer() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      create(
          pods,
          "services",
          """
          apiVersion: v1
          kind: Service
          metadata: {name: two}
          spec:
            selector: {app: web}
            ports: [{name: page, port: 8080, targetPort: 80}, {name: none, port: 8081, targetPort: 81}]
          """);
      for (String good : new String[] {"two:page", "two:8080", "http:two:page", "web"}) {
        assertThat(pods.send("GET", SERVICES + good + "/proxy/").body())
            .as(good)
            .contains("Welcome to nginx!");
      }
      assertThat(pods.send("GET", SERVICES + "two:none/proxy/").body()).contains("refused");
      HttpResponse<String> unnamed = pods.send("GET", SERVICES + "two/proxy/");
      assertThat(unnamed.statusCode()).isEqualTo(503);
      assertThat(unnamed.body()).contains("no endpoints available for service \\\"two\\\"");
      HttpResponse<String> unknown = pods.send("GET", SERVICES + "two:82/proxy/");
      assertThat(unknown.statusCode()).isEqualTo(503);
      assertThat(unknown.body()).contains("no service port 82 found for service \\\"two\\\"");
      HttpResponse<String> invalid = pods.send("GET", SERVICES + "ftp:two:80/proxy/");
      assertThat(invalid.statusCode()).isEqualTo(400);
      assertThat(invalid.body()).contains("invalid service request \\\"ftp:two:80\\\"");
    }
  }

  @Test
  void net_F_08_thePortIsTheFirstThatAContainerDeclaresOrTheSchemes() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      create(
          pods,
          "pods",
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: many}
          spec:
            containers:
            - {name: a, image: busybox, command: [sleep, "100000"]}
            - {name: b, image: nginx, ports: [{containerPort: 80}, {containerPort: 9000}]}
          """);
      create(
          pods,
          "pods",
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: wrong}
          spec: {containers: [{name: c, image: nginx, ports: [{containerPort: 9000}]}]}
          """);
      assertThat(pods.send("GET", PODS + "many/proxy/").body()).contains("Welcome to nginx!");
      assertThat(pods.send("GET", PODS + "wrong/proxy/").body())
          .containsPattern("dial tcp 10[.][0-9.]+:9000: connect: connection refused");
      assertThat(pods.send("GET", PODS + "wrong:80/proxy/").body()).contains("Welcome to nginx!");
      assertThat(pods.send("GET", PODS + "box/proxy/").body()).containsPattern("10[.][0-9.]+:80: ");
    }
  }

  @Test
  void net_F_08_aPodWithoutAnAddressIsRefusedAndASlashIsAdded() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      create(
          pods,
          "pods",
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: waiting}
          spec: {schedulerName: nobody, containers: [{name: c, image: nginx}]}
          """);
      HttpResponse<String> waiting = pods.send("GET", PODS + "waiting/proxy/");
      assertThat(waiting.statusCode()).isEqualTo(400);
      assertThat(waiting.body()).contains("address not allowed");
      HttpResponse<String> moved = pods.send("GET", PODS + "web/proxy");
      assertThat(moved.statusCode()).isEqualTo(301);
      assertThat(moved.headers().firstValue("Location")).hasValue(PODS + "web/proxy/");
      assertThat(pods.send("GET", PODS + "nope/proxy/").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void net_F_10_theServerGoesToThePodItselfReadyOrNot() throws Exception {
    try (ServedPods pods = new ServedPods()) {
      create(pods, "pods", NEVER_READY);
      create(
          pods,
          "services",
          """
          apiVersion: v1
          kind: Service
          metadata: {name: headless}
          spec: {clusterIP: None, selector: {app: web}, ports: [{port: 80}]}
          """);
      create(
          pods,
          "services",
          """
          apiVersion: v1
          kind: Service
          metadata: {name: slow}
          spec: {selector: {app: slow}, ports: [{port: 80}]}
          """);
      // No address of the Service is needed, so no rule of kube-proxy takes part.
      assertThat(pods.send("GET", SERVICES + "headless/proxy/").body()).contains("Welcome");
      assertThat(pods.send("GET", PODS + "slow/proxy/").body()).contains("Welcome to nginx!");
      assertThat(pods.send("GET", SERVICES + "slow/proxy/").body())
          .contains("no endpoints available for service \\\"slow\\\"");
    }
  }
}
