package dev.wavetank.core.apiserver.printers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.TestCluster;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rows of kinds of storage and scheduling, as the server prints them. */
class TableGeneratorTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:05:00Z");

  private static List<Object> row(ResourceType type, String fields) {
    KubeObject object =
        TestCluster.yaml(
                "{apiVersion: %s, kind: %s, metadata: {name: x}, %s}"
                    .formatted(type.apiVersion(), type.kind(), fields))
            .with("2026-01-01T00:00:00Z", "metadata", "creationTimestamp");
    Table table = TableGenerator.generate(type, ImmutableList.of(object), NOW);
    assertThat(table.rows().get(0).cells()).hasSameSizeAs(table.columns());
    return table.rows().get(0).cells();
  }

  @Test
  void aBoundVolume() {
    assertThat(
            row(
                ResourceType.PERSISTENT_VOLUMES,
                "spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteMany, ReadWriteOnce],"
                    + " persistentVolumeReclaimPolicy: Retain, storageClassName: fast,"
                    + " volumeMode: Block, claimRef: {namespace: ns, name: c}},"
                    + " status: {phase: Bound}"))
        .containsExactly(
            "x", "1Gi", "RWO,RWX", "Retain", "Bound", "ns/c", "fast", "<unset>", "", "5m", "Block");
  }

  @Test
  void aClaimWithoutAVolumeShowsNeitherRoomNorModes() {
    assertThat(
            row(
                ResourceType.PERSISTENT_VOLUME_CLAIMS,
                "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}},"
                    + " status: {phase: Pending}"))
        .containsExactly("x", "Pending", "", "", "", "", "<unset>", "5m", "<unset>");
  }

  @Test
  void aBoundClaimShowsWhatItGot() {
    assertThat(
            row(
                ResourceType.PERSISTENT_VOLUME_CLAIMS,
                "spec: {volumeName: v, storageClassName: s, volumeMode: Filesystem},"
                    + " status: {phase: Bound, accessModes: [ReadWriteOncePod],"
                    + " capacity: {storage: 2Gi}}"))
        .containsExactly("x", "Bound", "v", "2Gi", "RWOP", "s", "<unset>", "5m", "Filesystem");
  }

  @Test
  void theDefaultStorageClass() {
    assertThat(
            row(
                ResourceType.STORAGE_CLASSES,
                "provisioner: d, volumeBindingMode: WaitForFirstConsumer"))
        .containsExactly("x", "d", "Delete", "WaitForFirstConsumer", false, "5m");
  }

  @Test
  void aPriorityClass() {
    assertThat(
            row(ResourceType.PRIORITY_CLASSES, "value: 5, preemptionPolicy: PreemptLowerPriority"))
        .containsExactly("x", 5L, false, "5m", "PreemptLowerPriority");
  }

  @Test
  void aBudgetShowsTheBoundThatItHas() {
    assertThat(
            row(
                ResourceType.POD_DISRUPTION_BUDGETS,
                "spec: {maxUnavailable: 25%}, status: {disruptionsAllowed: 2}"))
        .containsExactly("x", "N/A", "25%", 2L, "5m");
  }

  @Test
  void aCsiDriver() {
    assertThat(
            row(
                ResourceType.CSI_DRIVERS,
                "spec: {attachRequired: false, volumeLifecycleModes: [Persistent, Ephemeral]}"))
        .containsExactly("x", false, false, false, "<unset>", false, "Persistent,Ephemeral", "5m");
  }

  @Test
  void aVolumeAttachment() {
    assertThat(
            row(
                ResourceType.VOLUME_ATTACHMENTS,
                "spec: {attacher: d, nodeName: node-1, source: {persistentVolumeName: v}},"
                    + " status: {attached: true}"))
        .containsExactly("x", "d", "v", "node-1", true, "5m");
  }
}
