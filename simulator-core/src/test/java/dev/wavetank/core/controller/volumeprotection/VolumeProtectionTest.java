package dev.wavetank.core.controller.volumeprotection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import org.junit.jupiter.api.Test;

class VolumeProtectionTest {

  private static final ObjectKey CLAIM =
      ObjectKey.of(ResourceType.PERSISTENT_VOLUME_CLAIMS, "default", "data");
  private static final ObjectKey VOLUME = ObjectKey.of(ResourceType.PERSISTENT_VOLUMES, "", "disk");
  private static final KubeMap SIZE = KubeMap.of("storage", "1Gi");
  private static final KubeList MODES = KubeList.of("ReadWriteOnce");

  private final ControlPlane plane = new ControlPlane().withRegistry();

  VolumeProtectionTest() {
    new PersistentVolumeClaimProtectionController(plane.server);
    new PersistentVolumeProtectionController(plane.server);
  }

  private void claim() {
    plane.server.create(
        ResourceType.PERSISTENT_VOLUME_CLAIMS,
        KubeObject.of(ResourceType.PERSISTENT_VOLUME_CLAIMS, KubeMap.of("name", "data"))
            .withSpec(KubeMap.of("accessModes", MODES, "resources", KubeMap.of("requests", SIZE))));
  }

  private void volume() {
    plane.server.create(
        ResourceType.PERSISTENT_VOLUMES,
        KubeObject.of(ResourceType.PERSISTENT_VOLUMES, KubeMap.of("name", "disk"))
            .withSpec(
                KubeMap.of(
                    "accessModes",
                    MODES,
                    "capacity",
                    SIZE,
                    "hostPath",
                    KubeMap.of("path", "/disk"))));
  }

  private ObjectKey podWithClaim() {
    KubeMap volume =
        KubeMap.of("name", "v", "persistentVolumeClaim", KubeMap.of("claimName", "data"));
    KubeObject pod =
        plane.server.create(
            ResourceType.PODS,
            KubeObject.of(ResourceType.PODS, KubeMap.of("name", "user"))
                .withSpec(
                    KubeMap.of(
                        "containers",
                        KubeList.of(KubeMap.of("name", "c", "image", "busybox")),
                        "volumes",
                        KubeList.of(volume))));
    return pod.key(ResourceType.PODS);
  }

  @Test
  void api_A_197_volumesAndClaimsAreProtectedFromTheirCreationOn() {
    claim();
    volume();
    assertThat(plane.server.get(CLAIM).finalizers())
        .isEqualTo(KubeList.of("kubernetes.io/pvc-protection"));
    assertThat(plane.server.get(VOLUME).finalizers())
        .isEqualTo(KubeList.of("kubernetes.io/pv-protection"));
  }

  @Test
  void whatNobodyUsesGoesWhenItIsDeleted() {
    claim();
    volume();
    plane.server.delete(CLAIM, DeleteOptions.BACKGROUND);
    plane.server.delete(VOLUME, DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(plane.server.find(CLAIM)).isNull();
    assertThat(plane.server.find(VOLUME)).isNull();
  }

  @Test
  void aClaimStaysUntilThePodThatNamesItIsGone() {
    claim();
    ObjectKey pod = podWithClaim();
    plane.server.bind(pod, "node-1");
    plane.server.delete(CLAIM, DeleteOptions.BACKGROUND);
    plane.run(60);
    assertThat(plane.server.get(CLAIM).terminating()).isTrue();
    plane.server.delete(pod, DeleteOptions.grace(0));
    plane.run(1);
    assertThat(plane.server.find(CLAIM)).isNull();
  }

  @Test
  void aPodThatHasNoNodeHoldsNoClaim() {
    claim();
    podWithClaim();
    plane.server.delete(CLAIM, DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(plane.server.find(CLAIM)).isNull();
  }

  @Test
  void aBoundVolumeStays() {
    volume();
    plane.server.patchStatus(VOLUME, status -> status.with("phase", "Bound"));
    plane.server.delete(VOLUME, DeleteOptions.BACKGROUND);
    plane.run(1);
    assertThat(plane.server.get(VOLUME).terminating()).isTrue();
    plane.server.patchStatus(VOLUME, status -> status.with("phase", "Released"));
    plane.run(1);
    assertThat(plane.server.find(VOLUME)).isNull();
  }

  @Test
  void anOldClaimIsProtectedLater() {
    claim();
    plane.server.patch(
        ResourceType.PERSISTENT_VOLUME_CLAIMS,
        CLAIM,
        claim -> claim.withMetadata(claim.metadata().without("finalizers")));
    plane.run(1);
    assertThat(plane.server.get(CLAIM).finalizers())
        .isEqualTo(KubeList.of("kubernetes.io/pvc-protection"));
  }
}
