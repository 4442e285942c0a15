package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.refusal;
import static dev.wavetank.core.apiserver.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import org.junit.jupiter.api.Test;

/** Events in the version of events.k8s.io, in which newer components write them. */
class EventVersionsTest {

  private static final String EVENT =
      """
      apiVersion: events.k8s.io/v1
      kind: Event
      metadata: {name: web.1, namespace: default}
      eventTime: "2026-01-01T00:00:00.000000Z"
      reportingController: default-scheduler
      reportingInstance: default-scheduler-a
      action: Binding
      reason: Scheduled
      type: Normal
      note: assigned
      regarding: {kind: Pod, namespace: default, name: web}
      """;

  private final TestCluster cluster = new TestCluster();

  private KubeObject created() {
    return ResourceType.EVENTS_OF_EVENTS.view(
        cluster.server.create(ResourceType.EVENTS_OF_EVENTS, yaml(EVENT)));
  }

  private String refused(String from, String to) {
    KubeObject event = yaml(EVENT.replace(from, to));
    return String.valueOf(
        refusal(() -> cluster.server.create(ResourceType.EVENTS_OF_EVENTS, event)).getMessage());
  }

  @Test
  void anEventOfTheNewerVersionIsOneOfTheOlder() {
    KubeObject created = created();
    assertThat(created.apiVersion()).isEqualTo("events.k8s.io/v1");
    assertThat(created.root().string("note")).isEqualTo("assigned");
    KubeObject stored = cluster.server.get(ObjectKey.of(ResourceType.EVENTS, "default", "web.1"));
    assertThat(stored.apiVersion()).isEqualTo("v1");
    assertThat(stored.root().string("message")).isEqualTo("assigned");
    assertThat(stored.root().string("reportingComponent")).isEqualTo("default-scheduler");
    assertThat(stored.root().mapOrEmpty("involvedObject").string("name")).isEqualTo("web");
  }

  @Test
  void anEventOfTheOlderVersionIsOneOfTheNewer() {
    KubeObject older =
        yaml(
            """
            apiVersion: v1
            kind: Event
            metadata: {name: web.2, namespace: default}
            involvedObject: {kind: Pod, namespace: default, name: web}
            message: started
            count: 3
            source: {component: kubelet}
            """);
    cluster.server.create(ResourceType.EVENTS, older);
    KubeObject newer =
        ResourceType.EVENTS_OF_EVENTS.view(
            cluster.server.get(ObjectKey.of(ResourceType.EVENTS, "default", "web.2")));
    assertThat(newer.root().string("note")).isEqualTo("started");
    assertThat(newer.root().number("deprecatedCount", 0)).isEqualTo(3);
    assertThat(newer.root().mapOrEmpty("deprecatedSource").string("component"))
        .isEqualTo("kubelet");
  }

  @Test
  void theNewerVersionHasNoneOfTheOlderFields() {
    assertThat(refused("note: assigned", "deprecatedCount: 2"))
        .contains("count: Invalid value: \"\": needs to be unset");
    assertThat(refused("type: Normal", "type: Loud"))
        .contains("type: Invalid value: \"\": has invalid value: Loud");
    assertThat(refused("reportingController: default-scheduler", "series: {count: 1}"))
        .contains("reportingController: Required value")
        .contains("series.count: Invalid value: \"\": should be at least 2");
  }

  @Test
  void onlyTheSeriesOfANewerEventChanges() {
    KubeObject created = created();
    KubeObject again = created.with("other", "note");
    assertThat(
            refusal(() -> cluster.server.update(ResourceType.EVENTS_OF_EVENTS, again)).getMessage())
        .contains("message: Invalid value: \"other\": field is immutable");
    KubeObject series =
        created.with(
            yaml("{count: 2, lastObservedTime: \"2026-01-01T00:01:00.000000Z\"}").root(), "series");
    KubeObject updated = cluster.server.update(ResourceType.EVENTS_OF_EVENTS, series);
    assertThat(updated.root().mapOrEmpty("series").number("count", 0)).isEqualTo(2);
  }
}
