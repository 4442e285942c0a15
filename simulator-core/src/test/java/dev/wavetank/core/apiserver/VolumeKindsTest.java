package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.refusal;
import static dev.wavetank.core.apiserver.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Volumes, claims, classes of storage and CSI drivers: defaults and refusals. */
class VolumeKindsTest {

  private final TestCluster cluster = new TestCluster();

  private static KubeObject volume(String spec) {
    return yaml(
        "{apiVersion: v1, kind: PersistentVolume, metadata: {name: v}, spec: {%s}}"
            .formatted(spec));
  }

  private static KubeObject claim(String spec) {
    return yaml(
        ("{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c, namespace: default},"
                + " spec: {%s}}")
            .formatted(spec));
  }

  private static KubeObject storageClass(String fields) {
    return yaml(
        "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: s}, %s}"
            .formatted(fields));
  }

  private KubeObject created(KubeObject object) {
    return cluster.server.create(cluster.typeOf(object), object);
  }

  private static @Nullable String reasons(@Nullable String message) {
    return message == null ? null : message.substring(message.indexOf(" is invalid: ") + 13);
  }

  private @Nullable String refused(KubeObject object) {
    return reasons(refusal(() -> created(object)).getMessage());
  }

  private @Nullable String refusedUpdate(KubeObject object) {
    return reasons(
        refusal(() -> cluster.server.update(cluster.typeOf(object), object)).getMessage());
  }

  @Test
  void aVolumeIsKeptAndAFileSystemUnlessItSaysOtherwise() {
    KubeObject volume =
        created(
            volume("capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /d}"));
    assertThat(volume.spec().get("persistentVolumeReclaimPolicy")).isEqualTo("Retain");
    assertThat(volume.spec().get("volumeMode")).isEqualTo("Filesystem");
    assertThat(volume.status()).isEqualTo(KubeMap.of("phase", "Pending"));
  }

  @Test
  void aVolumeNeedsModesCapacityAndASource() {
    assertThat(refused(volume("storageClassName: s")))
        .isEqualTo(
            "[spec.accessModes: Required value, spec.capacity: Required value,"
                + " spec.capacity: Unsupported value: {}: supported values: \"storage\","
                + " spec: Required value: must specify a volume type]");
  }

  @Test
  void aLocalVolumeNeedsTheNodesThatHaveIt() {
    assertThat(
            refused(
                volume(
                    "capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], local: {path: /d}")))
        .isEqualTo("spec.nodeAffinity: Required value: Local volume requires node affinity");
  }

  @Test
  void theSourceOfAVolumeStays() {
    KubeObject volume =
        created(
            volume("capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /d}"));
    assertThat(refusedUpdate(volume.with("/e", "spec", "hostPath", "path")))
        .startsWith(
            "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable"
                + " after creation");
  }

  @Test
  void aClaimIsPendingAtFirst() {
    KubeObject claim =
        created(claim("accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}"));
    assertThat(claim.status()).isEqualTo(KubeMap.of("phase", "Pending"));
    assertThat(claim.spec().get("volumeMode")).isEqualTo("Filesystem");
  }

  @Test
  void aClaimAsksForModesAndRoom() {
    assertThat(refused(claim("accessModes: [ReadWriteOncePod, ReadWriteOnce]")))
        .isEqualTo(
            "[spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes,"
                + " spec.resources[storage]: Required value]");
  }

  @Test
  void aClaimStaysAsItIsUntilItIsBound() {
    KubeObject claim =
        created(claim("accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}"));
    assertThat(refusedUpdate(claim.with("2Gi", "spec", "resources", "requests", "storage")))
        .startsWith(
            "spec: Forbidden: spec is immutable after creation except resources.requests and"
                + " volumeAttributesClassName for bound claims");
  }

  @Test
  void theVolumeNameOfAClaimIsSetOnce() {
    KubeObject claim =
        created(claim("accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}"));
    KubeObject bound =
        cluster.server.update(cluster.typeOf(claim), claim.with("v", "spec", "volumeName"));
    assertThat(bound.spec().get("volumeName")).isEqualTo("v");
    assertThat(refusedUpdate(bound.with("w", "spec", "volumeName"))).startsWith("spec: Forbidden");
  }

  @Test
  void aStorageClassDeletesAndBindsAtOnceUnlessItSaysOtherwise() {
    KubeMap root = created(storageClass("provisioner: d.example")).root();
    assertThat(root.get("reclaimPolicy")).isEqualTo("Delete");
    assertThat(root.get("volumeBindingMode")).isEqualTo("Immediate");
  }

  @Test
  void whatAStorageClassMakesStays() {
    KubeObject created = created(storageClass("provisioner: d.example"));
    assertThat(refusedUpdate(created.with("e.example", "provisioner")))
        .isEqualTo("provisioner: Invalid value: \"e.example\": field is immutable");
  }

  @Test
  void theDefaultsOfACsiDriver() {
    KubeObject driver =
        created(
            yaml(
                "{apiVersion: storage.k8s.io/v1, kind: CSIDriver, metadata: {name: d.example},"
                    + " spec: {}}"));
    assertThat(driver.spec())
        .isEqualTo(
            KubeMap.of(
                "attachRequired",
                true,
                "podInfoOnMount",
                false,
                "storageCapacity",
                false,
                "requiresRepublish",
                false,
                "seLinuxMount",
                false,
                "fsGroupPolicy",
                "ReadWriteOnceWithFSType",
                "volumeLifecycleModes",
                KubeList.of("Persistent")));
    assertThat(refusedUpdate(driver.with(false, "spec", "attachRequired")))
        .isEqualTo("spec.attachedRequired: Invalid value: false: field is immutable");
  }

  @Test
  void aVolumeAttachmentNamesItsDriverItsVolumeAndItsNode() {
    KubeObject attachment =
        yaml(
            "{apiVersion: storage.k8s.io/v1, kind: VolumeAttachment, metadata: {name: a},"
                + " spec: {attacher: '', nodeName: node-1, source: {}}}");
    assertThat(refused(attachment))
        .isEqualTo(
            "[spec.attacher: Required value, spec.source: Required value: must specify exactly one"
                + " of inlineVolumeSpec and persistentVolumeName]");
    KubeObject whole =
        attachment
            .with("d.example", "spec", "attacher")
            .with("v", "spec", "source", "persistentVolumeName");
    assertThat(created(whole).status()).isEqualTo(KubeMap.of("attached", false));
  }
}
