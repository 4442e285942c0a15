package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.verification.conformance.Framework.Answer;
import org.junit.jupiter.api.Test;

/**
 * Follows test/e2e/storage/storageclass.go, volumeattributesclass.go, csi_node.go, csi_inline.go,
 * volume_attachment.go and persistent_volumes.go (v1.36).
 */
class StorageConformanceTest {

  private static final String STORAGE = "storage.k8s.io/v1";

  private final Framework framework = Framework.of("storage");

  @Test
  @Codename(
      "[sig-storage] StorageClasses CSI Conformance should run through the lifecycle of a"
          + " StorageClass")
  void storageClasses() {
    Lifecycle.check(
        framework,
        framework.resource(STORAGE, "storageclasses"),
        "{provisioner: e2e-fake-provisioner}",
        Resource.STRATEGIC);
  }

  @Test
  @Codename(
      "[sig-storage] VolumeAttributesClass [FeatureGate:VolumeAttributesClass] should run through"
          + " the lifecycle of a VolumeAttributesClass")
  void volumeAttributesClasses() {
    Lifecycle.check(
        framework,
        framework.resource(STORAGE, "volumeattributesclasses"),
        "{driverName: e2e-fake-csi-driver, parameters: {foo: bar}}",
        Resource.STRATEGIC);
  }

  @Test
  @Codename("[sig-storage] CSINodes CSI Conformance should run through the lifecycle of a csinode")
  void csiNodes() {
    Lifecycle.check(
        framework, framework.resource(STORAGE, "csinodes"), "{spec: {}}", Resource.STRATEGIC);
  }

  @Test
  @Codename("[sig-storage] CSIInlineVolumes should run through the lifecycle of a CSIDriver")
  void csiDrivers() {
    Lifecycle.check(
        framework,
        framework.resource(STORAGE, "csidrivers"),
        "{spec: {volumeLifecycleModes: [Persistent, Ephemeral], fsGroupPolicy:"
            + " ReadWriteOnceWithFSType}}",
        Resource.STRATEGIC);
  }

  private String attachment() {
    String node = framework.resource("v1", "nodes").list("").get(0).name();
    return "{spec: {attacher: e2e-attacher, nodeName: "
        + node
        + ", source: {persistentVolumeName: e2e-pv}}}";
  }

  @Test
  @Codename(
      "[sig-storage] VolumeAttachment Conformance should run through the lifecycle of a"
          + " VolumeAttachment")
  void volumeAttachments() {
    Lifecycle.check(
        framework, framework.resource(STORAGE, "volumeattachments"), attachment(), Resource.MERGE);
  }

  @Test
  @Codename(
      "[sig-storage] VolumeAttachment Conformance should apply changes to a volumeattachment"
          + " status")
  void theStatusOfVolumeAttachments() {
    Resource attachments = framework.resource(STORAGE, "volumeattachments");
    attachments.create(
        Yaml.with(
            Yaml.object(attachment()),
            "{metadata: {name: va, labels: {va: patched}}, status: {attached: false}}"));
    assertThat(attachments.get("va", "status").status().bool("attached", false)).isFalse();
    Yaml.expect(
        attachments.patch(Resource.MERGE, "va", "{status: {attached: true}}", "status"),
        "{status: {attached: true}}");
    KubeObject updated =
        attachments.retryOnConflict(
            "va", newest -> newest.with(false, "status", "attached"), "status");
    assertThat(updated.at("status", "attached")).isEqualTo(false);
    attachments.delete("va");
    framework.await(() -> attachments.labelled("va=patched").isEmpty());
  }

  @Test
  @Codename("[sig-storage] CSIInlineVolumes should support CSIVolumeSource in Pod API")
  void podsWithInlineVolumes() {
    Resource pods = framework.namespaced("v1", "pods");
    String pod =
        """
        metadata: {name: pod-csi-inline-volumes}
        spec:
          volumes:
          - {name: vol1, csi: {driver: e2e.example.com}}
          - {name: vol2, csi: {driver: e2e.example.com, fsType: ext4, readOnly: true}}
          containers:
          - name: c
            image: busybox
            command: [sh, -c, ls /mnt/*]
            volumeMounts:
            - {name: vol1, mountPath: /mnt/vol1}
            - {name: vol2, mountPath: /mnt/vol2}
        """;
    KubeObject created = pods.create(pod);
    Yaml.expect(created, "{spec: {volumes: [{name: vol1}, {csi: {fsType: ext4}}, {}]}}");
    assertThat(pods.tryCreate(pod).code()).isEqualTo(409);
    assertThat(pods.get(created.name()).uid()).isEqualTo(created.uid());
    assertThat(pods.list("")).hasSize(1);
    Yaml.expect(
        pods.patch(Resource.MERGE, created.name(), "{metadata: {annotations: {patched: 'true'}}}"),
        "{metadata: {annotations: {patched: 'true'}}}");
    pods.delete(created.name());
    Answer gone = framework.get(pods.path(created.name()));
    assertThat(gone.code() == 404 || gone.object(200).terminating()).isTrue();
  }

  private void createVolumeAndClaim(String suffix) {
    framework
        .resource("v1", "persistentvolumes")
        .create(
            "{metadata: {name: pv-"
                + suffix
                + ", labels: {e2e-pv-pool: pool}}, spec: {storageClassName: e2e, capacity: {storage:"
                + " 2Gi}, accessModes: [ReadWriteOnce], persistentVolumeReclaimPolicy: Retain, csi:"
                + " {driver: inline-driver, volumeHandle: e2e-conformance}}}");
    framework
        .namespaced("v1", "persistentvolumeclaims")
        .create(
            "{metadata: {name: pvc-"
                + suffix
                + "}, spec: {storageClassName: e2e, accessModes: [ReadWriteOnce], resources:"
                + " {requests: {storage: 2Gi}}}}");
  }

  @Test
  @Codename(
      "[sig-storage] PersistentVolumes CSI Conformance should run through the lifecycle of a PV and"
          + " a PVC")
  void volumesAndClaims() {
    Resource volumes = framework.resource("v1", "persistentvolumes");
    Resource claims = framework.namespaced("v1", "persistentvolumeclaims");
    createVolumeAndClaim("1");
    assertThat(volumes.labelled("e2e-pv-pool=pool")).hasSize(1);
    for (Resource resource : new Resource[] {volumes, claims}) {
      String name = resource == volumes ? "pv-1" : "pvc-1";
      KubeObject initial = resource.get(name);
      KubeObject patched =
          resource.patch(Resource.STRATEGIC, name, "{metadata: {labels: {e2e: patched}}}");
      assertThat(patched.labels().string("e2e")).isEqualTo("patched");
      assertThat(Long.parseLong(patched.resourceVersion()))
          .isGreaterThan(Long.parseLong(initial.resourceVersion()));
      assertThat(resource.get(name).uid()).isEqualTo(patched.uid());
    }
    claims.delete("pvc-1");
    framework.await(() -> claims.list("").isEmpty());
    volumes.delete("pv-1");
    framework.await(() -> volumes.labelled("e2e-pv-pool=pool").isEmpty());
    createVolumeAndClaim("2");
    String updated = "{metadata: {labels: {e2e: updated}}}";
    volumes.retryOnConflict("pv-2", newest -> Yaml.with(newest, updated));
    claims.retryOnConflict("pvc-2", newest -> Yaml.with(newest, updated));
    assertThat(framework.resource("v1", "persistentvolumeclaims").labelled("e2e=updated"))
        .hasSize(1);
    claims.deleteCollection("e2e=updated");
    volumes.deleteCollection("e2e=updated");
  }

  @Test
  @Codename(
      "[sig-storage] PersistentVolumes CSI Conformance should apply changes to a pv/pvc status")
  void theStatusOfVolumesAndClaims() {
    Resource volumes = framework.resource("v1", "persistentvolumes");
    Resource claims = framework.namespaced("v1", "persistentvolumeclaims");
    createVolumeAndClaim("1");
    framework.await(
        () -> claims.get("pvc-1", "status").status().string("phase", "").equals("Bound"));
    assertThat(volumes.get("pv-1", "status").status().string("phase"))
        .isIn("Available", "Bound", "Pending");
    String condition =
        "{status: {conditions: [{type: StatusPatched, status: 'True', reason: E2E patchedStatus,"
            + " message: Set from e2e test}]}}";
    Yaml.expect(claims.patch(Resource.MERGE, "pvc-1", condition, "status"), condition);
    String reason = "{status: {message: StatusPatched, reason: E2E patchStatus}}";
    Yaml.expect(volumes.patch(Resource.MERGE, "pv-1", reason, "status"), reason);
    String updatedCondition = condition.replace("Patched", "Updated").replace("patched", "update");
    Yaml.expect(
        claims.retryOnConflict("pvc-1", newest -> Yaml.with(newest, updatedCondition), "status"),
        updatedCondition);
    String updatedReason = "{status: {message: StatusUpdated, reason: E2E updateStatus}}";
    Yaml.expect(
        volumes.retryOnConflict("pv-1", newest -> Yaml.with(newest, updatedReason), "status"),
        updatedReason);
  }
}
