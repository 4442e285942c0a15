package dev.wavetank.core.apiserver.printers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.TestCluster;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The columns READY, STATUS and RESTARTS of {@code kubectl get pods}. */
class PodPrinterTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:05:00Z");
  private static final String RUNNING = "{name: c, ready: true, state: {running: {}}}";

  private static List<Object> row(String metadata, String spec, String status) {
    KubeObject pod =
        TestCluster.yaml(
            ("{apiVersion: v1, kind: Pod, metadata: {name: p, creationTimestamp:"
                    + " '2026-01-01T00:00:00Z', %s}, spec: {%s}, status: {%s}}")
                .formatted(metadata, spec, status));
    return TableGenerator.generate(ResourceType.PODS, List.of(pod), NOW).rows().get(0).cells();
  }

  private static Object status(String status) {
    return row("", "containers: [{name: c}], initContainers: [{name: i}, {name: j}]", status)
        .get(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "phase: Pending | Pending",
        "phase: Failed, reason: Evicted | Evicted",
        "phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: SchedulingGated}] | SchedulingGated",
        "phase: Pending, containerStatuses: [{name: c, state: {waiting: {reason: ImagePullBackOff}}}] | ImagePullBackOff",
        "phase: Running, containerStatuses: [{name: c, state: {waiting: {reason: CrashLoopBackOff}}}] | CrashLoopBackOff",
        "phase: Failed, containerStatuses: [{name: c, state: {terminated: {reason: OOMKilled, exitCode: 137}}}] | OOMKilled",
        "phase: Failed, containerStatuses: [{name: c, state: {terminated: {exitCode: 3}}}] | ExitCode:3",
        "phase: Failed, containerStatuses: [{name: c, state: {terminated: {exitCode: 137, signal: 9}}}] | Signal:9",
      })
  void wl_KUBELET_31_theStatusIsTheReasonOfPodOrContainer(String status, String word) {
    assertThat(status(status)).isEqualTo(word);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: i, state: {running: {}}} | Init:0/2",
        "{name: i, state: {terminated: {exitCode: 0}}}, {name: j, state: {waiting: {reason: PodInitializing}}} | Init:1/2",
        "{name: i, state: {waiting: {reason: ErrImagePull}}} | Init:ErrImagePull",
        "{name: i, state: {terminated: {reason: Error, exitCode: 1}}} | Init:Error",
        "{name: i, state: {terminated: {exitCode: 1}}} | Init:ExitCode:1",
        "{name: i, state: {terminated: {exitCode: 137, signal: 9}}} | Init:Signal:9",
      })
  void wl_KUBELET_31_initContainersComeFirst(String statuses, String word) {
    assertThat(status("phase: Pending, initContainerStatuses: [" + statuses + "]")).isEqualTo(word);
  }

  @Test
  void wl_KUBELET_31_oneContainerThatRunsBesideACompletedOneDecides() {
    String statuses =
        "phase: Running, containerStatuses: [{name: d, state: {terminated: {reason: Completed,"
            + " exitCode: 0}}}, "
            + RUNNING
            + "]";
    assertThat(status(statuses)).isEqualTo("NotReady");
    assertThat(status(statuses + ", conditions: [{type: Ready, status: 'True'}]"))
        .isEqualTo("Running");
  }

  @ParameterizedTest
  @CsvSource({
    "phase: Running, Terminating",
    "phase: Succeeded, Succeeded",
    "'phase: Running, reason: NodeLost', Unknown",
  })
  void wl_KUBELET_31_aPodThatIsBeingDeletedIsTerminating(String status, String word) {
    String deleted = "deletionTimestamp: '2026-01-01T00:01:00Z'";
    assertThat(row(deleted, "containers: [{name: c}]", status).get(2)).isEqualTo(word);
  }

  @Test
  void wl_KUBELET_31_restartsTellWhenTheLastOneWas() {
    String spec = "containers: [{name: c}, {name: d}]";
    String once =
        "{name: c, restartCount: 1, lastState: {terminated: {finishedAt: '2026-01-01T00:03:00Z'}}}";
    String twice =
        "{name: d, restartCount: 2, lastState: {terminated: {finishedAt: '2026-01-01T00:01:00Z'}}}";
    assertThat(row("", spec, "containerStatuses: [" + once + "," + twice + "]").get(3))
        .isEqualTo("3 (2m ago)");
    assertThat(row("", spec, "containerStatuses: [" + RUNNING + "]").get(3)).isEqualTo("0");
  }

  @Test
  void wl_KUBELET_31_readyCountsSidecars() {
    String spec =
        "containers: [{name: c}, {name: d}], initContainers: [{name: i}, {name: s, restartPolicy:"
            + " Always}]";
    String init =
        "initContainerStatuses: [{name: i, state: {terminated: {exitCode: 0}}}, {name: s, started:"
            + " true, ready: true, restartCount: 2, state: {running: {}}}]";
    List<Object> row = row("", spec, init + ", containerStatuses: [" + RUNNING + "]");
    assertThat(row.get(1)).isEqualTo("2/3");
    assertThat(row.get(3)).isEqualTo("2");
  }
}
