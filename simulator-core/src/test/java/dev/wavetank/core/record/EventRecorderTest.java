package dev.wavetank.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventRecorderTest {

  private static final long SECOND = 1_000_000_000L;

  private final Simulation simulation = new Simulation(Choices.first());
  private final ApiServer server = new ApiServer(simulation, Latencies.DEFAULT);
  private final EventRecorder recorder = new EventRecorder(server, "kubelet", "node-1");
  private final KubeObject pod =
      server.create(
          ResourceType.PODS,
          KubeObject.of(ResourceType.PODS, KubeMap.of("name", "web", "namespace", "team")));

  private List<KubeObject> events() {
    return server.list(ResourceType.EVENTS);
  }

  private KubeMap only() {
    assertThat(events()).hasSize(1);
    return events().get(0).root();
  }

  private void run(long seconds) {
    simulation.runUntil(simulation.now() + seconds * SECOND);
  }

  @Test
  void anEventTellsWhoReportsWhatOfWhom() {
    run(5);
    recorder.event(pod, "spec.containers{c}", "Normal", "Started", "Container started");
    KubeMap event = only();
    assertThat(event.mapOrEmpty("metadata").get("namespace")).isEqualTo("team");
    assertThat(event.mapOrEmpty("metadata").string("name", "")).matches("web\\.[0-9a-f]{16}");
    assertThat(event.get("involvedObject"))
        .isEqualTo(
            KubeMap.of(
                "kind", "Pod",
                "namespace", "team",
                "name", "web",
                "uid", pod.uid(),
                "apiVersion", "v1",
                "resourceVersion", pod.resourceVersion(),
                "fieldPath", "spec.containers{c}"));
    assertThat(event.get("source")).isEqualTo(KubeMap.of("component", "kubelet", "host", "node-1"));
    assertThat(event.get("firstTimestamp")).isEqualTo("2026-01-01T00:00:05Z");
    assertThat(event.get("count")).isEqualTo(1L);
    assertThat(event.get("reportingComponent")).isEqualTo("kubelet");
    assertThat(event.get("reportingInstance")).isEqualTo("node-1");
  }

  @Test
  void wl_EVT_01_theSameEventAgainIsCountedUp() {
    recorder.warning(pod, "BackOff", "Back-off restarting");
    run(30);
    recorder.warning(pod, "BackOff", "Back-off restarting");
    KubeMap event = only();
    assertThat(event.get("count")).isEqualTo(2L);
    assertThat(event.get("firstTimestamp")).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(event.get("lastTimestamp")).isEqualTo("2026-01-01T00:00:30Z");
  }

  @Test
  void wl_EVT_01_anotherMessageReasonTypeOrPartIsAnotherEvent() {
    recorder.warning(pod, "BackOff", "one");
    recorder.warning(pod, "BackOff", "two");
    recorder.warning(pod, "Failed", "one");
    recorder.normal(pod, "BackOff", "one");
    recorder.event(pod, "spec.containers{c}", "Warning", "BackOff", "one");
    assertThat(events()).hasSize(5).allMatch(e -> e.root().number("count", 0) == 1);
  }

  @Test
  void wl_EVT_01_fromTheTenthMessageOfOneReasonEventsAreCombined() {
    for (int i = 1; i <= 12; i++) {
      recorder.warning(pod, "Failed", "message " + i);
    }
    assertThat(events()).hasSize(10);
    List<KubeObject> combined =
        events().stream()
            .filter(e -> e.root().string("message", "").startsWith("(combined"))
            .toList();
    assertThat(combined).hasSize(1);
    assertThat(combined.get(0).root().get("message"))
        .isEqualTo("(combined from similar events): message 12");
    assertThat(combined.get(0).root().get("count")).isEqualTo(3L);
  }

  @Test
  void wl_EVT_01_afterTenMinutesWithoutOneSimilarEventsAreForgotten() {
    for (int i = 1; i <= 9; i++) {
      recorder.warning(pod, "Failed", "message " + i);
    }
    run(601);
    recorder.warning(pod, "Failed", "message 10");
    assertThat(events()).hasSize(10).noneMatch(e -> e.root().toString().contains("combined"));
  }

  @Test
  void wl_EVT_01_aFloodAboutOneObjectIsCutOffAfterTwentyFiveAndOneMorePassesEveryFiveMinutes() {
    for (int i = 0; i < 40; i++) {
      recorder.warning(pod, "Reason" + i, "message");
    }
    assertThat(events()).hasSize(25);
    recorder.normal(pod, "Other", "the types are counted apart");
    assertThat(events()).hasSize(26);
    run(299);
    recorder.warning(pod, "Late", "too early");
    assertThat(events()).hasSize(26);
    run(2);
    recorder.warning(pod, "Late", "in time");
    recorder.warning(pod, "Late", "one too many");
    assertThat(events()).hasSize(27);
  }

  @Test
  void whatTheFilterHeldBackCountsInTheNextEvent() {
    for (int i = 0; i < 30; i++) {
      recorder.warning(pod, "BackOff", "again");
    }
    assertThat(only().get("count")).isEqualTo(25L);
    run(301);
    recorder.warning(pod, "BackOff", "again");
    assertThat(only().get("count")).isEqualTo(31L);
  }

  @Test
  void anEventThatExpiredIsCreatedAgainWithItsCount() {
    recorder.warning(pod, "BackOff", "again");
    String name = events().get(0).name();
    server.delete(events().get(0).key(ResourceType.EVENTS), DeleteOptions.BACKGROUND);
    recorder.warning(pod, "BackOff", "again");
    assertThat(events().get(0).name()).isEqualTo(name);
    assertThat(only().get("count")).isEqualTo(2L);
  }

  @Test
  void anEventAboutAnObjectOfTheWholeClusterIsInTheDefaultNamespace() {
    KubeMap node = KubeMap.of("kind", "Node", "name", "n", "uid", "u", "apiVersion", "v1");
    recorder.event(node, "Normal", "Starting", "Starting kubelet.");
    assertThat(only().mapOrEmpty("metadata").get("namespace")).isEqualTo("default");
    assertThat(only().mapOrEmpty("involvedObject").get("namespace")).isNull();
  }

  @Test
  void anObjectWhoseNameIsNoDnsNameGetsAnEventNamedByAUuid() {
    KubeMap role = KubeMap.of("kind", "Role", "namespace", "team", "name", "system:x");
    recorder.event(role, "Normal", "Seen", "a");
    recorder.event(role, "Normal", "Seen", "b");
    assertThat(events())
        .hasSize(2)
        .allMatch(
            e -> e.name().matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f-]{16}"));
  }

  @Test
  void aRefusedEventIsDroppedAndDisturbsNobody() {
    boolean[] refuse = {true};
    server.admit(
        (type, object, before) -> {
          if (refuse[0] && type.equals(ResourceType.EVENTS)) {
            throw new ApiException(Status.forbidden(type, object.name(), "no"));
          }
          return object;
        });
    recorder.normal(pod, "Started", "message");
    assertThat(events()).isEmpty();
    refuse[0] = false;
    recorder.normal(pod, "Started", "message");
    assertThat(only().get("count")).isEqualTo(2L);
  }

  @Test
  void twoSourcesInOneInstantDoNotCollide() {
    EventRecorder other = new EventRecorder(server, "default-scheduler", "");
    recorder.normal(pod, "One", "message");
    other.normal(pod, "Two", "message");
    assertThat(events()).hasSize(2);
  }
}
