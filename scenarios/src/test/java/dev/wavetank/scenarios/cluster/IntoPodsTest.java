package dev.wavetank.scenarios.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.EphemeralContainers;
import dev.wavetank.core.apiserver.Write;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.resource.FileSource;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Programs in pods that talk to their own pod, and what comes into pods from outside. */
class IntoPodsTest {

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        hostAliases: [{ip: 127.0.0.1, hostnames: [me.local]}]
        containers:
          - {name: web, image: nginx, ports: [{containerPort: 80}]}
          - name: crash
            image: busybox
            command: [sh, -c, echo begin; sleep 2; echo end; exit 1]
      """;
  private static final ObjectKey WEB = ObjectKey.of(ResourceType.PODS, "default", "web");

  private final Cluster cluster = Cluster.builder().nodes(1).start();

  IntoPodsTest() {
    cluster.apply("pod.yaml", POD);
    cluster.run(Duration.ofSeconds(60));
  }

  private Output kubectl(String command, String stdin) {
    return cluster.kubectl(command, stdin, "default", FileSource.NONE);
  }

  private String exec(String command) {
    return kubectl("exec web -c web -- " + command, "").stdout();
  }

  @Test
  void aServerIsReachedFromWithinItsPodByEveryNameOfIt() {
    for (String name : new String[] {"localhost", "127.0.0.1", "me.local", "web"}) {
      assertThat(exec("curl -s http://" + name + "/")).as(name).contains("Welcome to nginx!");
    }
    Output refused = kubectl("exec web -c web -- curl -sS http://localhost:81/", "");
    assertThat(refused.exitCode()).isEqualTo(7);
    assertThat(refused.stderr()).contains("port 81");
  }

  @Test
  void aCommandReadsWhatKubectlIsGiven() {
    assertThat(kubectl("exec -i web -c web -- wc -l", "a\nb\n").stdout().trim()).isEqualTo("2");
    assertThat(kubectl("exec web -c web -- wc -l", "a\nb\n").stdout().trim()).isEqualTo("0");
    Output failed = kubectl("exec web -c web -- nope", "");
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.stderr()).contains("exec: \"nope\": executable file not found in $PATH");
  }

  @Test
  void theLogOfTheRunBeforeIsThere() {
    assertThat(kubectl("logs web -c crash --previous", "").stdout()).isEqualTo("begin\nend\n");
    assertThat(kubectl("logs web -c web --previous", "").stderr())
        .contains("previous terminated container \"web\" in pod \"web\" not found");
    assertThat(kubectl("logs web -c crash --previous --timestamps --tail=1", "").stdout())
        .matches("2026-01-01T00:0\\d:\\d\\d\\.\\d{9}Z end\n");
  }

  private void add(KubeMap... containers) {
    KubeObject pod = cluster.api().get(WEB);
    KubeMap spec = pod.spec().with("ephemeralContainers", KubeList.of((Object[]) containers));
    cluster
        .api()
        .updateSubresource(
            ResourceType.PODS,
            pod.withSpec(spec),
            EphemeralContainers::updated,
            Write.untracked(false));
  }

  private static KubeMap debugger(String script) {
    return KubeMap.of(
        "name",
        "debugger",
        "image",
        "busybox",
        "command",
        KubeList.of("sh", "-c", script),
        "targetContainerName",
        "web");
  }

  @Test
  void anEphemeralContainerRunsOnceInTheNetworkOfItsPod() {
    add(debugger("wget -qO- localhost | grep -c Welcome; sleep 5; exit 3"));
    cluster.run(Duration.ofSeconds(60));
    assertThat(kubectl("logs web -c debugger", "").stdout()).isEqualTo("2\n");
    KubeObject pod = cluster.api().get(WEB);
    KubeMap status = pod.status().listOrEmpty("ephemeralContainerStatuses").map(0);
    assertThat(status.at("state", "terminated", "exitCode")).isEqualTo(3L);
    assertThat(status.get("restartCount")).isEqualTo(0L);
    assertThat(status.get("ready")).isEqualTo(false);
    assertThat(pod.status().get("phase")).isEqualTo("Running");
    assertThat(kubectl("get events", "").stdout()).contains("Container started");
  }

  @Test
  void ephemeralContainersAreNeitherChangedNorRemoved() {
    add(debugger("sleep 100"));
    assertThatThrownBy(() -> add(debugger("sleep 200")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("existing ephemeral containers \"debugger\" may not be changed");
    assertThatThrownBy(() -> add())
        .hasMessageContaining("existing ephemeral containers \"debugger\" may not be removed");
    assertThatThrownBy(
            () ->
                add(
                    debugger("sleep 100"),
                    KubeMap.of("name", "web", "image", "busybox", "ports", KubeList.of("x"))))
        .hasMessageContaining("spec.ephemeralContainers[1].name: Duplicate value: \"web\"")
        .hasMessageContaining("cannot be set for an Ephemeral Container");
  }

  @Test
  void aPodWithAnEphemeralContainerStillEnds() {
    add(debugger("sleep 10000"));
    cluster.run(Duration.ofSeconds(30));
    kubectl("delete pod web", "");
    cluster.run(Duration.ofSeconds(60));
    assertThat(cluster.api().find(WEB)).isNull();
  }

  private static final String REDIS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: redis, labels: {app: redis}}
      spec:
        containers: [{name: redis, image: redis, ports: [{containerPort: 6379}]}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: redis}
      spec: {selector: {app: redis}, ports: [{port: 6379}]}
      """;

  @Test
  void aServiceOfRedisAnswersRawBytes() {
    cluster.apply("redis.yaml", REDIS);
    cluster.run(Duration.ofSeconds(30));
    assertThat(kubectl("exec -i web -c web -- nc redis 6379", "PING\r\nSET a 7\r\n").stdout())
        .isEqualTo("+PONG\r\n+OK\r\n");
    assertThat(exec("redis-cli -h redis incr a")).isEqualTo("8\n");
    assertThat(kubectl("exec redis -- redis-cli get a", "").stdout()).isEqualTo("8\n");
    assertThat(kubectl("exec -i redis -- redis-cli", "get a\n".repeat(3000)).stdout())
        .isEqualTo("8\n".repeat(3000));
    assertThat(kubectl("exec web -c web -- redis-cli -h nope ping", "").stderr())
        .contains("Could not connect to Redis at nope:6379: Name or service not known");
    assertThat(kubectl("exec web -c web -- redis-cli -h redis -p 81 ping", "").exitCode())
        .isEqualTo(1);
  }

  @Test
  void aConnectionBreaksWithItsServer() {
    String ends =
        REDIS.replace("spec:\n  containers", "spec:\n  activeDeadlineSeconds: 60\n  containers");
    assertThat(ends).isNotEqualTo(REDIS);
    cluster.apply("redis.yaml", ends);
    cluster.run(Duration.ofSeconds(30));
    assertThat(
            kubectl("exec web -c web -- sh -c 'sleep 100 | nc redis 6379; echo $?'", "").stdout())
        .isEqualTo("1\n");
  }
}
