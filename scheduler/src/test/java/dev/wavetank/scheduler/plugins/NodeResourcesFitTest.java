package dev.wavetank.scheduler.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.scheduler.Objects;
import dev.wavetank.scheduler.framework.Code;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Resource;
import dev.wavetank.scheduler.framework.Status;
import org.junit.jupiter.api.Test;

/** How much a pod asks for, whether a node has it, and how a node with the pod is rated. */
class NodeResourcesFitTest {

  private final NodeResourcesFit plugin = new NodeResourcesFit();

  private long leastAllocated(String cpu, String memory, String podCpu, String podMemory) {
    PodInfo pod = pod(podCpu, podMemory);
    plugin.preScore(new CycleState(), pod, new NodeInfo[0], 0);
    return plugin.score(new CycleState(), pod, Objects.node("node-1", cpu, memory));
  }

  private static PodInfo pod(String cpu, String memory) {
    return Objects.podInfo(
        "{containers: [{name: main, resources: {requests: {cpu: %s, memory: %s}}}]}"
            .formatted(cpu, memory));
  }

  private Status filter(PodInfo pod, NodeInfo node) {
    return plugin.filter(new CycleState(), pod, node);
  }

  private static Resource requests(String spec) {
    return Objects.podInfo(spec).spec().requests();
  }

  @Test
  void wl_SCHED_11_leastAllocatedIsTheMeanFreeShare() {
    // CPU: (4000 - 1000) * 100 / 4000 = 75, memory: (8 - 4) * 100 / 8 = 50, mean 62.5
    assertThat(leastAllocated("4", "8Gi", "1", "4Gi")).isEqualTo(62);
  }

  @Test
  void wl_SCHED_11_divisionsRoundDownOneByOne() {
    // CPU: 2000 * 100 / 3000 = 66, memory: 2 * 100 / 3 = 66
    assertThat(leastAllocated("3", "3Gi", "1", "1Gi")).isEqualTo(66);
  }

  @Test
  void wl_SCHED_11_whatIsAskedBeyondTheCapacityScoresZero() {
    assertThat(leastAllocated("1", "8Gi", "2", "4Gi")).isEqualTo(25);
  }

  @Test
  void wl_SCHED_11_aResourceThatTheNodeDoesNotHaveIsLeftOut() {
    assertThat(leastAllocated("0", "8Gi", "1", "4Gi")).isEqualTo(50);
  }

  @Test
  void wl_SCHED_11_podsOnTheNodeCount() {
    NodeInfo node = Objects.node("node-1", "4", "8Gi");
    node.addPod(pod("1", "4Gi"));
    PodInfo pod = pod("1", "2Gi");
    plugin.preScore(new CycleState(), pod, new NodeInfo[0], 0);
    assertThat(plugin.score(new CycleState(), pod, node)).isEqualTo((50 + 25) / 2);
  }

  @Test
  void wl_SCHED_15_containersRunTogether() {
    Resource requests =
        requests(
            """
            {containers: [
              {name: a, resources: {requests: {cpu: 1, memory: 1Gi}}},
              {name: b, resources: {requests: {cpu: 500m, memory: 1Gi}}}]}
            """);
    assertThat(requests.milliCpu()).isEqualTo(1500);
    assertThat(requests.memory()).isEqualTo(2L << 30);
  }

  @Test
  void wl_SCHED_15_initContainersRunOneAfterTheOther() {
    Resource requests =
        requests(
            """
            {initContainers: [
              {name: i, resources: {requests: {cpu: 2, memory: 1Gi}}},
              {name: j, resources: {requests: {cpu: 1, memory: 3Gi}}}],
             containers: [{name: a, resources: {requests: {cpu: 1, memory: 1Gi}}}]}
            """);
    assertThat(requests.milliCpu()).isEqualTo(2000);
    assertThat(requests.memory()).isEqualTo(3L << 30);
  }

  @Test
  void wl_SCHED_15_sidecarsRunBesideBoth() {
    Resource requests =
        requests(
            """
            {initContainers: [
              {name: before, resources: {requests: {cpu: 1800m}}},
              {name: sidecar, restartPolicy: Always, resources: {requests: {cpu: 500m}}},
              {name: after, resources: {requests: {cpu: 1500m}}}],
             containers: [{name: a, resources: {requests: {cpu: 1}}}]}
            """);
    // containers and sidecar: 1500; before: 1800 alone; after: 1500 beside the sidecar
    assertThat(requests.milliCpu()).isEqualTo(2000);
  }

  @Test
  void wl_SCHED_15_overheadComesOnTop() {
    Resource requests =
        requests(
            """
            {overhead: {cpu: 250m, memory: 120Mi},
             containers: [{name: a, resources: {requests: {cpu: 1}}}]}
            """);
    assertThat(requests.milliCpu()).isEqualTo(1250);
    assertThat(requests.memory()).isEqualTo(120L << 20);
  }

  @Test
  void wl_SCHED_15_podLevelRequestsReplaceThoseOfContainers() {
    Resource requests =
        requests(
            """
            {resources: {requests: {cpu: 3}},
             containers: [{name: a, resources: {requests: {cpu: 1, memory: 1Gi}}}]}
            """);
    assertThat(requests.milliCpu()).isEqualTo(3000);
    assertThat(requests.memory()).isEqualTo(1L << 30);
  }

  @Test
  void wl_SCHED_15_everythingThatIsShortIsNamed() {
    Status status =
        filter(
            Objects.podInfo(
                """
                {containers: [{name: a, resources: {requests: {
                   cpu: 8, memory: 16Gi, ephemeral-storage: 1Gi, example.com/gpu: 1}}}]}
                """),
            Objects.node("node-1", "4", "8Gi"));
    assertThat(status.reasons())
        .containsExactly(
            "Insufficient cpu",
            "Insufficient memory",
            "Insufficient ephemeral-storage",
            "Insufficient example.com/gpu");
  }

  @Test
  void wl_SCHED_15_aFullNodeCanBeHelpedByPreemptionATooSmallOneCannot() {
    NodeInfo node = Objects.node("node-1", "4", "8Gi");
    node.addPod(pod("3", "1Gi"));
    assertThat(filter(pod("2", "1Gi"), node).code()).isEqualTo(Code.UNSCHEDULABLE);
    assertThat(filter(pod("5", "1Gi"), node).code()).isEqualTo(Code.UNSCHEDULABLE_AND_UNRESOLVABLE);
  }

  @Test
  void wl_SCHED_15_aPodThatAsksForNothingFitsWhileThereIsRoomForPods() {
    NodeInfo node = Objects.node("node-1", "1", "1Gi");
    node.addPod(pod("1", "1Gi"));
    assertThat(filter(Objects.podInfo("{containers: [{name: a}]}"), node).success()).isTrue();
  }
}
