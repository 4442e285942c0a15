package dev.wavetank.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InformerTest {

  private static final ResourceType MAPS = ResourceType.CONFIG_MAPS;
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  private final Simulation simulation = new Simulation(Choices.seeded(1));
  private final ApiServer server = new ApiServer(simulation, Latencies.DEFAULT);

  private static ObjectKey key(int name) {
    return ObjectKey.of(MAPS, "default", "m" + name);
  }

  private static KubeObject object(int name, int value) {
    return KubeObject.of(MAPS, KubeMap.of("name", "m" + name, "namespace", "default"))
        .with(KubeMap.of("v", value), "data");
  }

  @Test
  void theViewShowsAChangeWhenTheListenerIsToldOfItAndNotBefore() {
    List<Boolean> shown = new ArrayList<>();
    Informer[] informer = new Informer[1];
    informer[0] =
        Informer.of(
            server,
            MAPS,
            "test",
            (before, after) -> shown.add(informer[0].view().get(key(1)) == after));
    server.create(MAPS, object(1, 1));
    assertThat(informer[0].view().get(key(1))).isNull();
    assertThat(informer[0].caughtUp()).isFalse();
    simulation.runUntil(SECOND);
    assertThat(shown).containsExactly(true);
    assertThat(informer[0].caughtUp()).isTrue();
  }

  @Test
  void wl_TIME_12_aChangeArrivesWithinTheBoundsOfTheServer() {
    List<Long> arrivals = new ArrayList<>();
    Informer.of(server, MAPS, "test", (before, after) -> arrivals.add(simulation.now()));
    for (int i = 0; i < 100; i++) {
      simulation.runUntil(i * SECOND);
      server.create(MAPS, object(i, 1));
    }
    simulation.runUntil(200 * SECOND);
    for (int i = 0; i < 100; i++) {
      assertThat(arrivals.get(i) - i * SECOND).isBetween(MILLI, 10 * MILLI);
    }
  }

  @Test
  void replayTellsOfWhatExists() {
    server.create(MAPS, object(1, 1));
    server.create(MAPS, object(2, 1));
    List<String> told = new ArrayList<>();
    Informer informer =
        Informer.of(
            server,
            MAPS,
            "test",
            (before, after) -> told.add(before + " " + (after == null ? "" : after.name())));
    informer.replay();
    simulation.runUntil(SECOND);
    assertThat(told).containsExactly("null m1", "null m2");
  }

  @Test
  void aStoppedInformerHearsNothingMore() {
    List<KubeObject> told = new ArrayList<>();
    Informer informer =
        Informer.of(
            server,
            MAPS,
            "test",
            (before, after) -> {
              if (after != null) {
                told.add(after);
              }
            });
    server.create(MAPS, object(1, 1));
    informer.stop();
    server.create(MAPS, object(2, 1));
    simulation.runUntil(SECOND);
    assertThat(told).isEmpty();
  }

  record Change(int name, int value, int afterMillis) {}

  @Provide
  Arbitrary<List<Change>> changes() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 20))
        .as(Change::new)
        .list()
        .ofMaxSize(60);
  }

  /** What an informer's listener would keep if it kept a copy: its view must say the same. */
  @Property(tries = 300)
  void theViewIsWhatTheListenerWasToldSoFar(@ForAll("changes") List<Change> changes) {
    Simulation run = new Simulation(Choices.seeded(7));
    ApiServer api = new ApiServer(run, Latencies.DEFAULT);
    Map<String, KubeObject> told = new TreeMap<>();
    Informer[] informer = new Informer[1];
    informer[0] =
        Informer.of(
            api,
            MAPS,
            "test",
            (before, after) -> {
              KubeObject object = after != null ? after : before;
              assertThat(object).isNotNull();
              assertThat(told.get(object.name())).isEqualTo(before);
              apply(told, object.name(), after);
              assertThat(informer[0].view().list(MAPS))
                  .containsExactlyInAnyOrderElementsOf(told.values());
            });
    for (Change change : changes) {
      KubeObject known = api.find(key(change.name()));
      if (known == null) {
        api.create(MAPS, object(change.name(), change.value()));
      } else if (change.value() == 0) {
        api.delete(key(change.name()), DeleteOptions.BACKGROUND);
      } else {
        api.update(MAPS, known.with(KubeMap.of("v", change.value()), "data"));
      }
      run.runUntil(run.now() + change.afterMillis() * MILLI);
    }
    run.runUntil(run.now() + SECOND);
    assertThat(told.values()).containsExactlyElementsOf(api.list(MAPS));
  }

  private static void apply(Map<String, KubeObject> told, String name, @Nullable KubeObject after) {
    if (after == null) {
      told.remove(name);
    } else {
      told.put(name, after);
    }
  }
}
