package dev.wavetank.scheduler.whatif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.scheduler.Objects;
import dev.wavetank.scheduler.TestCluster;
import dev.wavetank.scheduler.config.KubeSchedulerConfiguration;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Questions to a cluster that nobody runs: capacity, lost nodes, two schedulers side by side. */
class WhatIfTest {

  private static final String ONE_CPU =
      "{containers: [{name: c, resources: {requests: {cpu: 1, memory: 1Gi}}}]}";

  private static DryRun cluster(Profile profile, int nodes, List<KubeObject> pods) {
    List<KubeObject> objects = new ArrayList<>();
    for (int i = 1; i <= nodes; i++) {
      objects.add(Objects.of(TestCluster.nodeManifest("node-" + i, "4", "8Gi", "")));
    }
    objects.addAll(pods);
    return DryRun.of(DefaultPlugins.registry(), profile, objects);
  }

  private static DryRun cluster(int nodes, KubeObject... pods) {
    return cluster(DefaultPlugins.profile(), nodes, List.of(pods));
  }

  private static KubeObject on(String node, String name, String owner) {
    KubeObject pod = Objects.pod(name, ONE_CPU).with(node, "spec", "nodeName");
    return owner.isEmpty()
        ? pod
        : pod.with(
            KubeList.of(KubeMap.of("kind", owner, "name", "o", "controller", true)),
            "metadata",
            "ownerReferences");
  }

  @Test
  void capacityIsHowManyFitAndWhatStopsTheNext() {
    Capacity capacity =
        Capacity.of(
            cluster(2, on("node-1", "other", "ReplicaSet")), Objects.pod("web", ONE_CPU), 100);
    assertThat(capacity.pods()).isEqualTo(7);
    assertThat(capacity.byNode()).isEqualTo(Map.of("node-1", 3, "node-2", 4));
    assertThat(capacity.stoppedBy()).startsWith("0/2 nodes are available: 2 Insufficient cpu.");
  }

  @Test
  void capacityStopsWhereItIsToldTo() {
    Capacity capacity = Capacity.of(cluster(2), Objects.pod("web", ONE_CPU), 3);
    assertThat(capacity.pods()).isEqualTo(3);
    assertThat(capacity.stoppedBy()).isEmpty();
  }

  @Test
  void podsOfADrainedNodeGoElsewhereUntilThatIsFull() {
    DryRun cluster =
        cluster(
            2,
            on("node-1", "a", "ReplicaSet"),
            on("node-1", "b", "ReplicaSet"),
            on("node-1", "daemon", "DaemonSet"),
            on("node-1", "bare", ""),
            on("node-2", "c", "ReplicaSet"),
            on("node-2", "d", "ReplicaSet"),
            on("node-2", "e", "ReplicaSet"));
    NodeLoss loss = NodeLoss.drain(cluster, ImmutableSet.of("node-1"));
    assertThat(loss.moves()).extracting(move -> move.pod().name()).containsExactly("a", "b");
    assertThat(loss.moves()).extracting(NodeLoss.Move::to).containsExactly("node-2", null);
    assertThat(loss.moves().get(1).why())
        .startsWith("0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.");
    assertThat(loss.pending()).isEqualTo(1);
    assertThat(loss.gone()).extracting(ObjectKey::name).containsExactly("bare");
    assertThat(loss.staying()).extracting(ObjectKey::name).containsExactly("daemon");
  }

  @Test
  void aLostNodeIsNoNodeAnyMore() {
    NodeLoss loss =
        NodeLoss.lose(cluster(1, on("node-1", "a", "ReplicaSet")), ImmutableSet.of("node-1"));
    assertThat(loss.moves().get(0).why()).isEqualTo("no nodes available to schedule pods");
  }

  @Test
  void binPackingLeavesNodesEmptyThatSpreadingUses() {
    List<KubeObject> pods = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      pods.add(Objects.pod("web-" + i, ONE_CPU));
    }
    Placement spread = Placement.of(cluster(DefaultPlugins.profile(), 4, List.of()), pods);
    Profile packing =
        KubeSchedulerConfiguration.read(
                "packing.yaml",
                """
                apiVersion: kubescheduler.config.k8s.io/v1
                kind: KubeSchedulerConfiguration
                profiles:
                - plugins: {score: {disabled: [{name: NodeResourcesBalancedAllocation}]}}
                  pluginConfig:
                  - name: NodeResourcesFit
                    args:
                      scoringStrategy:
                        type: MostAllocated
                        resources: [{name: cpu, weight: 1}]
                """)
            .profiles()
            .get(0);
    Placement packed = Placement.of(cluster(packing, 4, List.of()), pods);
    assertThat(spread.usedNodes()).isEqualTo(4);
    assertThat(packed.usedNodes()).isEqualTo(1);
    assertThat(spread.cpu().mean()).isCloseTo(25, within(0.01));
    assertThat(packed.cpu().mean()).isCloseTo(25, within(0.01));
    assertThat(spread.cpu().deviation()).isCloseTo(0, within(0.01));
    assertThat(packed.cpu().max()).isCloseTo(100, within(0.01));
  }

  @Test
  void freeCpuThatTheLargestPodCannotUseIsFragmented() {
    List<KubeObject> pods =
        List.of(
            Objects.pod("a", "{containers: [{name: c, resources: {requests: {cpu: 3}}}]}"),
            Objects.pod("b", "{containers: [{name: c, resources: {requests: {cpu: 3}}}]}"),
            Objects.pod("c", "{containers: [{name: c, resources: {requests: {cpu: 3}}}]}"));
    Placement placement = Placement.of(cluster(2), pods);
    assertThat(placement.placed()).isEqualTo(2);
    assertThat(placement.pending().values()).containsExactly(1);
    assertThat(placement.fragmentation()).isEqualTo(100);
  }
}
