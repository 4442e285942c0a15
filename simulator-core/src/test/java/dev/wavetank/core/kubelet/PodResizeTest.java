package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Write;
import dev.wavetank.core.apiserver.registry.PodResize;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pods whose containers get other resources while they run. */
class PodResizeTest {

  private final KubeletCluster cluster = new KubeletCluster(Choices.first(), KubeletCluster.FRESH);

  PodResizeTest() {
    cluster.image("{image: app, memory: [{at: 0s, amount: 100Mi}], ports: [{port: 80}]}");
    cluster.join(
        NodeConfig.of("node-1", IpAddress.parse("192.168.65.10"), IpAddress.parse("10.1.0.0"))
            .withCapacity(
                KubeMap.of("cpu", "2", "ephemeral-storage", "100Gi", "memory", "4Gi", "pods", "10"))
            .withImages(ImmutableList.of("app")));
  }

  private void pod(String name, String resources, String more) {
    cluster.pod(
        name,
        "containers: [{name: c, image: app, imagePullPolicy: IfNotPresent, resources: "
            + resources
            + more
            + "}]");
    cluster.run(5);
  }

  private KubeObject pod(String name) {
    return cluster.server.get(ObjectKey.of(ResourceType.PODS, "default", name));
  }

  private void resize(String name, String resources) {
    KubeObject pod = pod(name);
    KubeMap container =
        pod.spec().listOrEmpty("containers").map(0).with("resources", Json.read(resources));
    cluster.server.updateSubresource(
        ResourceType.PODS,
        pod.withSpec(pod.spec().with("containers", KubeList.of(container))),
        new PodResize(cluster.server),
        Write.untracked(false));
  }

  private KubeMap container(String name) {
    return pod(name).status().listOrEmpty("containerStatuses").map(0);
  }

  private @Nullable KubeMap condition(String name, String type) {
    return pod(name).status().listOrEmpty("conditions").find("type", type);
  }

  private static KubeMap cpu(String amount) {
    return KubeMap.of("requests", KubeMap.of("cpu", amount));
  }

  @Test
  void aContainerGetsWhatFitsWithoutARestart() {
    pod("p", "{requests: {cpu: 500m}}", "");
    String id = container("p").string("containerID", "");
    resize("p", "{\"requests\":{\"cpu\":\"1500m\"}}");
    cluster.run(10);
    assertThat(container("p").get("resources")).isEqualTo(cpu("1500m"));
    assertThat(container("p").get("allocatedResources")).isEqualTo(KubeMap.of("cpu", "1500m"));
    assertThat(container("p").get("containerID")).isEqualTo(id);
    assertThat(container("p").get("restartCount")).isEqualTo(0L);
    assertThat(pod("p").status().get("allocatedResources")).isEqualTo(KubeMap.of("cpu", "1500m"));
    assertThat(pod("p").status().get("observedGeneration")).isEqualTo(2L);
    assertThat(condition("p", "PodResizePending")).isNull();
    assertThat(condition("p", "PodResizeInProgress")).isNull();
    assertThat(cluster.events())
        .endsWith(
            "Normal ResizeStarted Pod resize started: {\"containers\":[{\"name\":\"c\","
                + "\"resources\":{\"requests\":{\"cpu\":\"1500m\"}}}],\"generation\":2}",
            "Normal ResizeCompleted Pod resize completed: {\"containers\":[{\"name\":\"c\","
                + "\"resources\":{\"requests\":{\"cpu\":\"1500m\"}}}],\"generation\":2}");
  }

  @Test
  void theConditionSaysThatItIsUnderWay() {
    pod("p", "{requests: {cpu: 500m}}", "");
    resize("p", "{\"requests\":{\"cpu\":\"1500m\"}}");
    cluster.run(10);
    boolean seen = false;
    for (Commit commit : cluster.podCommits) {
      KubeMap status = commit.object().status();
      KubeMap said = status.listOrEmpty("conditions").find("type", "PodResizeInProgress");
      if (said != null) {
        seen = true;
        KubeMap container = status.listOrEmpty("containerStatuses").map(0);
        assertThat(said.get("observedGeneration")).isEqualTo(2L);
        assertThat(container.get("allocatedResources")).isEqualTo(KubeMap.of("cpu", "1500m"));
        assertThat(container.get("resources")).isEqualTo(cpu("500m"));
      }
    }
    assertThat(seen).isTrue();
  }

  @Test
  void whatDoesNotFitNowIsDeferred() {
    pod("other", "{requests: {cpu: 1}}", "");
    pod("p", "{requests: {cpu: 500m}}", "");
    resize("p", "{\"requests\":{\"cpu\":\"1500m\"}}");
    cluster.run(10);
    KubeMap pending = condition("p", "PodResizePending");
    assertThat(pending).isNotNull();
    assertThat(pending.get("status")).isEqualTo("True");
    assertThat(pending.get("reason")).isEqualTo("Deferred");
    assertThat(pending.get("observedGeneration")).isEqualTo(2L);
    assertThat(pending.get("message"))
        .isEqualTo(
            "Node didn't have enough resource: cpu, requested: 1500, used: 1000, capacity: 2000");
    assertThat(container("p").get("allocatedResources")).isEqualTo(KubeMap.of("cpu", "500m"));
    assertThat(container("p").get("resources")).isEqualTo(cpu("500m"));
    assertThat(cluster.events().get(cluster.events().size() - 1))
        .startsWith("Warning ResizeDeferred Pod resize OutOfcpu: {\"containers\":");
  }

  @Test
  void itHappensWhenThereIsRoom() {
    whatDoesNotFitNowIsDeferred();
    cluster.server.delete(pod("other").key(ResourceType.PODS), DeleteOptions.grace(0));
    cluster.run(10);
    assertThat(condition("p", "PodResizePending")).isNull();
    assertThat(container("p").get("resources")).isEqualTo(cpu("1500m"));
  }

  @Test
  void itHappensWhenAnotherPodShrinks() {
    whatDoesNotFitNowIsDeferred();
    resize("other", "{\"requests\":{\"cpu\":\"100m\"}}");
    cluster.run(10);
    assertThat(container("other").get("resources")).isEqualTo(cpu("100m"));
    assertThat(container("p").get("resources")).isEqualTo(cpu("1500m"));
  }

  @Test
  void whoTakesItBackWaitsNoMore() {
    whatDoesNotFitNowIsDeferred();
    resize("p", "{\"requests\":{\"cpu\":\"500m\"}}");
    cluster.run(10);
    assertThat(condition("p", "PodResizePending")).isNull();
  }

  @Test
  void aPolicyMayAskForARestart() {
    pod(
        "p",
        "{requests: {memory: 200Mi}, limits: {memory: 200Mi}}",
        ", resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]");
    resize("p", "{\"requests\":{\"memory\":\"300Mi\"},\"limits\":{\"memory\":\"300Mi\"}}");
    cluster.run(60);
    assertThat(container("p").get("restartCount")).isEqualTo(1L);
    assertThat(container("p").mapOrEmpty("resources").mapOrEmpty("limits").get("memory"))
        .isEqualTo("300Mi");
    assertThat(cluster.events()).contains("Normal Killing Container c resize requires restart");
    assertThat(condition("p", "PodResizeInProgress")).isNull();
  }

  @Test
  void aLimitBelowWhatIsUsedIsAnError() {
    pod("p", "{requests: {memory: 50Mi}, limits: {memory: 200Mi}}", "");
    resize("p", "{\"requests\":{\"memory\":\"50Mi\"},\"limits\":{\"memory\":\"60Mi\"}}");
    cluster.run(10);
    KubeMap inProgress = condition("p", "PodResizeInProgress");
    assertThat(inProgress).isNotNull();
    assertThat(inProgress.get("reason")).isEqualTo("Error");
    assertThat(inProgress.string("message", ""))
        .isEqualTo(
            "cannot decrease memory limits: [attempting to set pod memory limit (62914560) below"
                + " current usage (104857600), attempting to set container \"c\" memory limit"
                + " (62914560) below current usage (104857600)]");
    assertThat(container("p").mapOrEmpty("resources").mapOrEmpty("limits").get("memory"))
        .isEqualTo("200Mi");
  }

  @Test
  void moreMemoryKeepsAContainerAlive() {
    cluster.image("{image: app, memory: [{at: 0s, amount: 10Mi}, {at: 60s, amount: 150Mi}]}");
    pod("p", "{requests: {memory: 50Mi}, limits: {memory: 100Mi}}", "");
    pod("q", "{requests: {memory: 50Mi}, limits: {memory: 100Mi}}", "");
    resize("p", "{\"requests\":{\"memory\":\"50Mi\"},\"limits\":{\"memory\":\"200Mi\"}}");
    cluster.run(90);
    assertThat(container("p").get("restartCount")).isEqualTo(0L);
    assertThat(container("q").get("restartCount")).isEqualTo(1L);
  }

  @Test
  void moreThanTheNodeHasIsRefusedAtOnce() {
    pod("p", "{requests: {cpu: 500m}}", "");
    assertThatThrownBy(() -> resize("p", "{\"requests\":{\"cpu\":\"3\"}}"))
        .isInstanceOf(ApiException.class)
        .hasMessage(
            "pods \"p\" is forbidden: node didn't have enough allocatable resources: cpu,"
                + " requested: 3000, allocatable: 2000");
  }

  @Test
  void aNewPodCountsWhatOthersHaveBeenGiven() {
    pod("p", "{requests: {cpu: 500m}}", "");
    resize("p", "{\"requests\":{\"cpu\":\"1500m\"}}");
    cluster.run(10);
    pod("late", "{requests: {cpu: 600m}}", "");
    assertThat(pod("late").status().get("reason")).isEqualTo("OutOfcpu");
  }
}
