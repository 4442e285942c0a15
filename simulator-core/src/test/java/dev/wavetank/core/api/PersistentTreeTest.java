package dev.wavetank.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Maps, lists and objects against those of java.util; a change never shows in an older version. */
class PersistentTreeTest {

  /** Sets a key, or takes it out where the value is null. */
  record Change(String key, @Nullable Long value) {}

  /** One version and what it is expected to be for ever. */
  private record Version<T, M>(T tree, M model, int hash, String text) {}

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<String> keys = Arbitraries.integers().between(0, 90).map(i -> "k" + i);
    Arbitrary<Long> values = Arbitraries.longs().between(0, 3).injectNull(0.3);
    return Combinators.combine(keys, values).as(Change::new).list().ofMaxSize(150);
  }

  private static Map<String, Object> entries(KubeMap map) {
    Map<String, Object> entries = new LinkedHashMap<>();
    map.forEach(entries::put);
    return entries;
  }

  @Property(tries = 300)
  void aMapIsALinkedHashMapOfWhichEachVersionStays(@ForAll("changes") List<Change> changes) {
    KubeMap map = KubeMap.EMPTY;
    Map<String, Object> model = new LinkedHashMap<>();
    List<Version<KubeMap, Map<String, Object>>> versions = new ArrayList<>();
    for (Change change : changes) {
      map = map.with(change.key, change.value);
      if (change.value == null) {
        model.remove(change.key);
      } else {
        model.put(change.key, change.value);
      }
      versions.add(new Version<>(map, new LinkedHashMap<>(model), map.hashCode(), map.toString()));
    }
    for (Version<KubeMap, Map<String, Object>> version : versions) {
      assertThat(entries(version.tree)).containsExactlyEntriesOf(version.model);
      assertThat(version.tree).hasSameHashCodeAs(KubeMap.copyOf(version.model));
      assertThat(version.tree.hashCode()).isEqualTo(version.hash);
      assertThat(version.tree).isEqualTo(KubeMap.copyOf(version.model)).hasToString(version.text);
      for (int i = 0; i <= 90; i++) {
        assertThat(version.tree.get("k" + i)).isEqualTo(version.model.get("k" + i));
      }
    }
  }

  @Property
  void theOrderOfKeysDoesNotMatterForEquality(@ForAll("changes") List<Change> changes) {
    Map<String, Object> model = new LinkedHashMap<>();
    changes.forEach(change -> model.put(change.key, change.value == null ? 7L : change.value));
    List<String> keys = new ArrayList<>(model.keySet());
    KubeMap backwards = KubeMap.EMPTY;
    for (int i = keys.size() - 1; i >= 0; i--) {
      backwards = backwards.with(keys.get(i), model.get(keys.get(i)));
    }
    assertThat(backwards).isEqualTo(KubeMap.copyOf(model));
    assertThat(backwards).hasSameHashCodeAs(KubeMap.copyOf(model));
  }

  @Property
  void whatDoesNotChangeIsTheSame(@ForAll("changes") List<Change> changes) {
    KubeMap map = KubeMap.EMPTY;
    for (Change change : changes) {
      KubeMap next = map.with(change.key, change.value);
      assertThat(next == map).isEqualTo(next.equals(map));
      map = next;
    }
    assertThat(map.with("absent", null)).isSameAs(map);
  }

  @Property
  void aListIsAnArrayListOfWhichEachVersionStays(@ForAll List<Integer> numbers) {
    KubeList list = KubeList.EMPTY;
    List<Object> model = new ArrayList<>();
    List<Version<KubeList, List<Object>>> versions = new ArrayList<>();
    for (int number : numbers) {
      int place = model.isEmpty() ? 0 : Math.floorMod(number, model.size());
      if (number % 3 == 0 && !model.isEmpty()) {
        list = list.without(place);
        model.remove(place);
      } else if (number % 3 == 1 && !model.isEmpty()) {
        list = list.with(place, (long) number);
        model.set(place, (long) number);
      } else {
        list = list.plus((long) number);
        model.add((long) number);
      }
      versions.add(new Version<>(list, List.copyOf(model), list.hashCode(), list.toString()));
    }
    for (Version<KubeList, List<Object>> version : versions) {
      assertThat(version.tree).containsExactlyElementsOf(version.model);
      assertThat(version.tree).isEqualTo(KubeList.copyOf(version.model));
      assertThat(version.tree.hashCode()).isEqualTo(version.hash);
      for (Object element : version.model) {
        assertThat(version.tree.indexOf(element)).isEqualTo(version.model.indexOf(element));
      }
    }
  }

  @Property
  void anObjectSharesWhatAChangeDoesNotTouch(@ForAll("changes") List<Change> changes) {
    KubeObject object =
        KubeObject.of(ResourceType.CONFIG_MAPS, KubeMap.of("name", "c"))
            .with(1L, "spec", "deep", "deeper");
    KubeMap spec = object.spec();
    KubeMap metadata = object.metadata();
    for (Change change : changes) {
      KubeObject changed = object.with(change.value, "data", change.key);
      assertThat(changed.spec()).isSameAs(spec);
      assertThat(changed.metadata()).isSameAs(metadata);
      assertThat(changed.at("data", change.key)).isEqualTo(change.value);
      object = changed;
    }
  }
}
