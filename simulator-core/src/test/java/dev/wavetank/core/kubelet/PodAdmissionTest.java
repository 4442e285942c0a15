package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import org.junit.jupiter.api.Test;

/** Pods that a kubelet refuses. */
class PodAdmissionTest {

  private final KubeletCluster cluster = new KubeletCluster(Choices.first(), KubeletCluster.FRESH);

  private void node(KubeList taints) {
    cluster.join(
        NodeConfig.of("node-1", IpAddress.parse("192.168.65.10"), IpAddress.parse("10.1.0.0"))
            .withCapacity(
                KubeMap.of(
                    "cpu",
                    "2",
                    "ephemeral-storage",
                    "100Gi",
                    "memory",
                    "4Gi",
                    "pods",
                    "3",
                    "example.com/gpu",
                    "1"))
            .withLabels(KubeMap.of("zone", "a"))
            .withTaints(taints)
            .withImages(ImmutableList.of("app")));
  }

  private void filler(String requests) {
    cluster.pod(
        "filler",
        "containers: [{name: c, image: app, imagePullPolicy: IfNotPresent, resources: {requests: "
            + requests
            + "}}]");
    cluster.run(2);
  }

  private void rejected(String reason, String message) {
    cluster.run(2);
    assertThat(cluster.phase()).isEqualTo("Failed");
    assertThat(cluster.status().get("reason")).isEqualTo(reason);
    assertThat(cluster.status().get("message")).isEqualTo("Pod was rejected: " + message);
    assertThat(cluster.events()).containsExactly("Warning " + reason + " " + message);
    assertThat(cluster.node().container("default", "p", "")).isNull();
  }

  private void app(String requests) {
    cluster.pod(
        "containers: [{name: c, image: app, imagePullPolicy: IfNotPresent, resources: {requests: "
            + requests
            + "}}]");
  }

  @Test
  void wl_KUBELET_26_outOfCpu() {
    node(KubeList.EMPTY);
    filler("{cpu: 1500m}");
    app("{cpu: 600m, memory: 8Gi}");
    rejected(
        "OutOfcpu",
        "Node didn't have enough resource: cpu, requested: 600, used: 1500, capacity: 2000");
  }

  @Test
  void wl_KUBELET_26_outOfMemoryCountsWhatIsAllocatable() {
    node(KubeList.EMPTY);
    app("{memory: 4Gi}");
    rejected(
        "OutOfmemory",
        "Node didn't have enough resource: memory, requested: 4294967296, used: 0, capacity:"
            + " 4190109696");
  }

  @Test
  void wl_KUBELET_26_outOfAnExtendedResource() {
    node(KubeList.EMPTY);
    cluster.pod(
        "containers: [{name: c, image: app, imagePullPolicy: IfNotPresent, resources: {requests:"
            + " {example.com/gpu: 2}, limits: {example.com/gpu: 2}}}]");
    rejected(
        "OutOfexample.com/gpu",
        "Node didn't have enough resource: example.com/gpu, requested: 2, used: 0, capacity: 1");
  }

  @Test
  void wl_KUBELET_26_outOfPods() {
    node(KubeList.EMPTY);
    for (String name : ImmutableList.of("a", "b", "d")) {
      cluster.pod(name, "containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]");
    }
    app("{}");
    rejected(
        "OutOfpods", "Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3");
  }

  @Test
  void wl_KUBELET_26_aNodeSelectorThatDoesNotFit() {
    node(KubeList.EMPTY);
    cluster.pod(
        """
        nodeSelector: {zone: b}
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    rejected(
        "NodeAffinity",
        "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
  }

  @Test
  void wl_KUBELET_26_aRequiredNodeAffinityThatDoesNotFit() {
    node(KubeList.EMPTY);
    cluster.pod(
        """
        affinity:
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
              - matchExpressions: [{key: zone, operator: NotIn, values: [a]}]
        containers: [{name: c, image: app, imagePullPolicy: IfNotPresent}]
        """);
    rejected(
        "NodeAffinity",
        "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
  }

  @Test
  void wl_KUBELET_26_aHostPortThatIsTaken() {
    node(KubeList.EMPTY);
    cluster.pod(
        "filler",
        "containers: [{name: c, image: app, imagePullPolicy: IfNotPresent, ports:"
            + " [{containerPort: 80, hostPort: 8080}]}]");
    cluster.run(2);
    cluster.pod(
        "containers: [{name: c, image: app, imagePullPolicy: IfNotPresent, ports:"
            + " [{containerPort: 81, hostPort: 8080, hostIP: 192.168.65.10}]}]");
    rejected(
        "NodePorts",
        "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports");
  }

  @Test
  void wl_KUBELET_26_aNoExecuteTaint() {
    node(KubeList.of(KubeMap.of("key", "k", "value", "v", "effect", "NoExecute")));
    app("{}");
    rejected(
        "TaintToleration",
        "Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate");
  }

  @Test
  void aNoScheduleTaintIsNotTheKubeletsBusiness() {
    node(KubeList.of(KubeMap.of("key", "k", "value", "v", "effect", "NoSchedule")));
    app("{}");
    cluster.run(2);
    assertThat(cluster.phase()).isEqualTo("Running");
  }

  @Test
  void aPodThatHasEndedMakesRoom() {
    node(KubeList.EMPTY);
    cluster.image("{image: job, exit: {after: 3s, code: 0}}");
    cluster.pod(
        "filler",
        "{restartPolicy: Never, containers: [{name: c, image: job, resources: {requests: {cpu:"
            + " 2}}}]}");
    cluster.run(30);
    app("{cpu: 2}");
    cluster.run(2);
    assertThat(cluster.phase()).isEqualTo("Running");
  }

  @Test
  void aPodWhoseContainersHaveStoppedMakesRoomBeforeItsVolumesAreGone() {
    node(KubeList.EMPTY);
    cluster.pod(
        "{terminationGracePeriodSeconds: 1, volumes: [{name: v, emptyDir: {}}],"
            + " containers: [{name: c, image: app, volumeMounts: [{name: v, mountPath: /v}],"
            + " resources: {requests: {cpu: 2}}}]}");
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.delete(-1);
    cluster.until("has stopped", c -> PodPhase.terminal(c.phase()));
    cluster.pod("q", "containers: [{name: c, image: app, resources: {requests: {cpu: 2}}}]");
    cluster.run(5);
    assertThat(cluster.server.get(KubeletCluster.key("q")).status().get("phase"))
        .isEqualTo("Running");
  }

  @Test
  void aPodThatIsBeingDeletedStillTakesItsRoom() {
    node(KubeList.EMPTY);
    cluster.image("{image: stubborn, terminate: {ignore: true}}");
    cluster.pod("{containers: [{name: c, image: stubborn, resources: {requests: {cpu: 2}}}]}");
    cluster.until("runs", c -> c.phase().equals("Running"));
    cluster.delete(-1);
    cluster.pod("q", "containers: [{name: c, image: app, resources: {requests: {cpu: 1}}}]");
    cluster.run(2);
    assertThat(cluster.server.get(KubeletCluster.key("q")).status().get("reason"))
        .isEqualTo("OutOfcpu");
  }

  @Test
  void anInitContainerCountsAsMuchAsItNeedsAtOnce() {
    KubeMap spec =
        KubeMap.of(
            "containers",
            KubeList.of(container("1"), container("500m")),
            "initContainers",
            KubeList.of(
                container("200m").with("restartPolicy", "Always"), container("2"), container("1")),
            "overhead",
            KubeMap.of("cpu", "100m"));
    // 200m + 2 at the second step is more than 1 + 500m + 200m.
    assertThat(PodResources.requests(spec)).isEqualTo(KubeMap.of("cpu", "2300m"));
  }

  @Test
  void whatIsSetForThePodWins() {
    KubeMap spec =
        KubeMap.of(
            "containers",
            KubeList.of(container("1")),
            "resources",
            KubeMap.of("requests", KubeMap.of("cpu", "3")));
    assertThat(PodResources.requests(spec)).isEqualTo(KubeMap.of("cpu", "3"));
    assertThat(PodResources.limits(spec)).isEqualTo(KubeMap.EMPTY);
  }

  private static KubeMap container(String cpu) {
    return KubeMap.of("resources", KubeMap.of("requests", KubeMap.of("cpu", cpu)));
  }
}
