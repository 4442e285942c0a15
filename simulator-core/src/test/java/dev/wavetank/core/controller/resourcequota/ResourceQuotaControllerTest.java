package dev.wavetank.core.controller.resourcequota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import org.junit.jupiter.api.Test;

class ResourceQuotaControllerTest {

  private final ControlPlane plane = new ControlPlane().withRegistry();

  private void settle() {
    plane.simulation.runUntil(plane.simulation.now() + 5 * ControlPlane.SECOND);
  }

  private KubeObject create(String yaml) {
    KubeObject object = Manifests.parse("test.yaml", yaml).get(0).object();
    ResourceType type = plane.server.typeOf(object.apiVersion(), object.kind());
    assertThat(type).isNotNull();
    return plane.server.create(type, object);
  }

  private void quota(String spec) {
    new ResourceQuotaController(plane.server);
    create(
        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: default}, spec: "
            + spec
            + "}");
    settle();
  }

  private String used() {
    KubeObject quota = plane.server.get(ObjectKey.of(ResourceType.RESOURCE_QUOTAS, "default", "q"));
    return Json.write(quota.status().mapOrEmpty("used"));
  }

  private KubeObject pod(String name, String resources) {
    return create(
        "{apiVersion: v1, kind: Pod, metadata: {name: "
            + name
            + ", namespace: default}, spec: {containers: [{name: c, image: i, resources: "
            + resources
            + "}]}}");
  }

  private String refused(String name, String resources) {
    ApiException refusal = catchThrowableOfType(ApiException.class, () -> pod(name, resources));
    assertThat(refusal).isNotNull();
    return refusal.status().message();
  }

  @Test
  void api_A_193_whatIsUsedIsCountedAtOnceAndGivenBack() {
    create("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: default}}");
    quota("{hard: {pods: 2, requests.cpu: 1, configmaps: 5, count/deployments.apps: 1}}");
    assertThat(used())
        .isEqualTo(
            "{\"pods\":\"0\",\"requests.cpu\":\"0\",\"configmaps\":\"1\","
                + "\"count/deployments.apps\":\"0\"}");
    KubeObject pod = pod("a", "{requests: {cpu: 300m}}");
    assertThat(used()).contains("\"pods\":\"1\",\"requests.cpu\":\"300m\"");
    plane.server.delete(
        pod.key(ResourceType.PODS),
        new DeleteOptions(0, DeleteOptions.Propagation.DEFAULT, "", ""));
    settle();
    assertThat(used()).contains("\"pods\":\"0\",\"requests.cpu\":\"0\"");
  }

  @Test
  void api_A_193_nothingIsCreatedBeyondTheQuota() {
    quota("{hard: {pods: 2, requests.cpu: 1}}");
    pod("a", "{requests: {cpu: 600m}}");
    assertThat(refused("b", "{requests: {cpu: 600m}}"))
        .isEqualTo(
            "pods \"b\" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used:"
                + " requests.cpu=600m, limited: requests.cpu=1");
    assertThat(used()).contains("\"pods\":\"1\",\"requests.cpu\":\"600m\"");
  }

  @Test
  void api_A_193_aPodMustNameWhatIsLimited() {
    quota("{hard: {requests.cpu: 1, limits.memory: 1Gi}}");
    assertThat(refused("b", "{}"))
        .isEqualTo(
            "pods \"b\" is forbidden: failed quota: q: must specify limits.memory for: c;"
                + " requests.cpu for: c");
  }

  @Test
  void api_A_193_aPodThatIsOverUsesNothing() {
    quota("{hard: {pods: 1}}");
    KubeObject pod = pod("a", "{}");
    plane.server.patchStatus(
        pod.key(ResourceType.PODS), status -> status.with("phase", "Succeeded"));
    settle();
    assertThat(used()).isEqualTo("{\"pods\":\"0\"}");
  }

  @Test
  void api_A_193_scopesSelectPods() {
    quota("{hard: {pods: 1}, scopes: [BestEffort]}");
    pod("a", "{requests: {cpu: 1}}");
    assertThat(used()).isEqualTo("{\"pods\":\"0\"}");
    pod("b", "{}");
    assertThat(used()).isEqualTo("{\"pods\":\"1\"}");
    assertThat(refused("c", "{}")).contains("exceeded quota: q, requested: pods=1, used: pods=1");
  }

  @Test
  void api_A_193_nodePortsAreCounted() {
    quota("{hard: {services.nodeports: 1}}");
    String service =
        "{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: default}, spec: {type:"
            + " NodePort, ports: [{port: 80}]}}";
    create(service.formatted("a"));
    assertThat(used()).isEqualTo("{\"services.nodeports\":\"1\"}");
    ApiException refusal =
        catchThrowableOfType(ApiException.class, () -> create(service.formatted("b")));
    assertThat(refusal.status().message())
        .isEqualTo(
            "services \"b\" is forbidden: exceeded quota: q, requested: services.nodeports=1, used:"
                + " services.nodeports=1, limited: services.nodeports=1");
  }

  @Test
  void api_A_192_containersGetDefaultsAndKeepWithinBounds() {
    create(
        """
        {apiVersion: v1, kind: LimitRange, metadata: {name: r, namespace: default}, spec: {limits:
          [{type: Container, max: {memory: 1Gi}, default: {cpu: 500m}, defaultRequest: {cpu: 100m}}]}}
        """);
    KubeObject pod = pod("a", "{}");
    assertThat(Json.write(pod.spec().listOrEmpty("containers").map(0).mapOrEmpty("resources")))
        .isEqualTo(
            "{\"requests\":{\"cpu\":\"100m\",\"memory\":\"1Gi\"},"
                + "\"limits\":{\"cpu\":\"500m\",\"memory\":\"1Gi\"}}");
    assertThat(pod.annotations().get("kubernetes.io/limit-ranger"))
        .isEqualTo(
            "LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit"
                + " for container c");
    assertThat(refused("b", "{limits: {memory: 2Gi}}"))
        .isEqualTo(
            "pods \"b\" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi");
  }

  @Test
  void api_A_192_boundsOfPodsAndClaims() {
    create(
        """
        {apiVersion: v1, kind: LimitRange, metadata: {name: r, namespace: default}, spec: {limits:
          [{type: Pod, max: {cpu: 1}, maxLimitRequestRatio: {cpu: 2}},
           {type: PersistentVolumeClaim, min: {storage: 1Gi}}]}}
        """);
    assertThat(refused("a", "{requests: {cpu: 100m}, limits: {cpu: 2}}"))
        .isEqualTo(
            "pods \"a\" is forbidden: [maximum cpu usage per Pod is 1, but limit is 2, cpu max limit"
                + " to request ratio per Pod is 2, but provided ratio is 20.000000]");
    ApiException refusal =
        catchThrowableOfType(
            ApiException.class,
            () ->
                create(
                    """
                    {apiVersion: v1, kind: PersistentVolumeClaim,
                     metadata: {name: c, namespace: default},
                     spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}}
                    """));
    assertThat(refusal.status().message())
        .isEqualTo(
            "persistentvolumeclaims \"c\" is forbidden: minimum storage usage per"
                + " PersistentVolumeClaim is 1Gi, but request is 1Mi");
  }
}
