package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the control plane says of itself: APIServices, flow control, components; device kinds. */
class ControlPlaneKindsTest {

  private static final String REGISTRATION = "/apis/apiregistration.k8s.io/v1/apiservices";
  private static final String FLOWS = "/apis/flowcontrol.apiserver.k8s.io/v1/";
  private static final String DEVICES = "/apis/resource.k8s.io/v1/";
  private static final String CRD =
      "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":"
          + "{\"name\":\"widgets.example.com\"},\"spec\":{\"group\":\"example.com\",\"scope\":"
          + "\"Namespaced\",\"names\":{\"plural\":\"widgets\",\"singular\":\"widget\",\"kind\":\"Widget\"},"
          + "\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":"
          + "{\"openAPIV3Schema\":{\"type\":\"object\"}}}]}}";

  private final HttpClient client = new HttpClient();

  private static List<String> names(KubeMap list) {
    List<String> names = new ArrayList<>();
    list.listOrEmpty("items").maps().forEach(item -> names.add(KubeObject.of(item).name()));
    return names;
  }

  private void settle() {
    client.simulation.runUntil(client.simulation.now() + 5_000_000_000L);
  }

  @Test
  void api_A_023_sixtySevenResourcesAreServed() {
    int count = 0;
    for (String path : List.of("/api", "/apis")) {
      String all = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
      for (KubeMap group : client.get(path, "Accept", all).json().listOrEmpty("items").maps()) {
        count += group.listOrEmpty("versions").map(0).listOrEmpty("resources").size();
      }
    }
    assertThat(count).isEqualTo(67);
  }

  @Test
  void api_A_217_everyBuiltInVersionButThatOfApiServicesHasOneThatIsAvailable() {
    KubeMap list = client.get(REGISTRATION).json();
    assertThat(names(list))
        .contains("v1.", "v1.apps", "v2.autoscaling", "v1.resource.k8s.io")
        .doesNotContain("v1.apiregistration.k8s.io")
        .hasSize(21);
    for (KubeMap item : list.listOrEmpty("items").maps()) {
      KubeMap available = Conditions.find(KubeObject.of(item).status(), "Available");
      assertThat(available).isNotNull();
      assertThat(available.get("reason")).isEqualTo("Local");
    }
  }

  @Test
  void theApiServiceOfACustomResourceComesAndGoesWithIt() {
    assertThat(client.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", CRD).code())
        .isEqualTo(201);
    settle();
    KubeMap made = client.get(REGISTRATION + "/v1.example.com").json();
    assertThat(KubeObject.of(made).spec())
        .isEqualTo(
            KubeMap.of(
                "group",
                "example.com",
                "groupPriorityMinimum",
                1000L,
                "version",
                "v1",
                "versionPriority",
                100L));
    client.send("DELETE", REGISTRATION + "/v1.example.com", "");
    settle();
    assertThat(client.get(REGISTRATION + "/v1.example.com").code()).isEqualTo(200);
    client.send(
        "DELETE",
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com",
        "");
    settle();
    assertThat(client.get(REGISTRATION + "/v1.example.com").code()).isEqualTo(404);
  }

  @Test
  void anApiServiceIsNamedAfterItsVersionAndGroup() {
    HttpClient.Answer refused =
        client.post(
            REGISTRATION,
            "{\"metadata\":{\"name\":\"other\"},\"spec\":{\"group\":\"example.com\",\"version\":\"v1\","
                + "\"groupPriorityMinimum\":100,\"versionPriority\":1001}}");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains("must be `spec.version+\".\"+spec.group`: \"v1.example.com\"")
        .contains("spec.versionPriority: Invalid value: 1001: must be positive and less than 1000");
  }

  @Test
  void anApiServiceWhoseServiceIsAbsentIsNotAvailable() {
    client.post(
        REGISTRATION,
        "{\"metadata\":{\"name\":\"v1.example.com\"},\"spec\":{\"group\":\"example.com\",\"version\":"
            + "\"v1\",\"groupPriorityMinimum\":100,\"versionPriority\":10,\"service\":"
            + "{\"namespace\":\"default\",\"name\":\"api\"},\"insecureSkipTLSVerify\":true}}");
    settle();
    KubeMap read = client.get(REGISTRATION + "/v1.example.com").json();
    KubeMap available = Conditions.find(KubeObject.of(read).status(), "Available");
    assertThat(available.get("status")).isEqualTo("False");
    assertThat(available.get("message")).isEqualTo("service/api in \"default\" is not present");
  }

  @Test
  void theMandatoryAndTheSuggestedFlowsAreThere() {
    assertThat(names(client.get(FLOWS + "flowschemas").json()))
        .containsExactly(
            "catch-all",
            "exempt",
            "global-default",
            "kube-controller-manager",
            "kube-scheduler",
            "kube-system-service-accounts",
            "probes",
            "service-accounts",
            "system-leader-election",
            "system-node-high",
            "system-nodes");
    assertThat(names(client.get(FLOWS + "prioritylevelconfigurations").json())).hasSize(8);
  }

  @Test
  void rowsOfFlowSchemasComeInTheOrderInWhichTheyAreMatched() {
    KubeMap table =
        client
            .get(FLOWS + "flowschemas", "Accept", "application/json;as=Table;g=meta.k8s.io;v=v1")
            .json();
    assertThat(table.listOrEmpty("rows").map(0).listOrEmpty("cells").get(0)).isEqualTo("exempt");
    assertThat(table.listOrEmpty("rows").map(1).listOrEmpty("cells"))
        .containsExactly("probes", "exempt", 2L, "<none>", "0s", "False");
  }

  @Test
  void aFlowSchemaSaysWhetherItsLevelExists() {
    client.post(
        FLOWS + "flowschemas",
        "{\"metadata\":{\"name\":\"mine\"},\"spec\":{\"priorityLevelConfiguration\":{\"name\":\"none\"}}}");
    settle();
    KubeObject made = KubeObject.of(client.get(FLOWS + "flowschemas/mine").json());
    assertThat(made.spec().get("matchingPrecedence")).isEqualTo(1000L);
    assertThat(Conditions.find(made.status(), "Dangling").get("message"))
        .isEqualTo(
            "This FlowSchema references the PriorityLevelConfiguration object named \"none\" but"
                + " there is no such object");
  }

  @Test
  void whatIsMandatoryCannotBeChanged() {
    HttpClient.Answer refused =
        client.patch(
            FLOWS + "flowschemas/catch-all",
            "merge-patch+json",
            "{\"spec\":{\"matchingPrecedence\":9000}}");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message()).endsWith("spec of 'catch-all' must equal the fixed value");
  }

  @Test
  void aFlowThatIsDeletedIsBackWithinAMinute() {
    ObjectKey key = ObjectKey.of(ResourceType.FLOW_SCHEMAS, "", "probes");
    client.server.delete(key, DeleteOptions.BACKGROUND);
    client.simulation.runUntil(client.simulation.now() + 61_000_000_000L);
    assertThat(client.server.find(key)).isNotNull();
  }

  @Test
  void aHandIsNotGreaterThanTheQueues() {
    HttpClient.Answer refused =
        client.post(
            FLOWS + "prioritylevelconfigurations",
            "{\"metadata\":{\"name\":\"mine\"},\"spec\":{\"type\":\"Limited\",\"limited\":{\"limitResponse\":"
                + "{\"type\":\"Queue\",\"queuing\":{\"queues\":4}}}}}");
    assertThat(refused.message())
        .contains(
            "spec.limited.limitResponse.queuing.handSize: Invalid value: 8: should not be greater"
                + " than queues (4)");
  }

  @Test
  void api_A_024_componentStatusesAreOnlyRead() {
    KubeMap list = client.get("/api/v1/componentstatuses").json();
    assertThat(list.get("kind")).isEqualTo("ComponentStatusList");
    assertThat(names(list)).containsExactly("controller-manager", "etcd-0", "scheduler");
    assertThat(client.get("/api/v1/componentstatuses/nope").message())
        .isEqualTo("componentstatus \"nope\" not found");
    assertThat(client.post("/api/v1/componentstatuses", "{}").code()).isEqualTo(405);
    assertThat(client.get("/api/v1/componentstatuses").header("Warning"))
        .isEqualTo("299 - \"v1 ComponentStatus is deprecated in v1.19+\"");
  }

  @Test
  void aPodIsBoundByTheOldDoorToo() {
    client.post(
        "/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    client.post(
        "/api/v1/namespaces/default/pods",
        "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
    HttpClient.Answer bound =
        client.post(
            "/api/v1/namespaces/default/bindings",
            "{\"apiVersion\":\"v1\",\"kind\":\"Binding\",\"metadata\":{\"name\":\"web\"},\"target\":"
                + "{\"kind\":\"Node\",\"name\":\"node-1\"}}");
    assertThat(bound.code()).isEqualTo(201);
    KubeObject pod = client.server.get(ObjectKey.of(ResourceType.PODS, "default", "web"));
    assertThat(pod.spec().get("nodeName")).isEqualTo("node-1");
  }

  @Test
  void aClaimAsksForOneDeviceUnlessItSaysHowMany() {
    String claim =
        "{\"metadata\":{\"name\":\"gpu\"},\"spec\":{\"devices\":{\"requests\":[{\"name\":\"r\",\"exactly\":"
            + "{\"deviceClassName\":\"gpu.example.com\"}}]}}}";
    KubeMap made = client.post(DEVICES + "namespaces/default/resourceclaims", claim).json();
    KubeMap exactly =
        (KubeMap)
            KubeObject.of(made)
                .spec()
                .mapOrEmpty("devices")
                .listOrEmpty("requests")
                .map(0)
                .get("exactly");
    assertThat(exactly.get("allocationMode")).isEqualTo("ExactCount");
    assertThat(exactly.get("count")).isEqualTo(1L);
    HttpClient.Answer refused =
        client.patch(
            DEVICES + "namespaces/default/resourceclaims/gpu",
            "merge-patch+json",
            "{\"spec\":{\"devices\":{\"requests\":[]}}}");
    assertThat(refused.message()).endsWith("field is immutable");
  }

  @Test
  void aClaimWithoutRequestOrClassIsRefused() {
    HttpClient.Answer refused =
        client.post(
            DEVICES + "namespaces/default/resourceclaims",
            "{\"metadata\":{\"name\":\"gpu\"},\"spec\":{\"devices\":{\"requests\":[{\"name\":\"r\"},"
                + "{\"name\":\"r\",\"exactly\":{}}],\"config\":[{\"requests\":[\"x\"]}]}}}");
    assertThat(refused.message())
        .contains("spec.devices.requests[0]: Required value: exactly one of `exactly` or")
        .contains("spec.devices.requests[1].exactly.deviceClassName: Required value")
        .contains("spec.devices.requests[1]: Duplicate value: \"r\"")
        .contains("spec.devices.config[0].opaque: Required value");
  }

  @Test
  void aSliceOfDevicesBelongsToOnePlace() {
    HttpClient.Answer refused =
        client.post(
            DEVICES + "resourceslices",
            "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"driver\":\"d.example.com\",\"pool\":{\"name\":\"p\","
                + "\"generation\":0,\"resourceSliceCount\":1},\"nodeName\":\"n\",\"allNodes\":true}}");
    assertThat(refused.message())
        .contains("spec: Invalid value: \"{`nodeName`, `allNodes`}\": exactly one of `nodeName`,");
  }
}
