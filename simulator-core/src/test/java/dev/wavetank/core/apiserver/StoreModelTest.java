package dev.wavetank.core.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The store, its watches and its indexes against a plain sorted map for each revision. */
class StoreModelTest {

  private static final ResourceType TYPE = ResourceType.CONFIG_MAPS;
  private static final long MILLI = 1_000_000L;

  /** What is done next; {@code name} also picks the watch, {@code value} also the time. */
  record Action(Kind kind, int name, int value) {}

  enum Kind {
    PUT,
    DELETE,
    WATCH,
    STOP,
    WAIT
  }

  @Provide
  Arbitrary<List<Action>> plans() {
    return Combinators.combine(
            Arbitraries.frequency(
                net.jqwik.api.Tuple.of(8, Kind.PUT),
                net.jqwik.api.Tuple.of(4, Kind.DELETE),
                net.jqwik.api.Tuple.of(2, Kind.WATCH),
                net.jqwik.api.Tuple.of(1, Kind.STOP),
                net.jqwik.api.Tuple.of(4, Kind.WAIT)),
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 40))
        .as(Action::new)
        .list()
        .ofMaxSize(80);
  }

  /** A watcher with its own copy of what it was told. */
  private static final class Watcher implements Watch.Handler {
    private final SortedMap<String, KubeObject> told;
    private final List<Long> revisions = new ArrayList<>();
    private final long startRevision;
    private Watch watch;

    Watcher(ApiServer server, SortedMap<String, KubeObject> start) {
      this.told = new TreeMap<>(start);
      this.startRevision = server.revision();
      this.watch = server.watch(TYPE, "watcher", null, this);
    }

    @Override
    public void deliver(Commit commit) {
      revisions.add(commit.revision());
      KubeObject after = commit.after();
      if (after == null) {
        told.remove(commit.key().name());
      } else {
        told.put(commit.key().name(), after);
      }
    }
  }

  /** The server under test, the model beside it, and what they have to agree on. */
  private static final class Run {
    private final Simulation simulation;
    private final ApiServer server;
    private final TreeMap<Long, SortedMap<String, KubeObject>> model = new TreeMap<>();
    private final List<Watcher> watchers = new ArrayList<>();

    Run(long seed) {
      simulation = new Simulation(Choices.seeded(seed));
      server = new ApiServer(simulation, new Latencies(0, 0, MILLI, 20 * MILLI));
      model.put(server.revision(), new TreeMap<>());
    }

    private SortedMap<String, KubeObject> newest() {
      return model.lastEntry().getValue();
    }

    void apply(Action action) {
      String name = "c" + action.name;
      switch (action.kind) {
        case PUT -> put(name, action.value);
        case DELETE -> delete(name);
        case WATCH -> watchers.add(new Watcher(server, newest()));
        case STOP -> {
          if (action.name < watchers.size()) {
            watchers.remove(action.name).watch.stop();
          }
        }
        case WAIT -> simulation.runUntil(simulation.now() + action.value * MILLI);
      }
    }

    private void put(String name, int value) {
      KubeMap metadata =
          KubeMap.of(
              "name",
              name,
              "namespace",
              "default",
              "labels",
              KubeMap.of("third", Integer.toString(value % 3)),
              "ownerReferences",
              KubeList.of(owner("u" + value % 2)));
      KubeObject sent =
          KubeObject.of(TYPE, metadata).with(Integer.toString(value), "data", "value");
      boolean present = newest().containsKey(name);
      KubeObject stored = present ? server.update(TYPE, sent) : server.create(TYPE, sent);
      remember(name, stored);
    }

    private static KubeMap owner(String uid) {
      return KubeMap.of("apiVersion", "v1", "kind", "X", "name", "x", "uid", uid);
    }

    private void delete(String name) {
      if (newest().containsKey(name)) {
        server.delete(ObjectKey.of(TYPE, "default", name), DeleteOptions.BACKGROUND);
        remember(name, null);
      }
    }

    private void remember(String name, KubeObject stored) {
      SortedMap<String, KubeObject> next = new TreeMap<>(newest());
      if (stored == null) {
        next.remove(name);
      } else {
        next.put(name, stored);
      }
      model.put(server.revision(), next);
    }

    void check() {
      assertThat(server.list(TYPE)).containsExactlyElementsOf(newest().values());
      agree(server.head(), newest());
      for (Watcher watcher : watchers) {
        long revision = watcher.watch.view().revision();
        SortedMap<String, KubeObject> seen = model.floorEntry(revision).getValue();
        assertThat(watcher.told).isEqualTo(seen);
        agree(watcher.watch.view(), seen);
        assertThat(watcher.revisions)
            .containsExactlyElementsOf(
                model.subMap(watcher.startRevision, false, revision, true).keySet());
      }
    }

    private static void agree(Snapshot snapshot, SortedMap<String, KubeObject> expected) {
      assertThat(snapshot.list(TYPE)).containsExactlyInAnyOrderElementsOf(expected.values());
      for (int i = 0; i < 3; i++) {
        String third = Integer.toString(i);
        LabelSelector selector = LabelSelector.ofLabels(KubeMap.of("third", third));
        assertThat(snapshot.list(TYPE, "default", selector))
            .containsExactlyInAnyOrderElementsOf(
                select(expected, object -> third.equals(object.labels().get("third"))));
        String uid = "u" + i;
        assertThat(snapshot.ownedBy(TYPE, uid))
            .containsExactlyInAnyOrderElementsOf(
                select(expected, object -> uid.equals(object.ownerReferences().map(0).get("uid"))));
      }
    }

    private static List<KubeObject> select(
        SortedMap<String, KubeObject> objects, Predicate<KubeObject> wanted) {
      return objects.values().stream().filter(wanted).toList();
    }

    void end() {
      simulation.runUntil(simulation.now() + 1000 * MILLI);
      check();
      assertThat(watchers).allMatch(watcher -> watcher.watch.caughtUp());
      assertThat(server.store().historySize()).as("nobody waits for history").isZero();
    }
  }

  @Property(tries = 300)
  void storeAndWatchesAgreeWithASortedMap(@ForAll("plans") List<Action> plan, @ForAll long seed) {
    Run run = new Run(seed);
    for (Action action : plan) {
      run.apply(action);
      run.check();
    }
    run.end();
  }
}
