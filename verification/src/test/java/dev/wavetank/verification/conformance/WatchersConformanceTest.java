package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Follows test/e2e/apimachinery/watch.go (v1.36). */
class WatchersConformanceTest {

  private static final String KEY = "watch-this-configmap";
  private static final int CONCURRENT_WATCHES = 100;

  private final Framework framework = Framework.of("watch");
  private final Resource configMaps = framework.namespaced("v1", "configmaps");

  private Events watch(String resourceVersion, String values) {
    return configMaps.watchFrom(resourceVersion, KEY + " in (" + values + ")");
  }

  private KubeObject create(String name, String label) {
    return configMaps.create(
        "{metadata: {name: " + name + ", labels: {" + KEY + ": " + label + "}}}");
  }

  private KubeObject mutate(String name, String value) {
    return configMaps.retryOnConflict(name, newest -> newest.with(value, "data", "mutation"));
  }

  private KubeObject relabel(String name, String label) {
    return configMaps.retryOnConflict(
        name, newest -> newest.with(label, "metadata", "labels", KEY));
  }

  @Test
  @Codename(
      "[sig-api-machinery] Watchers should observe add, update, and delete watch notifications on"
          + " configmaps")
  void addUpdateAndDeleteNotifications() {
    Events a = watch("", "A");
    Events b = watch("", "B");
    Events both = watch("", "A,B");
    KubeObject made = create("config-a", "A");
    a.expect("ADDED", made);
    both.expect("ADDED", made);
    for (String value : List.of("1", "2")) {
      KubeObject changed = mutate("config-a", value);
      a.expect("MODIFIED", changed);
      both.expect("MODIFIED", changed);
    }
    configMaps.delete("config-a");
    a.expect("DELETED");
    both.expect("DELETED");
    made = create("config-b", "B");
    b.expect("ADDED", made);
    both.expect("ADDED", made);
    a.expectNothing();
    configMaps.delete("config-b");
    b.expect("DELETED");
    both.expect("DELETED");
    a.expectNothing();
  }

  @Test
  @Codename(
      "[sig-api-machinery] Watchers should be able to start watching from a specific resource"
          + " version")
  void fromASpecificResourceVersion() {
    create("config", "from");
    KubeObject first = mutate("config", "1");
    KubeObject second = mutate("config", "2");
    configMaps.delete("config");
    Events events = watch(first.resourceVersion(), "from");
    events.expect("MODIFIED", second);
    events.expect("DELETED");
  }

  @Test
  @Codename(
      "[sig-api-machinery] Watchers should be able to restart watching from the last resource"
          + " version observed by the previous watch")
  void restartedFromTheLastResourceVersion() {
    Events broken = watch("", "restarted");
    KubeObject made = create("config", "restarted");
    mutate("config", "1");
    broken.expect("ADDED", made);
    KubeObject last = broken.expect("MODIFIED");
    broken.stop();
    KubeObject second = mutate("config", "2");
    Events restarted = watch(last.resourceVersion(), "restarted");
    configMaps.delete("config");
    restarted.expect("MODIFIED", second);
    restarted.expect("DELETED");
    broken.expectNothing();
  }

  @Test
  @Codename(
      "[sig-api-machinery] Watchers should observe an object deletion if it stops meeting the"
          + " requirements of the selector")
  void deletionWhenTheSelectorNoLongerMatches() {
    Events events = watch("", "changed");
    KubeObject made = create("config", "changed");
    KubeObject first = mutate("config", "1");
    relabel("config", "wrong");
    events.expect("ADDED", made);
    events.expect("MODIFIED", first);
    events.expect("DELETED");
    mutate("config", "2");
    events.expectNothing();
    KubeObject restored = relabel("config", "changed");
    KubeObject third = mutate("config", "3");
    configMaps.delete("config");
    events.expect("ADDED", restored);
    events.expect("MODIFIED", third);
    events.expect("DELETED");
  }

  @Test
  @Codename(
      "[sig-api-machinery] Watchers should receive events on concurrent watches in same order")
  void concurrentWatchesReceiveTheSameOrder() {
    String version = configMaps.listMap("").mapOrEmpty("metadata").string("resourceVersion", "");
    List<Events> watches = new ArrayList<>();
    for (int i = 0; i < CONCURRENT_WATCHES; i++) {
      String name = "cm-" + i % 3;
      if (!configMaps.exists(name)) {
        configMaps.create("{metadata: {name: " + name + "}}");
      } else if (i % 2 == 0) {
        mutate(name, "v" + i);
      } else {
        configMaps.delete(name);
      }
      watches.add(configMaps.watchFrom(version, ""));
      version = next(watches.get(0));
      for (Events events : watches) {
        if (events != watches.get(0)) {
          assertThat(next(events)).isEqualTo(version);
        }
      }
    }
  }

  private static String next(Events events) {
    return events.next().object().resourceVersion();
  }
}
