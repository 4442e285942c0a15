package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.flags.Words;
import dev.wavetank.server.ClusterServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real kubectl asks what pods and nodes use. */
class RealKubectlTopTest {

  @TempDir Path directory;

  private RealKubectl client(ClusterServer server) throws Exception {
    return new RealKubectl(
        RealClients.kubectl(RealClients.RECORDED_MINOR),
        server.url(),
        directory,
        Files.createTempDirectory(directory, "home"));
  }

  private static Output run(RealKubectl client, String commandLine) {
    return client.run(Words.split(commandLine), new byte[0]);
  }

  private static String ok(RealKubectl client, String commandLine) {
    Output output = run(client, commandLine);
    assertThat(output.exitCode()).as(commandLine + ": " + output.stderr()).isZero();
    return output.stdout();
  }

  @Test
  void withMetricsServerTopTellsWhatIsUsed() throws Exception {
    // The real kubectl reckons the age of pods by the wall clock.
    try (ClusterServer server =
        ClusterServer.start(
            ClusterServer.options()
                .withStart(Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS))
                .withMetricsServer())) {
      RealKubectl kubectl = client(server);
      assertThat(ok(kubectl, "kubectl get apiservice v1beta1.metrics.k8s.io"))
          .contains("kube-system/metrics-server   True");
      assertThat(ok(kubectl, "kubectl api-resources --api-group=metrics.k8s.io --no-headers"))
          .contains("NodeMetrics")
          .contains("PodMetrics");
      ok(kubectl, "kubectl run web --image=nginx");
      assertThat(run(kubectl, "kubectl top pod").stderr())
          .isEqualTo("error: metrics not available yet\n");
      ok(kubectl, "kubectl wait --for=condition=Ready pod/web");
      ok(kubectl, "kubectl run sleeper --image=busybox --restart=Never -- sleep 40");
      ok(
          kubectl,
          "kubectl wait --for=jsonpath={.status.phase}=Succeeded pod/sleeper --timeout=120s");
      assertThat(ok(kubectl, "kubectl top pod"))
          .matches("NAME +CPU\\(cores\\) +MEMORY\\(bytes\\) +\nweb +\\d+m +\\d+Mi +\n");
      assertThat(ok(kubectl, "kubectl top pod -A --sum --sort-by=memory"))
          .contains("kube-system   coredns-");
      assertThat(ok(kubectl, "kubectl top pod web --containers --no-headers"))
          .matches("web +web +\\d+m +\\d+Mi +\n");
      assertThat(ok(kubectl, "kubectl top node")).contains("node-1   ").contains("node-3   ");
      assertThat(ok(kubectl, "kubectl get pods.metrics.k8s.io"))
          .matches("NAME +CPU +MEMORY +WINDOW\nweb +\\S+ +\\S+ +15s\n");
      assertThat(ok(kubectl, "kubectl get --raw /apis/metrics.k8s.io/v1beta1/nodes/node-1"))
          .startsWith("{\"kind\":\"NodeMetrics\",\"apiVersion\":\"metrics.k8s.io/v1beta1\"");
      assertThat(ok(kubectl, "kubectl get pods --no-headers")).contains("web");
    }
  }

  @Test
  void withoutItThereIsNoMetricsApi() throws Exception {
    try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
      RealKubectl kubectl = client(server);
      for (String of : new String[] {"pod", "node"}) {
        assertThat(run(kubectl, "kubectl top " + of).stderr())
            .isEqualTo("error: Metrics API not available\n");
      }
    }
  }
}
