package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.flags.Words;
import dev.wavetank.server.ClusterServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real kubectl resizes a pod that runs. */
class RealKubectlResizeTest {

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: c
          image: nginx
          resources: {requests: {cpu: 500m, memory: 64Mi}, limits: {cpu: 500m, memory: 64Mi}}
          resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]
      """;

  @TempDir Path directory;

  private RealKubectl kubectl = null;

  private Output run(String commandLine) {
    return kubectl.run(Words.split(commandLine), POD.getBytes(StandardCharsets.UTF_8));
  }

  private String ok(String commandLine) {
    Output output = run(commandLine);
    assertThat(output.exitCode()).as(commandLine + ": " + output.stderr()).isZero();
    return output.stdout();
  }

  private String resize(String amounts) {
    return "kubectl patch pod web --subresource resize -p '{\"spec\":{\"containers\":[{\"name\":\"c\","
        + "\"resources\":{\"requests\":{"
        + amounts
        + "},\"limits\":{"
        + amounts
        + "}}}]}}'";
  }

  private void waitFor(String path, String value) {
    ok("kubectl wait --timeout=60s pod/web --for=jsonpath={.status." + path + "}=" + value);
  }

  @Test
  void aPodGetsOtherResourcesWhileItRuns() throws Exception {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      kubectl =
          new RealKubectl(
              RealClients.kubectl(RealClients.RECORDED_MINOR),
              server.url(),
              directory,
              Files.createDirectories(directory.resolve("home")));
      ok("kubectl apply -f -");
      ok("kubectl wait --for=condition=Ready pod/web");
      assertThat(ok(resize("\"cpu\":\"800m\""))).isEqualTo("pod/web patched\n");
      waitFor("containerStatuses[0].resources.requests.cpu", "800m");
      assertThat(ok("kubectl get pod web --no-headers")).matches("web +1/1 +Running +0 .*\n");
      ok(resize("\"memory\":\"128Mi\""));
      waitFor("containerStatuses[0].resources.limits.memory", "128Mi");
      waitFor("containerStatuses[0].restartCount", "1");
      assertThat(ok("kubectl get events -o jsonpath={.items[*].reason}"))
          .contains("ResizeStarted")
          .contains("ResizeCompleted");
      assertThat(run(resize("\"cpu\":\"64\"")).stderr())
          .isEqualTo(
              "Error from server (Forbidden): pods \"web\" is forbidden: node didn't have enough"
                  + " allocatable resources: cpu, requested: 64000, allocatable: 4000\n");
    }
  }
}
