package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.kubectl.Output;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tasks of "Configure Liveness, Readiness and Startup Probes" by the real kubectl, with what
 * they tell a reader to look at.
 */
class RealKubectlProbesTutorialTest {

  @TempDir Path directory;

  private ServedTutorial tutorial;

  @BeforeEach
  void serve() throws Exception {
    tutorial = ServedTutorial.start(directory);
  }

  @AfterEach
  void end() throws Exception {
    if (tutorial != null) {
      tutorial.close();
    }
  }

  /** Applies a pod with one container, given as the lines of its spec. */
  private void apply(String name, String container) {
    String manifest =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: "
            + name
            + ", labels: {app: "
            + name
            + "}}\nspec:\n  containers:\n  - "
            + container.strip().replace("\n", "\n    ")
            + "\n";
    Output applied = tutorial.run("kubectl apply -f -", manifest);
    assertThat(applied.stdout() + applied.stderr()).isEqualTo("pod/" + name + " created\n");
  }

  private String row(String pod) {
    return tutorial
        .said("kubectl get pod " + pod + " --no-headers")
        .strip()
        .replaceAll("\\(\\S+ ago\\)", "")
        .replaceAll(" +", " ")
        .replaceAll(" \\S+$", "");
  }

  private static String started(String container, String event) {
    return "Normal " + event + " kubelet: spec.containers{" + container + "}: Container ";
  }

  @Test
  void aContainerWhoseCommandFailsIsRestarted() {
    apply(
        "liveness-exec",
        """
        name: liveness
        image: registry.k8s.io/busybox:1.27.2
        args: [/bin/sh, -c, "touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600"]
        livenessProbe:
          exec: {command: [cat, /tmp/healthy]}
          initialDelaySeconds: 5
          periodSeconds: 5
        """);
    tutorial.pass(25);
    List<String> early = tutorial.events("liveness-exec");
    assertThat(early).hasSize(5);
    assertThat(early.get(0))
        .matches(
            "Normal Scheduled default-scheduler: Successfully assigned default/liveness-exec to"
                + " node-\\d");
    assertThat(early.get(1))
        .isEqualTo(
            "Normal Pulling kubelet: spec.containers{liveness}: Pulling image"
                + " \"registry.k8s.io/busybox:1.27.2\"");
    assertThat(early.get(2))
        .startsWith(
            "Normal Pulled kubelet: spec.containers{liveness}: Successfully pulled image"
                + " \"registry.k8s.io/busybox:1.27.2\" in ");
    assertThat(early.get(3)).isEqualTo(started("liveness", "Created") + "created");
    assertThat(early.get(4)).isEqualTo(started("liveness", "Started") + "started");
    tutorial.pass(25);
    List<String> late = tutorial.events("liveness-exec");
    assertThat(late.subList(0, 5)).isEqualTo(early);
    assertThat(late.subList(5, late.size()))
        .containsExactly(
            "Warning Unhealthy x3 kubelet: spec.containers{liveness}: Liveness probe failed: cat:"
                + " can't open '/tmp/healthy': No such file or directory",
            "Normal Killing kubelet: spec.containers{liveness}: Container liveness failed liveness"
                + " probe, will be restarted");
    assertThat(row("liveness-exec")).isEqualTo("liveness-exec 1/1 Running 0");
    tutorial.pass(35);
    assertThat(row("liveness-exec")).isEqualTo("liveness-exec 1/1 Running 1");
    assertThat(
            tutorial.said(
                "kubectl get pod liveness-exec -o"
                    + " jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}"))
        .isEqualTo("137");
  }

  private static final String SERVER =
      """
      name: liveness
      image: registry.k8s.io/e2e-test-images/agnhost:2.40
      args: [liveness]
      """;

  @Test
  void aServerThatAnswers500IsRestarted() {
    apply(
        "liveness-http",
        SERVER
            + """
            livenessProbe:
              httpGet:
                path: /healthz
                port: 8080
                httpHeaders: [{name: Custom-Header, value: Awesome}]
              initialDelaySeconds: 3
              periodSeconds: 3
            """);
    tutorial.pass(11);
    assertThat(tutorial.events("liveness-http")).noneMatch(event -> event.contains("Unhealthy"));
    tutorial.pass(14);
    assertThat(tutorial.events("liveness-http"))
        .contains(
            "Warning Unhealthy x3 kubelet: spec.containers{liveness}: Liveness probe failed: HTTP"
                + " probe failed with statuscode: 500",
            "Normal Killing kubelet: spec.containers{liveness}: Container liveness failed liveness"
                + " probe, will be restarted");
    assertThat(row("liveness-http")).isEqualTo("liveness-http 1/1 Running 1");
  }

  @Test
  void aPortThatOpensIsAliveAndReady() {
    apply(
        "goproxy",
        """
        name: goproxy
        image: registry.k8s.io/goproxy:0.1
        ports: [{containerPort: 8080}]
        readinessProbe: {tcpSocket: {port: 8080}, initialDelaySeconds: 15, periodSeconds: 10}
        livenessProbe: {tcpSocket: {port: 8080}, initialDelaySeconds: 15, periodSeconds: 10}
        """);
    tutorial.pass(12);
    assertThat(row("goproxy")).isEqualTo("goproxy 0/1 Running 0");
    tutorial.pass(20);
    assertThat(row("goproxy")).isEqualTo("goproxy 1/1 Running 0");
    tutorial.pass(30);
    assertThat(tutorial.events("goproxy")).hasSize(5).noneMatch(event -> event.contains("Warning"));
  }

  @Test
  void etcdAnswersItsGrpcHealthCheck() {
    apply(
        "etcd-with-grpc",
        """
        name: etcd
        image: registry.k8s.io/etcd:3.5.1-0
        command: [/usr/local/bin/etcd, --data-dir, /var/lib/etcd, --listen-client-urls,
          "http://0.0.0.0:2379", --advertise-client-urls, "http://127.0.0.1:2379", --log-level, debug]
        ports: [{containerPort: 2379}]
        livenessProbe: {grpc: {port: 2379}, initialDelaySeconds: 10}
        """);
    tutorial.pass(60);
    assertThat(row("etcd-with-grpc")).isEqualTo("etcd-with-grpc 1/1 Running 0");
    assertThat(tutorial.events("etcd-with-grpc"))
        .hasSize(5)
        .noneMatch(event -> event.contains("Unhealthy"));
    assertThat(tutorial.said("kubectl describe pod etcd-with-grpc"))
        .containsPattern(
            "Liveness: +grpc <pod>:2379 {2}delay=10s timeout=1s period=10s #success=1 #failure=3");
  }

  @Test
  void aPortIsNamedAndAStartupProbeProtectsTheStart() {
    apply(
        "named",
        SERVER
            + """
            ports: [{name: liveness-port, containerPort: 8080, hostPort: 8080}]
            livenessProbe:
              httpGet: {path: /healthz, port: liveness-port}
              failureThreshold: 1
              periodSeconds: 10
            startupProbe:
              httpGet: {path: /healthz, port: liveness-port}
              failureThreshold: 30
              periodSeconds: 10
            """);
    tutorial.pass(35);
    assertThat(tutorial.events("named"))
        .contains(
            "Warning Unhealthy kubelet: spec.containers{liveness}: Liveness probe failed: HTTP"
                + " probe failed with statuscode: 500",
            "Normal Killing kubelet: spec.containers{liveness}: Container liveness failed liveness"
                + " probe, will be restarted");
    assertThat(row("named")).endsWith(" Running 1");
  }

  private static String slow(int startsAfterSeconds, int failureThreshold) {
    return """
    name: slow
    image: busybox
    command: [sh, -c, "sleep %d; touch /tmp/started; sleep 3600"]
    livenessProbe: {exec: {command: ["false"]}, periodSeconds: 1, failureThreshold: 600}
    startupProbe:
      exec: {command: [cat, /tmp/started]}
      periodSeconds: 5
      failureThreshold: %d
    """
        .formatted(startsAfterSeconds, failureThreshold);
  }

  @Test
  void aSlowStarterHasTimeAndOneThatNeverStartsIsKilled() {
    apply("slow", slow(28, 30));
    apply("never", slow(3000, 3));
    tutorial.pass(14);
    String started = " -o jsonpath={.status.containerStatuses[0].started}";
    assertThat(tutorial.said("kubectl get pod slow" + started)).isEqualTo("false");
    assertThat(tutorial.events("slow")).noneMatch(event -> event.contains("Liveness"));
    tutorial.pass(31);
    assertThat(tutorial.said("kubectl get pod slow" + started)).isEqualTo("true");
    assertThat(row("slow")).isEqualTo("slow 1/1 Running 0");
    assertThat(tutorial.events("slow")).anyMatch(event -> event.contains("Liveness probe failed"));
    assertThat(tutorial.events("never"))
        .contains(
            "Warning Unhealthy x3 kubelet: spec.containers{slow}: Startup probe failed: cat: can't"
                + " open '/tmp/started': No such file or directory",
            "Normal Killing kubelet: spec.containers{slow}: Container slow failed startup probe,"
                + " will be restarted");
    tutorial.pass(10);
    assertThat(row("never")).isEqualTo("never 0/1 Running 1");
  }

  @Test
  void aPodThatIsNotReadyGetsNoTraffic() {
    apply(
        "ready",
        """
        name: web
        image: nginx
        ports: [{containerPort: 80}]
        readinessProbe: {exec: {command: [cat, /tmp/healthy]}, initialDelaySeconds: 5, periodSeconds: 5}
        """);
    tutorial.said("kubectl expose pod ready --port=80");
    tutorial.pass(15);
    assertThat(row("ready")).isEqualTo("ready 0/1 Running 0");
    String slices =
        "kubectl get endpointslices -l kubernetes.io/service-name=ready -o"
            + " jsonpath={.items[0].endpoints[0].conditions.ready}";
    assertThat(tutorial.said(slices)).isEqualTo("false");
    tutorial.inPod("ready", "touch /tmp/healthy");
    tutorial.pass(7);
    assertThat(row("ready")).isEqualTo("ready 1/1 Running 0");
    assertThat(tutorial.said(slices)).isEqualTo("true");
    tutorial.inPod("ready", "rm /tmp/healthy");
    tutorial.pass(17);
    assertThat(row("ready")).isEqualTo("ready 0/1 Running 0");
    assertThat(tutorial.said(slices)).isEqualTo("false");
  }
}
