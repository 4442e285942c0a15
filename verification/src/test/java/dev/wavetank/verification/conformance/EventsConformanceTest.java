package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import org.junit.jupiter.api.Test;

/** Follows test/e2e/instrumentation/core_events.go and events.go (v1.36). */
class EventsConformanceTest {

  private static final String EVENTS = "events.k8s.io/v1";

  private final Framework framework = Framework.of("events");

  private String core(String name) {
    return "{metadata: {name: "
        + name
        + ", labels: {testevent: 'true'}}, message: This is a test event, reason: Test, type:"
        + " Normal, count: 1, involvedObject: {namespace: "
        + framework.namespace()
        + "}}";
  }

  private String event(String name) {
    return "{metadata: {name: "
        + name
        + ", labels: {testevent: 'true'}}, regarding: {namespace: "
        + framework.namespace()
        + "}, eventTime: '2017-09-19T13:49:16.000000Z', note: This is "
        + name
        + ", action: Do, reason: Test, type: Normal, reportingController: test-controller,"
        + " reportingInstance: test-node}";
  }

  @Test
  @Codename("[sig-instrumentation] Events should manage the lifecycle of an event")
  void theLifecycleOfACoreEvent() {
    Resource events = framework.namespaced("v1", "events");
    Resource everywhere = framework.resource("v1", "events");
    events.create(core("event-test"));
    assertThat(everywhere.labelled("testevent=true"))
        .extracting(KubeObject::name)
        .containsExactly("event-test");
    String patch = "{message: This is a test event - patched}";
    events.patch(Resource.STRATEGIC, "event-test", patch);
    KubeObject read = events.get("event-test");
    Yaml.expect(read, patch);
    KubeObject sent =
        withoutVersion(
            Yaml.with(
                read, "{series: {count: 100, lastObservedTime: '2017-09-19T13:49:16.000000Z'}}"));
    events.update(sent);
    assertThat(withoutVersion(events.get("event-test"))).isEqualTo(sent);
    events.delete("event-test");
    assertThat(everywhere.labelled("testevent=true")).isEmpty();
  }

  private static KubeObject withoutVersion(KubeObject event) {
    return event.withMetadata(event.metadata().without("resourceVersion").without("managedFields"));
  }

  @Test
  @Codename("[sig-instrumentation] Events should delete a collection of events")
  void aCollectionOfCoreEvents() {
    Resource events = framework.namespaced("v1", "events");
    for (int i = 1; i <= 3; i++) {
      events.create(core("test-event-" + i));
    }
    assertThat(events.labelled("testevent=true")).hasSize(3);
    events.deleteCollection("testevent=true");
  }

  @Test
  @Codename(
      "[sig-instrumentation] Events API should ensure that an event can be fetched, patched,"
          + " deleted, and listed")
  void theLifecycleOfAnEvent() {
    Resource events = framework.namespaced(EVENTS, "events");
    Resource everywhere = framework.resource(EVENTS, "events");
    KubeObject made = events.create(event("event-test"));
    assertThat(everywhere.labelled("testevent=true")).hasSize(1);
    assertThat(events.labelled("testevent=true")).hasSize(1);
    assertThat(framework.namespaced("v1", "events").list("?fieldSelector=source%3Dtest-controller"))
        .extracting(KubeObject::name)
        .containsExactly("event-test");
    assertThat(events.list("?fieldSelector=reportingController%3Dtest-controller"))
        .extracting(KubeObject::name)
        .containsExactly("event-test");
    KubeObject read = events.get("event-test");
    String patch = "{series: {count: 2, lastObservedTime: '2017-09-19T13:49:11.000000Z'}}";
    events.patch(Resource.STRATEGIC, "event-test", patch);
    KubeObject patched = events.get("event-test");
    assertThat(Long.parseLong(patched.resourceVersion()))
        .isGreaterThan(Long.parseLong(made.resourceVersion()));
    assertThat(withoutVersion(patched)).isEqualTo(withoutVersion(Yaml.with(read, patch)));
    KubeObject sent =
        withoutVersion(
            Yaml.with(
                read, "{series: {count: 100, lastObservedTime: '2017-09-19T13:49:16.000000Z'}}"));
    events.update(sent);
    assertThat(withoutVersion(events.get("event-test"))).isEqualTo(sent);
    events.delete("event-test");
    assertThat(everywhere.labelled("testevent=true")).isEmpty();
    assertThat(events.labelled("testevent=true")).isEmpty();
  }

  @Test
  @Codename("[sig-instrumentation] Events API should delete a collection of events")
  void aCollectionOfEvents() {
    Resource events = framework.namespaced(EVENTS, "events");
    for (int i = 1; i <= 3; i++) {
      events.create(event("test-event-" + i));
    }
    assertThat(events.labelled("testevent=true")).hasSize(3);
    events.deleteCollection("testevent=true");
  }
}
