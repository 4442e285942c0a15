package dev.wavetank.scenarios.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.resource.FileSource;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What pods say to one another over the network: agnhost, nc, and servers that speak no HTTP. */
class ConversationsTest {

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: net, labels: {app: net}}
      spec:
        nodeName: node-1
        containers:
          - {name: net, image: "registry.k8s.io/e2e-test-images/agnhost:2.63.0", args: [netexec]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: names}
      spec:
        type: NodePort
        selector: {app: net}
        ports:
          - {name: http, port: 80, targetPort: 8080, nodePort: 30080}
          - {name: udp, port: 90, targetPort: 8081, protocol: UDP}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: client}
      spec:
        nodeName: node-2
        containers: [{name: client, image: busybox, command: [sleep, infinity]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: redis, labels: {app: redis}}
      spec:
        nodeName: node-2
        containers:
          - name: redis
            image: redis
            readinessProbe: {httpGet: {port: 6379}, periodSeconds: 1}
      """;

  private final Cluster cluster = Cluster.builder().nodes(2).start();

  ConversationsTest() {
    cluster.apply("pods.yaml", PODS);
    cluster.run(Duration.ofSeconds(60));
  }

  private Output exec(String command) {
    return cluster.kubectl("exec client -- " + command, "", "default", FileSource.NONE);
  }

  private String ip(String pod) {
    return cluster
        .api()
        .get(ObjectKey.of(ResourceType.PODS, "default", pod))
        .status()
        .string("podIP", "");
  }

  @Test
  void aServerSeesThePodThatAsksByItsOwnAddress() {
    assertThat(exec("wget -qO- http://names/clientip").stdout()).startsWith(ip("client") + ":");
  }

  @Test
  void whatAProgramHasSentArrivesThoughItLeaves() {
    cluster.kubectl("run once --image=busybox --restart=Never -- nc -l -p 7000");
    cluster.run(Duration.ofSeconds(10));
    exec("sh -c 'echo hello | nc " + ip("once") + " 7000'");
    cluster.run(Duration.ofSeconds(1));
    assertThat(cluster.kubectl("logs once").stdout()).isEqualTo("hello\n");
    assertThat(
            exec("sh -c 'nc -l -p 9000 & sleep 1; echo within | nc 127.0.0.1 9000; sleep 1'")
                .stdout())
        .isEqualTo("within\n");
  }

  @Test
  void byANodePortItSeesTheNodeThatTranslated() {
    String seen = exec("wget -qO- http://" + nodeIp("node-2") + ":30080/clientip").stdout();
    assertThat(seen).matches("[0-9.]+:\\d+").doesNotStartWith(ip("client") + ":");
  }

  private String nodeIp(String node) {
    return cluster
        .api()
        .get(ObjectKey.of(ResourceType.NODES, "", node))
        .status()
        .listOrEmpty("addresses")
        .maps()
        .iterator()
        .next()
        .string("address", "");
  }

  @Test
  void netexecDialsOverTheNetwork() {
    String dial = "http://names/dial?host=names&port=";
    assertThat(exec("wget -qO- " + dial + "80&request=hostname&tries=2").stdout())
        .isEqualTo("{\"responses\":[\"net\",\"net\"]}");
    assertThat(exec("wget -qO- " + dial + "90&request=hostname&protocol=udp").stdout())
        .isEqualTo("{\"responses\":[\"net\"]}");
    assertThat(exec("wget -qO- " + dial + "81&request=hostname").stdout())
        .startsWith("{\"errors\":[\"Get \\\"http://names:81/hostname\\\": ");
  }

  @Test
  void bytesGoBothWaysBetweenTwoPods() {
    cluster.kubectl("run listener --image=busybox -- nc -l -p 7000 -e cat");
    cluster.run(Duration.ofSeconds(30));
    assertThat(
            cluster
                .kubectl(
                    "exec -i client -- nc " + ip("listener") + " 7000",
                    "hello\n",
                    "default",
                    FileSource.NONE)
                .stdout())
        .isEqualTo("hello\n");
  }

  @Test
  void aProbeOfTcpEndsAListenerThatTakesOneClient() {
    cluster.apply(
        "once.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: once}
        spec:
          restartPolicy: Never
          containers:
            - name: once
              image: busybox
              command: [nc, -l, -p, "7000"]
              readinessProbe: {tcpSocket: {port: 7000}, initialDelaySeconds: 5}
        """);
    cluster.run(Duration.ofSeconds(60));
    assertThat(cluster.kubectl("get pod once --no-headers").stdout()).contains("Completed");
  }

  @Test
  void theGuestbookOfTheConformanceTestsKeepsAndPropagates() {
    StringBuilder manifests = new StringBuilder();
    for (String[] part :
        new String[][] {
          {"agnhost-primary", "6379", "guestbook, --http-port, '6379'"},
          {
            "agnhost-replica",
            "6379",
            "guestbook, --replicaof, agnhost-primary, --http-port, '6379'"
          },
          {"frontend", "80", "guestbook, --backend-port, '6379'"}
        }) {
      manifests.append(
          """
          ---
          apiVersion: v1
          kind: Service
          metadata: {name: NAME}
          spec: {selector: {app: NAME}, ports: [{port: PORT}]}
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: NAME, labels: {app: NAME}}
          spec:
            containers:
              - {name: c, image: "registry.k8s.io/e2e-test-images/agnhost:2.63.0", args: [ARGS]}
          """
              .replace("NAME", part[0])
              .replace("PORT", part[1])
              .replace("ARGS", part[2]));
    }
    cluster.apply("guestbook.yaml", manifests.toString());
    cluster.run(Duration.ofSeconds(60));
    String guestbook = "curl -s http://frontend/guestbook?key=messages&cmd=";
    assertThat(exec(guestbook + "set&value=TestEntry").stdout())
        .isEqualTo("{\"message\":\"Updated\"}");
    assertThat(exec(guestbook + "get").stdout()).isEqualTo("{\"data\":\"TestEntry\"}");
    assertThat(exec("curl -s http://agnhost-replica:6379/get?key=messages").stdout())
        .isEqualTo("{\"data\":\"TestEntry\"}");
  }

  @Test
  void aHookBeforeTheEndIsHeardByAnotherPod() {
    cluster.kubectl("run server --image=registry.k8s.io/e2e-test-images/agnhost:2.63.0 -- nettest");
    cluster.run(Duration.ofSeconds(30));
    cluster.apply(
        "tester.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: tester}
        spec:
          containers:
            - name: tester
              image: busybox
              command: [sleep, "600"]
              lifecycle:
                preStop:
                  exec:
                    command:
                      - wget
                      - -O-
                      - '--post-data={"Source": "prestop"}'
                      - http://SERVER:8080/write
        """
            .replace("SERVER", ip("server")));
    cluster.run(Duration.ofSeconds(30));
    cluster.kubectl("delete pod tester");
    cluster.run(Duration.ofSeconds(60));
    assertThat(exec("curl -s http://" + ip("server") + ":8080/read").stdout())
        .contains("\t\"Received\": {\n\t\t\"prestop\": 1\n\t}");
  }

  @Test
  void theApiServerAnswersAPodByItsToken() {
    cluster.kubectl(
        "create clusterrolebinding view --clusterrole=view --serviceaccount=default:default");
    String script =
        "d=/var/run/secrets/kubernetes.io/serviceaccount; curl -s --cacert $d/ca.crt -H"
            + " \"Authorization: Bearer $(cat $d/token)\" https://kubernetes.default.svc";
    assertThat(shell(script + "/api/v1/namespaces/$(cat $d/namespace)/pods/net").stdout())
        .contains("\"name\": \"net\"");
    assertThat(shell(script + "/api/v1/namespaces/default/secrets").stdout())
        .contains(
            "secrets is forbidden: User \\\"system:serviceaccount:default:default\\\" cannot list"
                + " resource");
    assertThat(exec("curl -sk https://kubernetes.default/api").stdout())
        .contains("User \\\"system:anonymous\\\" cannot get path \\\"/api\\\"");
    assertThat(exec("curl -s http://kubernetes.default:443/api").stdout())
        .isEqualTo("Client sent an HTTP request to an HTTPS server.\n");
  }

  private Output shell(String script) {
    return cluster.kubectl("exec -i client -- sh", script, "default", FileSource.NONE);
  }

  @Test
  void httpToRedisIsAnEmptyReply() {
    Output curl = exec("curl -sS http://" + ip("redis") + ":6379/");
    assertThat(curl.stderr()).contains("curl: (52) Empty reply from server");
    assertThat(cluster.kubectl("get pod redis --no-headers").stdout()).contains("0/1");
    assertThat(cluster.kubectl("describe pod redis").stdout())
        .contains("Readiness probe failed: Get \"http://" + ip("redis") + ":6379/\": EOF");
  }
}
