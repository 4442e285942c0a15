package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.http.ResponseStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The events of a watch. They are taken one by one, in their order. */
final class Events implements ResponseStream.Sink {

  /** How long upstream looks for an event that must not come. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  /**
   * One event.
   *
   * @param type such as {@code ADDED}
   */
  record Event(String type, KubeObject object) {}

  private final Framework framework;
  private final ResponseStream stream;
  private final List<Event> events = new ArrayList<>();
  private int taken;
  private boolean ended;

  Events(Framework framework, ResponseStream stream) {
    this.framework = framework;
    this.stream = stream;
  }

  void start() {
    stream.start(this);
  }

  void stop() {
    stream.stop();
  }

  @Override
  public void write(byte[] piece) {
    for (String line : new String(piece, StandardCharsets.UTF_8).lines().toList()) {
      KubeMap event = Yaml.json(line);
      events.add(new Event(event.string("type", ""), KubeObject.of(event.mapOrEmpty("object"))));
    }
  }

  @Override
  public void end() {
    ended = true;
  }

  /** The next event of any type. */
  Event next() {
    framework.await(() -> ended || events.size() > taken);
    assertThat(taken).as("events before the watch ended").isLessThan(events.size());
    return events.get(taken++);
  }

  /** The next event, which must be of that type. */
  KubeObject expect(String type) {
    Event event = next();
    assertThat(event.type()).as(event.object().toString()).isEqualTo(type);
    return event.object();
  }

  /** The next event, which must be of that type and tell of that object. */
  void expect(String type, KubeObject object) {
    assertThat(expect(type)).isEqualTo(object);
  }

  /** The next event, of which another watch hears nothing. */
  void expect(String type, KubeObject object, Events other) {
    expect(type, object);
    other.expectNothing();
  }

  /** Takes events until there is one of that type whose object is as it should be. */
  KubeObject await(String type, Predicate<KubeObject> wanted) {
    KubeObject[] found = new KubeObject[1];
    framework.await(
        () -> {
          while (found[0] == null && taken < events.size()) {
            Event event = events.get(taken++);
            if (event.type().equals(type) && wanted.test(event.object())) {
              found[0] = event.object();
            }
          }
          return found[0] != null;
        });
    return found[0];
  }

  /** The next event of that type. */
  KubeObject await(String type) {
    return await(type, any -> true);
  }

  void expectNothing() {
    framework.run(QUIET);
    assertThat(events.subList(taken, events.size())).isEmpty();
  }
}
