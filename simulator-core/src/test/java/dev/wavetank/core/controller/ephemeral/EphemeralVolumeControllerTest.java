package dev.wavetank.core.controller.ephemeral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.controller.ControlPlane;
import org.junit.jupiter.api.Test;

class EphemeralVolumeControllerTest {

  private static final ObjectKey CLAIM =
      ObjectKey.of(ResourceType.PERSISTENT_VOLUME_CLAIMS, "default", "web-scratch");
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers: [{name: c, image: busybox}]
        volumes:
        - name: scratch
          ephemeral:
            volumeClaimTemplate:
              metadata: {labels: {type: scratch}}
              spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """;

  private final ControlPlane plane = new ControlPlane().withRegistry();

  private KubeObject create(String manifest) {
    Manifest document = Manifests.read("test.yaml", manifest).get(0);
    KubeObject object = document.object();
    ResourceType type = plane.server.typeOf(object.apiVersion(), object.kind());
    assertThat(type).isNotNull();
    return plane.server.create(type, object);
  }

  @Test
  void aClaimIsMadeForThePodThatOwnsIt() {
    new EphemeralVolumeController(plane.server);
    KubeObject pod = create(POD);
    plane.run(1);
    KubeObject claim = plane.server.get(CLAIM);
    KubeMap owner = claim.controllerRef();
    assertThat(owner).isNotNull();
    assertThat(owner.get("uid")).isEqualTo(pod.uid());
    assertThat(claim.labels()).isEqualTo(KubeMap.of("type", "scratch"));
    assertThat(claim.status().get("phase")).isEqualTo("Pending");
  }

  @Test
  void aClaimOfSomebodyElseIsNotTaken() {
    new EphemeralVolumeController(plane.server);
    create(
        """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: web-scratch}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """);
    plane.run(1);
    create(POD);
    plane.run(1);
    assertThat(plane.events)
        .contains(
            "Warning FailedBinding ephemeral volume scratch: PVC default/web-scratch was not"
                + " created for pod default/web (pod is not owner)");
  }
}
