package dev.wavetank.core.controller.persistentvolume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.controller.volumeprotection.PersistentVolumeClaimProtectionController;
import dev.wavetank.core.controller.volumeprotection.PersistentVolumeProtectionController;
import dev.wavetank.core.storage.PersistentVolumes;
import java.util.List;
import org.junit.jupiter.api.Test;

class PersistentVolumeControllerTest {

  private final ControlPlane plane = new ControlPlane().withRegistry();

  PersistentVolumeControllerTest() {
    new PersistentVolumeController(plane.server);
    new PersistentVolumeClaimProtectionController(plane.server);
    new PersistentVolumeProtectionController(plane.server);
  }

  private void create(String manifest) {
    for (Manifest document : Manifests.read("test.yaml", manifest)) {
      KubeObject object = document.object();
      ResourceType type = plane.server.typeOf(object.apiVersion(), object.kind());
      assertThat(type).isNotNull();
      plane.server.create(type, object);
    }
  }

  private void volume(String name, String size, String more) {
    create(
        """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: %s, labels: {disk: %s}}
        spec:
          capacity: {storage: %s}
          hostPath: {path: /data}
          %s
        """
            .formatted(name, name, size, more));
  }

  private void claim(String name, String size, String more) {
    create(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: %s}
        spec:
          resources: {requests: {storage: %s}}
          %s
        """
            .formatted(name, size, more));
  }

  private void storageClass(String name, String mode, String annotation) {
    create(
        """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: %s, annotations: {storageclass.kubernetes.io/is-default-class: "%s"}}
        provisioner: rancher.io/local-path
        volumeBindingMode: %s
        """
            .formatted(name, annotation, mode));
  }

  private static final String ONCE = "accessModes: [ReadWriteOnce]";
  private static final String ONCE_OR_MANY = "accessModes: [ReadWriteOnce, ReadWriteMany]";

  private static ObjectKey claimKey(String name) {
    return ObjectKey.of(ResourceType.PERSISTENT_VOLUME_CLAIMS, "default", name);
  }

  private static ObjectKey volumeKey(String name) {
    return ObjectKey.of(ResourceType.PERSISTENT_VOLUMES, "", name);
  }

  /** Phase and volume of a claim. */
  private String claim(String name) {
    KubeObject claim = plane.server.get(claimKey(name));
    return (claim.status().get("phase") + " " + PersistentVolumes.volumeName(claim)).trim();
  }

  private String phase(String volume) {
    return plane.server.get(volumeKey(volume)).status().string("phase", "");
  }

  @Test
  void theSmallestVolumeThatIsLargeEnoughIsBound() {
    volume("large", "10Gi", ONCE);
    volume("small", "1Gi", ONCE);
    volume("right", "5Gi", ONCE);
    plane.run(1);
    assertThat(phase("small")).isEqualTo("Available");
    claim("data", "3Gi", ONCE);
    plane.run(1);
    assertThat(claim("data")).isEqualTo("Bound right");
    assertThat(phase("right")).isEqualTo("Bound");
    KubeObject claim = plane.server.get(claimKey("data"));
    assertThat(claim.status().mapOrEmpty("capacity").get("storage")).isEqualTo("5Gi");
    assertThat(claim.annotations().string("pv.kubernetes.io/bind-completed")).isEqualTo("yes");
    assertThat(claim.annotations().string("pv.kubernetes.io/bound-by-controller")).isEqualTo("yes");
    KubeObject volume = plane.server.get(volumeKey("right"));
    assertThat(volume.spec().mapOrEmpty("claimRef").get("uid")).isEqualTo(claim.uid());
  }

  @Test
  void volumesWithFewAccessModesComeFirst() {
    volume("shared", "1Gi", ONCE_OR_MANY);
    volume("single", "2Gi", ONCE);
    plane.run(1);
    claim("data", "1Gi", ONCE);
    claim("many", "1Gi", "accessModes: [ReadWriteMany]");
    plane.run(1);
    assertThat(claim("data")).isEqualTo("Bound single");
    assertThat(claim("many")).isEqualTo("Bound shared");
  }

  @Test
  void aSelectorAndAClassChoose() {
    volume("a", "1Gi", ONCE);
    volume("b", "1Gi", ONCE);
    volume("fast", "1Gi", ONCE + "\n  storageClassName: fast");
    plane.run(1);
    claim("by-label", "1Gi", ONCE + "\n  selector: {matchLabels: {disk: b}}");
    claim("by-class", "1Gi", ONCE + "\n  storageClassName: fast");
    plane.run(1);
    assertThat(claim("by-label")).isEqualTo("Bound b");
    assertThat(claim("by-class")).isEqualTo("Bound fast");
  }

  @Test
  void aClaimWithoutAVolumeWaitsAndLooksAgainEvery15Seconds() {
    claim("data", "1Gi", ONCE);
    plane.run(1);
    assertThat(claim("data")).isEqualTo("Pending");
    assertThat(plane.events)
        .containsExactly(
            "Normal FailedBinding no persistent volumes available for this claim and no storage"
                + " class is set");
    volume("late", "1Gi", ONCE);
    plane.run(8);
    assertThat(claim("data")).isEqualTo("Pending");
    plane.run(8);
    assertThat(claim("data")).isEqualTo("Bound late");
  }

  @Test
  void aClaimNamesItsVolume() {
    volume("disk", "1Gi", ONCE);
    plane.run(1);
    claim("greedy", "2Gi", ONCE + "\n  volumeName: disk");
    plane.run(1);
    assertThat(claim("greedy")).isEqualTo("Pending disk");
    assertThat(plane.events)
        .containsExactly(
            "Warning VolumeMismatch Cannot bind to requested volume \"disk\": requested PV is too"
                + " small");
    claim("modest", "1Gi", ONCE + "\n  volumeName: disk");
    plane.run(1);
    assertThat(claim("modest")).isEqualTo("Bound disk");
    assertThat(plane.server.get(claimKey("modest")).annotations())
        .isEqualTo(KubeMap.of("pv.kubernetes.io/bind-completed", "yes"));
    plane.events.clear();
    plane.run(15);
    assertThat(plane.events)
        .contains("Warning FailedBinding volume \"disk\" already bound to a different claim.");
  }

  @Test
  void aVolumeIsReservedForAClaim() {
    volume("kept", "1Gi", ONCE + "\n  claimRef: {namespace: default, name: mine}");
    plane.run(1);
    claim("other", "1Gi", ONCE);
    claim("mine", "1Gi", ONCE);
    plane.run(1);
    assertThat(claim("other")).isEqualTo("Pending");
    assertThat(claim("mine")).isEqualTo("Bound kept");
    assertThat(plane.server.get(volumeKey("kept")).annotations().isEmpty()).isTrue();
  }

  @Test
  void aRetainedVolumeStaysReleasedUntilItsClaimRefIsTakenOff() {
    volume("disk", "1Gi", ONCE);
    plane.run(1);
    claim("data", "1Gi", ONCE);
    plane.run(1);
    plane.server.delete(claimKey("data"), DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(plane.server.find(claimKey("data"))).isNull();
    assertThat(phase("disk")).isEqualTo("Released");
    claim("data", "1Gi", ONCE);
    plane.run(20);
    assertThat(claim("data")).isEqualTo("Pending");
    plane.server.patch(
        ResourceType.PERSISTENT_VOLUMES,
        volumeKey("disk"),
        volume -> volume.withSpec(volume.spec().with("claimRef", null)));
    plane.run(20);
    assertThat(claim("data")).isEqualTo("Bound disk");
  }

  @Test
  void aVolumeThatNobodyCanDeleteOrRecycleFails() {
    volume("disk", "1Gi", ONCE + "\n  persistentVolumeReclaimPolicy: Delete");
    volume("worn", "2Gi", ONCE + "\n  persistentVolumeReclaimPolicy: Recycle");
    plane.run(1);
    claim("one", "1Gi", ONCE);
    plane.run(1);
    claim("two", "2Gi", ONCE);
    plane.run(1);
    plane.server.delete(claimKey("one"), DeleteOptions.BACKGROUND);
    plane.server.delete(claimKey("two"), DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(phase("disk")).isEqualTo("Failed");
    assertThat(phase("worn")).isEqualTo("Failed");
    assertThat(plane.events)
        .containsExactlyInAnyOrder(
            "Warning VolumeFailedDelete host_path deleter only supports /tmp/.+ but received"
                + " provided /data",
            "Warning VolumeFailedRecycle No recycler plugin found for the volume!");
  }

  @Test
  void aClaimWhoseVolumeIsGoneIsLost() {
    volume("disk", "1Gi", ONCE);
    plane.run(1);
    claim("data", "1Gi", ONCE);
    plane.run(1);
    plane.server.patch(
        ResourceType.PERSISTENT_VOLUMES,
        volumeKey("disk"),
        volume -> volume.withMetadata(volume.metadata().with("finalizers", null)));
    plane.server.delete(volumeKey("disk"), DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(claim("data")).isEqualTo("Lost disk");
    assertThat(plane.events)
        .containsExactly(
            "Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is"
                + " lost!");
  }

  @Test
  void api_A_197_aClaimGetsTheDefaultClass() {
    claim("early", "1Gi", ONCE);
    claim("none", "1Gi", ONCE + "\n  storageClassName: \"\"");
    storageClass("slow", "WaitForFirstConsumer", "false");
    storageClass("standard", "WaitForFirstConsumer", "true");
    claim("late", "1Gi", ONCE);
    assertThat(plane.server.get(claimKey("late")).spec().string("storageClassName"))
        .isEqualTo("standard");
    plane.run(20);
    assertThat(plane.server.get(claimKey("early")).spec().string("storageClassName"))
        .isEqualTo("standard");
    assertThat(plane.server.get(claimKey("none")).spec().string("storageClassName")).isEmpty();
  }

  @Test
  void aClaimOfAClassThatWaitsIsNotBoundBeforeThereIsAPod() {
    storageClass("standard", "WaitForFirstConsumer", "true");
    volume("disk", "1Gi", ONCE + "\n  storageClassName: standard");
    plane.run(1);
    claim("data", "1Gi", ONCE);
    plane.run(1);
    assertThat(claim("data")).isEqualTo("Pending");
    create(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: user}
        spec:
          containers: [{name: c, image: busybox}]
          volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
        """);
    plane.run(15);
    assertThat(plane.events)
        .containsExactly(
            "Normal WaitForFirstConsumer waiting for first consumer to be created before binding",
            "Normal WaitForPodScheduled waiting for pod user to be scheduled");
  }

  private void selectNode(String claim) {
    plane.server.patch(
        ResourceType.PERSISTENT_VOLUME_CLAIMS,
        claimKey(claim),
        object -> PersistentVolumes.annotated(object, PersistentVolumes.SELECTED_NODE, "node-1"));
  }

  @Test
  void aVolumeIsProvisionedOnTheSelectedNodeAndDeletedWithItsClaim() {
    new LocalPathProvisioner(plane.server, 3 * ControlPlane.SECOND);
    storageClass("standard", "WaitForFirstConsumer", "true");
    claim("data", "1Gi", ONCE);
    plane.run(1);
    plane.events.clear();
    selectNode("data");
    plane.run(2);
    String volume = "pvc-" + plane.server.get(claimKey("data")).uid();
    assertThat(claim("data")).isEqualTo("Pending");
    plane.run(2);
    assertThat(claim("data")).isEqualTo("Bound " + volume);
    assertThat(plane.events.stream().distinct())
        .containsExactly(
            "Normal ExternalProvisioning Waiting for a volume to be created either by the external"
                + " provisioner 'rancher.io/local-path' or manually by the system administrator. If"
                + " volume creation is delayed, please verify that the provisioner is running and"
                + " correctly registered.",
            "Normal Provisioning External provisioner is provisioning volume for claim"
                + " \"default/data\"",
            "Normal ProvisioningSucceeded Successfully provisioned volume " + volume);
    KubeObject made = plane.server.get(volumeKey(volume));
    assertThat(made.spec().string("persistentVolumeReclaimPolicy")).isEqualTo("Delete");
    assertThat(made.spec().mapOrEmpty("nodeAffinity").toString()).contains("node-1");
    plane.server.delete(claimKey("data"), DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(phase(volume)).isEqualTo("Released");
    plane.run(5);
    assertThat(plane.server.find(volumeKey(volume))).isNull();
  }

  @Test
  void aClassWithoutAProvisionerOrWithoutANodeFailsToProvision() {
    new LocalPathProvisioner(plane.server, ControlPlane.SECOND);
    storageClass("now", "Immediate", "false");
    create(
        """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: by-hand}
        provisioner: kubernetes.io/no-provisioner
        """);
    plane.run(1);
    claim("a", "1Gi", ONCE + "\n  storageClassName: nope");
    claim("b", "1Gi", ONCE + "\n  storageClassName: by-hand");
    claim("c", "1Gi", ONCE + "\n  storageClassName: now");
    plane.run(2);
    assertThat(plane.events)
        .contains(
            "Warning ProvisioningFailed storageclass.storage.k8s.io \"nope\" not found",
            "Warning ProvisioningFailed no volume plugin matched name:"
                + " kubernetes.io/no-provisioner",
            "Warning ProvisioningFailed failed to provision volume with StorageClass \"now\":"
                + " configuration error, no node was specified");
    assertThat(List.of(claim("a"), claim("b"), claim("c"))).containsOnly("Pending");
  }

  @Test
  void nothingHappensOnceAllIsBound() {
    volume("disk", "1Gi", ONCE);
    plane.run(1);
    claim("data", "1Gi", ONCE);
    plane.run(60);
    long before = plane.simulation.eventNumber();
    plane.run(3600);
    assertThat(plane.simulation.eventNumber() - before).isLessThan(3);
  }
}
