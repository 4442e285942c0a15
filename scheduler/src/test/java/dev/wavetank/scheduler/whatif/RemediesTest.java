package dev.wavetank.scheduler.whatif;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.scheduler.Attempt;
import dev.wavetank.scheduler.Objects;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The smallest changes with which a pod would fit, and attempts as people and tools read them. */
class RemediesTest {

  private static final String SMALL =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: small, labels: {disk: hdd}}
      status: {allocatable: {cpu: '1', memory: 4Gi, pods: '10'}}
      """;

  private static final String TAINTED =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: tainted, labels: {disk: hdd}}
      spec: {taints: [{key: team, value: a, effect: NoSchedule}]}
      status: {allocatable: {cpu: '4', memory: 4Gi, pods: '10'}}
      """;

  private static DryRun cluster(String... manifests) {
    List<KubeObject> objects = new ArrayList<>();
    for (Manifest manifest : Manifests.parse("test.yaml", String.join("\n---\n", manifests))) {
      objects.add(manifest.object());
    }
    return DryRun.of(DefaultPlugins.registry(), DefaultPlugins.profile(), objects);
  }

  private static List<String> remedies(DryRun cluster, String spec) {
    KubeObject pod = Objects.pod("web", spec);
    assertThat(cluster.attempt(pod).node()).isNull();
    List<String> texts = new ArrayList<>();
    for (Remedy remedy : Remedies.find(cluster, pod)) {
      texts.add(remedy.toString());
    }
    assertThat(cluster.attempt(pod).node()).as("nothing stays changed").isNull();
    return texts;
  }

  @Test
  void lessCpuOrATolerationOrANodeMore() {
    assertThat(
            remedies(
                cluster(SMALL, TAINTED),
                "{containers: [{name: c, resources: {requests: {cpu: 1500m}}}]}"))
        .containsExactly(
            "a toleration of the taint team=a:NoSchedule (it would go to tainted)",
            "cpu requests of 1 instead of 1500m (it would go to small)");
  }

  @Test
  void aNodeMoreWhereAllAreFull() {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: other, namespace: default, uid: other}
        spec: {nodeName: small, containers: [{name: c, resources: {requests: {cpu: 600m}}}]}
        """;
    assertThat(
            remedies(
                cluster(SMALL, pod), "{containers: [{name: c, resources: {requests: {cpu: 1}}}]}"))
        .containsExactly(
            "cpu requests of 400m instead of 1 (it would go to small)",
            "one more node like small (it would go to another-small)");
  }

  @Test
  void aLabelOrNoNodeSelector() {
    assertThat(remedies(cluster(SMALL), "{nodeSelector: {disk: ssd}, containers: [{name: c}]}"))
        .containsExactly(
            "label disk=ssd on node small (it would go to small)",
            "no node selector (it would go to small)");
  }

  @Test
  void aNodeUncordoned() {
    assertThat(
            remedies(
                cluster(SMALL.replace("status:", "spec: {unschedulable: true}\nstatus:")),
                "{containers: [{name: c}]}"))
        .containsExactly("node small uncordoned (it would go to small)");
  }

  @Test
  void nothingWhenTwoThingsAreInTheWay() {
    assertThat(
            remedies(
                cluster(TAINTED),
                "{nodeSelector: {disk: ssd},"
                    + " containers: [{name: c, resources: {requests: {cpu: 9}}}]}"))
        .isEmpty();
  }

  @Test
  void anAttemptIsATableOfNodesAndPlugins() {
    Attempt attempt =
        cluster(SMALL, TAINTED, SMALL.replace("small", "other").replace("'1'", "'2'"))
            .attempt(
                Objects.pod("web", "{containers: [{name: c, resources: {requests: {cpu: 1}}}]}"));
    ImmutableList<String> table = attempt.table();
    assertThat(attempt.sentence()).isEqualTo("Successfully assigned default/web to other");
    assertThat(table).hasSize(4);
    assertThat(table.get(0)).startsWith("NODE     TOTAL  ").endsWith("  VERDICT");
    assertThat(table.get(1)).startsWith("other").endsWith("  chosen");
    assertThat(table.get(3))
        .startsWith("tainted  -  ")
        .endsWith("TaintToleration: node(s) had untolerated taint(s)");
  }

  @Test
  void anAttemptAsTheSimulatorOfTheSchedulersWritesIt() {
    Attempt attempt =
        cluster(SMALL, TAINTED, SMALL.replace("small", "other"))
            .attempt(Objects.pod("web", "{containers: [{name: c}]}"));
    String prefix = "kube-scheduler-simulator.sigs.k8s.io/";
    assertThat(attempt.annotations().get(prefix + "selected-node")).isEqualTo(attempt.node());
    assertThat(attempt.annotations().string(prefix + "filter-result", ""))
        .contains("\"tainted\":{")
        .contains("\"TaintToleration\":\"node(s) had untolerated taint(s)\"}")
        .contains("\"NodeResourcesFit\":\"passed\"");
    assertThat(attempt.annotations().string(prefix + "finalscore-result", ""))
        .contains("\"TaintToleration\":\"300\"");
  }
}
