package dev.wavetank.scenarios.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ComputedObjects;
import dev.wavetank.core.container.image.PersonalityReader;
import dev.wavetank.core.kubectl.Output;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What metrics-server tells of pods and nodes. */
class MetricsServerTest {

  private static final String BUSY =
      """
      image: example.com/busy
      cpu: [{at: 0s, amount: 250}]
      memory: [{at: 0s, amount: 20Mi}]
      ports: [{port: 80}]
      http: [{path: /, cpu: 30ms}]
      """;

  private final Cluster cluster = start(true);

  private static Cluster start(boolean metrics) {
    ClusterBuilder builder = Cluster.builder().nodes(1).seed(3).metricsServer(metrics);
    builder.images().add(PersonalityReader.read("busy.yaml", BUSY));
    return builder.start();
  }

  private void run(int seconds) {
    cluster.run(Duration.ofSeconds(seconds));
  }

  /** A pod whose container has just started, a little after a whole quarter of a minute. */
  private void startPod() {
    long sample = 15_000_000_000L;
    cluster.run(Duration.ofNanos(sample - cluster.simulation().now() % sample));
    cluster.kubelets().find("node-1").runtime().preload("example.com/busy:latest");
    cluster.kubectl(
        "run busy --image=example.com/busy --labels=app=busy --image-pull-policy=IfNotPresent");
    cluster.runUntil(
        () -> cluster.kubelets().find("node-1").container("default", "busy", "") != null,
        Duration.ofSeconds(14));
  }

  private List<KubeObject> pods() {
    ComputedObjects pods = cluster.api().served().computed(ResourceType.POD_METRICS);
    return pods == null ? List.of() : pods.list("default");
  }

  private static KubeMap usage(KubeObject pod) {
    return pod.root().listOrEmpty("containers").map(0).mapOrEmpty("usage");
  }

  @Test
  void withoutItThereIsNoMetricsApi() {
    Output top = start(false).kubectl("top pod");
    assertThat(top.stderr()).isEqualTo("error: Metrics API not available\n");
    assertThat(top.exitCode()).isEqualTo(1);
  }

  @Test
  void itsApiServiceIsAvailable() {
    assertThat(cluster.kubectl("get apiservice v1beta1.metrics.k8s.io --no-headers").stdout())
        .matches("v1beta1.metrics.k8s.io +kube-system/metrics-server +True +.*\n");
  }

  @Test
  void api_A_245_usageIsTheAverageBetweenTheLastTwoLooks() {
    startPod();
    run(60);
    KubeObject pod = pods().get(0);
    assertThat(usage(pod)).isEqualTo(KubeMap.of("cpu", "250m", "memory", "20Mi"));
    assertThat(pod.root().get("window")).isEqualTo("15s");
    assertThat(pod.root().get("kind")).isEqualTo("PodMetrics");
    assertThat(pod.labels().get("app")).isEqualTo("busy");
    assertThat(pod.root().string("timestamp", "")).matches("2026-01-01T00:0.:(00|15|30|45)Z");
  }

  @Test
  void requestsUseTheProcessorToo() {
    startPod();
    run(60);
    String ip =
        cluster
            .api()
            .get(ObjectKey.of(ResourceType.PODS, "default", "busy"))
            .status()
            .string("podIP", "");
    for (int i = 0; i < 10; i++) {
      cluster.get("node/node-1", ip, 80, "/");
    }
    run(15);
    assertThat(usage(pods().get(0)).get("cpu")).isEqualTo("270m");
    run(15);
    assertThat(usage(pods().get(0)).get("cpu")).isEqualTo("250m");
  }

  @Test
  void aPodThatWasSeenOnceHasNoMetrics() {
    startPod();
    assertThat(pods()).isEmpty();
    assertThat(cluster.kubectl("top pod").stderr()).isEqualTo("error: metrics not available yet\n");
    assertThat(cluster.kubectl("top pod busy").stderr())
        .isEqualTo(
            "Error from server (NotFound): podmetrics.metrics.k8s.io \"default/busy\" not"
                + " found\n");
  }

  @Test
  void ofAFreshContainerTheUseSinceItsStartCounts() {
    startPod();
    run(15);
    KubeObject pod = pods().get(0);
    assertThat(pod.root().string("window", "")).matches("1[0-4](\\.\\d+)?s");
    assertThat(usage(pod).get("cpu")).isEqualTo("250m");
  }

  @Test
  void aPodThatHasEndedHasNone() {
    startPod();
    run(60);
    cluster.kubectl("delete pod busy");
    assertThat(pods()).isEmpty();
  }

  @Test
  void aNodeUsesWhatItsContainersUse() {
    startPod();
    run(60);
    assertThat(cluster.kubectl("top node --no-headers").stdout())
        .matches("node-1 +2[5-9]\\dm +6% +\\d+Mi +\\d+% +\n");
  }

  @Test
  void aNodeThatIsDownHasNoMetrics() {
    run(60);
    cluster.crashNode("node-1");
    assertThat(cluster.kubectl("top node").stderr())
        .isEqualTo("error: metrics not available yet\n");
    assertThatThrownBy(
            () ->
                cluster
                    .api()
                    .served()
                    .computed(ResourceType.NODE_METRICS)
                    .get(ObjectKey.of(ResourceType.NODE_METRICS, "", "node-1")))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("nodemetrics.metrics.k8s.io \"node-1\" not found");
  }

  @Test
  void topPrintsATable() {
    startPod();
    run(60);
    assertThat(cluster.kubectl("top pod").stdout())
        .isEqualTo(
            """
            NAME   CPU(cores)   MEMORY(bytes)  \s
            busy   250m         20Mi           \s
            """);
    assertThat(cluster.kubectl("top pod --containers --sum").stdout())
        .isEqualTo(
            """
            POD    NAME   CPU(cores)   MEMORY(bytes)  \s
            busy   busy   250m         20Mi           \s
                          ________     ________       \s
                          250m         20Mi           \s
            """);
  }

  @Test
  void whatNobodyAsksForCostsNothing() {
    Cluster plain = start(false);
    assertThat(events(cluster)).isEqualTo(events(plain));
  }

  private static long events(Cluster of) {
    long before = of.simulation().eventNumber();
    of.run(Duration.ofHours(1));
    return of.simulation().eventNumber() - before;
  }
}
