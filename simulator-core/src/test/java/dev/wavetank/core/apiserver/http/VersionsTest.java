package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Kinds that are served in several versions: each is answered in its own words. */
class VersionsTest {

  private static final String EVENT =
      """
      {"apiVersion": "events.k8s.io/v1", "kind": "Event",
       "metadata": {"name": "web.1", "namespace": "default"},
       "eventTime": "2026-01-01T00:00:00.000000Z", "reportingController": "default-scheduler",
       "reportingInstance": "default-scheduler-a", "action": "Binding", "reason": "Scheduled",
       "type": "Normal", "note": "assigned",
       "regarding": {"kind": "Pod", "namespace": "default", "name": "web"}}
      """;

  private static final String AUTOSCALER =
      """
      {"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler",
       "metadata": {"name": "web", "namespace": "default"},
       "spec": {"maxReplicas": 3, "targetCPUUtilizationPercentage": 50,
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}}
      """;

  private final HttpClient client = new HttpClient();

  @Test
  void eventsOfBothGroups() {
    String newer = "/apis/events.k8s.io/v1/namespaces/default/events";
    HttpClient.Answer created = client.send("POST", newer, EVENT);
    assertThat(created.code()).isEqualTo(201);
    assertThat(created.text()).contains("\"note\":\"assigned\"");
    assertThat(client.get(newer + "/web.1").text())
        .contains("\"note\":\"assigned\"", "\"regarding\":{")
        .doesNotContain("\"involvedObject\":");
    assertThat(client.get("/api/v1/namespaces/default/events/web.1").text())
        .contains("\"message\":\"assigned\"", "\"involvedObject\":{")
        .doesNotContain("\"regarding\":");
  }

  @Test
  void eventsAreSelectedByTheFieldsOfTheirVersion() {
    client.send("POST", "/apis/events.k8s.io/v1/namespaces/default/events", EVENT);
    String newer = "/apis/events.k8s.io/v1/events?fieldSelector=";
    assertThat(client.get(newer + "regarding.name%3Dweb").text()).contains("web.1");
    assertThat(client.get(newer + "regarding.name%3Dother").text()).doesNotContain("web.1");
    assertThat(client.get(newer + "involvedObject.name%3Dweb").code()).isEqualTo(400);
  }

  @Test
  void autoscalersOfBothVersions() {
    String path = "/namespaces/default/horizontalpodautoscalers";
    client.send("POST", "/apis/autoscaling/v1" + path, AUTOSCALER);
    assertThat(client.get("/apis/autoscaling/v1" + path + "/web").text())
        .contains("\"targetCPUUtilizationPercentage\":50")
        .doesNotContain("\"metrics\":");
    assertThat(client.get("/apis/autoscaling/v2" + path + "/web").text())
        .contains("\"metrics\":[{\"type\":\"Resource\"")
        .doesNotContain("\"targetCPUUtilizationPercentage\":");
  }
}
