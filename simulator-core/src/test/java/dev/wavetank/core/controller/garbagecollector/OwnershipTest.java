package dev.wavetank.core.controller.garbagecollector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.DeleteOptions.Propagation;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.sim.Choices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is left after deletions in any graph of owners, cycles and absent owners included. */
class OwnershipTest {

  private static final int OBJECTS = 5;

  /** An owner reference; an owner of {@link #OBJECTS} or more never existed. */
  record Edge(int dependent, int owner, boolean blocks) {}

  /** A deletion, and whether the cluster comes to rest after it. */
  record Deletion(int object, Propagation propagation, boolean settle) {}

  record Plan(long seed, boolean late, List<Edge> edges, List<Deletion> deletions) {}

  @Provide
  Arbitrary<Plan> plans() {
    Arbitrary<Edge> edge =
        Combinators.combine(
                Arbitraries.integers().between(0, OBJECTS - 1),
                Arbitraries.frequencyOf(
                    net.jqwik.api.Tuple.of(9, Arbitraries.integers().between(0, OBJECTS - 1)),
                    net.jqwik.api.Tuple.of(1, Arbitraries.just(OBJECTS))),
                Arbitraries.of(true, false))
            .as(Edge::new);
    Arbitrary<Deletion> deletion =
        Combinators.combine(
                Arbitraries.integers().between(0, OBJECTS - 1),
                Arbitraries.of(Propagation.values()),
                Arbitraries.of(true, false))
            .as(Deletion::new);
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.of(true, false),
            edge.list().ofMaxSize(12),
            deletion.list().ofMaxSize(4))
        .as(Plan::new);
  }

  /** What a reader of the documentation expects: who has only owners that are gone goes too. */
  private static final class Model {
    final Map<Integer, Set<Integer>> owners = new TreeMap<>();

    Model(Map<Integer, Map<Integer, Boolean>> edges) {
      for (int i = 0; i < OBJECTS; i++) {
        owners.put(i, new TreeSet<>(edges.getOrDefault(i, Map.of()).keySet()));
      }
      collect();
    }

    void delete(Deletion deletion) {
      if (deletion.propagation() == Propagation.ORPHAN) {
        owners.values().forEach(of -> of.remove(deletion.object()));
      }
      owners.remove(deletion.object());
      collect();
    }

    private void collect() {
      boolean changed = true;
      while (changed) {
        changed =
            owners
                .values()
                .removeIf(of -> !of.isEmpty() && of.stream().noneMatch(owners::containsKey));
      }
      owners.values().forEach(of -> of.removeIf(owner -> !owners.containsKey(owner)));
    }
  }

  private static ObjectKey key(int object) {
    return ObjectKey.of(ResourceType.CONFIG_MAPS, "default", "o" + object);
  }

  private static void build(ControlPlane plane, Map<Integer, Map<Integer, Boolean>> edges) {
    Map<Integer, String> uids = new TreeMap<>();
    for (int i = 0; i < OBJECTS; i++) {
      uids.put(
          i,
          plane
              .server
              .create(
                  ResourceType.CONFIG_MAPS,
                  KubeObject.of(ResourceType.CONFIG_MAPS, KubeMap.of("name", "o" + i)))
              .uid());
    }
    edges.forEach(
        (dependent, owners) -> {
          List<KubeMap> references = new ArrayList<>();
          owners.forEach(
              (owner, blocks) ->
                  references.add(
                      KubeMap.of(
                          "apiVersion",
                          "v1",
                          "kind",
                          "ConfigMap",
                          "name",
                          "o" + owner,
                          "uid",
                          uids.getOrDefault(owner, "never"),
                          "blockOwnerDeletion",
                          blocks)));
          plane.server.patch(
              ResourceType.CONFIG_MAPS,
              key(dependent),
              found -> found.with(KubeList.copyOf(references), "metadata", "ownerReferences"));
        });
  }

  private static Map<Integer, Set<Integer>> left(ControlPlane plane) {
    Map<Integer, Set<Integer>> left = new TreeMap<>();
    for (KubeObject object : plane.list(ResourceType.CONFIG_MAPS)) {
      Set<Integer> owners = new TreeSet<>();
      for (KubeMap reference : object.ownerReferences().maps()) {
        owners.add(Integer.parseInt(reference.string("name", "").substring(1)));
      }
      left.put(Integer.parseInt(object.name().substring(1)), owners);
    }
    return left;
  }

  private static boolean cyclic(Map<Integer, Map<Integer, Boolean>> edges) {
    Map<Integer, Set<Integer>> left = new TreeMap<>();
    edges.forEach((dependent, owners) -> left.put(dependent, owners.keySet()));
    boolean changed = true;
    while (changed) {
      changed = left.values().removeIf(owners -> owners.stream().noneMatch(left::containsKey));
    }
    return !left.isEmpty();
  }

  @Property(tries = 600)
  void wl_GC_01_02_03_whatIsLeftHasAnOwnerThatIsLeftOrNeverHadOne(@ForAll("plans") Plan plan) {
    Map<Integer, Map<Integer, Boolean>> edges = new TreeMap<>();
    for (Edge edge : plan.edges()) {
      if (edge.dependent() != edge.owner()) {
        edges
            .computeIfAbsent(edge.dependent(), d -> new TreeMap<>())
            .put(edge.owner(), edge.blocks());
      }
    }
    Latencies latencies =
        plan.late()
            ? new Latencies(0, 5 * ControlPlane.MILLI, 0, 3 * ControlPlane.SECOND)
            : Latencies.DEFAULT;
    ControlPlane plane = new ControlPlane(Choices.seeded(plan.seed()), latencies);
    build(plane, edges);
    Model model = new Model(edges);
    GarbageCollector collector = new GarbageCollector(plane.server);
    plane.run(60);
    assertThat(left(plane)).isEqualTo(model.owners);
    boolean settled = true;
    boolean cyclic = cyclic(edges);
    for (Deletion deletion : plan.deletions()) {
      // Orphaning races with deletions by design: it is judged from rest to rest. So are deletions
      // in the foreground where owners form a cycle: like upstream they can block each other for
      // ever, see GarbageCollectorTest.wl_GC_02_twoForeground….
      boolean alone =
          deletion.propagation() == Propagation.ORPHAN
              || (cyclic && deletion.propagation() == Propagation.FOREGROUND);
      if (alone && !settled) {
        plane.run(60);
      }
      KubeObject object = plane.server.find(key(deletion.object()));
      if (object == null || object.terminating()) {
        continue;
      }
      plane.server.delete(
          key(deletion.object()), DeleteOptions.BACKGROUND.withPropagation(deletion.propagation()));
      model.delete(deletion);
      settled = deletion.settle() || alone;
      if (settled) {
        plane.run(60);
        assertThat(left(plane)).isEqualTo(model.owners);
      }
    }
    plane.run(120);
    assertThat(left(plane)).isEqualTo(model.owners);
    assertThat(collector.graphSize()).isEqualTo(model.owners.size());
    assertThat(plane.simulation.pending()).isZero();
  }
}
