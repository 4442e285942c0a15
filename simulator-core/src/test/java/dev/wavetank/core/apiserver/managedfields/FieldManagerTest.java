package dev.wavetank.core.apiserver.managedfields;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.apiserver.patch.LastApplied;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FieldManagerTest {

  private static final String TIME = "2026-01-01T00:00:00Z";

  private final FieldManager configMaps =
      FieldManager.of(Schema.builtIn().kind("v1", "ConfigMap"), "v1", "");
  private final KubeObject nothing =
      KubeObject.of(KubeMap.of("apiVersion", "v1", "kind", "ConfigMap"));

  private KubeObject configMap(KubeMap data) {
    return nothing
        .withMetadata(KubeMap.of("name", "c"))
        .withRoot(nothing.withMetadata(KubeMap.of("name", "c")).root().with("data", data));
  }

  @Provide
  Arbitrary<KubeMap> data() {
    Arbitrary<String> keys = Arbitraries.of("a", "b", "c", "d");
    Arbitrary<String> values = Arbitraries.of("1", "2", "3");
    return Arbitraries.maps(keys, values).ofMinSize(1).ofMaxSize(4).map(FieldManagerTest::sorted);
  }

  private static KubeMap sorted(Map<String, String> entries) {
    KubeMap.Builder map = KubeMap.builder();
    entries.keySet().stream().sorted().forEach(key -> map.put(key, entries.get(key)));
    return map.build();
  }

  @Property
  void whatIsForcedIsThere(@ForAll("data") KubeMap first, @ForAll("data") KubeMap second) {
    KubeObject live = configMaps.apply(nothing, configMap(first), "m1", false, TIME);
    KubeObject next = configMaps.apply(live, configMap(second), "m2", true, TIME);
    second.forEach((key, value) -> assertThat(next.root().at("data", key)).isEqualTo(value));
  }

  @Property
  void anApplyTwiceIsAnApplyOnce(@ForAll("data") KubeMap first, @ForAll("data") KubeMap second) {
    KubeObject live = configMaps.apply(nothing, configMap(first), "m1", false, TIME);
    KubeObject once = configMaps.apply(live, configMap(second), "m2", true, TIME);
    assertThat(configMaps.apply(once, configMap(second), "m2", true, "2027-01-01T00:00:00Z"))
        .isEqualTo(once);
  }

  @Property
  void aManagerThatAppliesNothingLeavesWhatOthersWant(
      @ForAll("data") KubeMap first, @ForAll("data") KubeMap second) {
    KubeObject live = configMaps.apply(nothing, configMap(first), "m1", false, TIME);
    live = configMaps.apply(live, configMap(second), "m2", true, TIME);
    KubeObject left = nothing.withMetadata(KubeMap.of("name", "c"));
    KubeMap data = configMaps.apply(live, left, "m1", false, TIME).root().mapOrEmpty("data");
    assertThat(data).isEqualTo(second);
  }

  @Property
  void everyFieldOfAnAppliedObjectHasAnOwner(@ForAll("data") KubeMap first) {
    KubeObject live = configMaps.apply(nothing, configMap(first), "m1", false, TIME);
    KubeMap fields = live.metadata().listOrEmpty("managedFields").map(0).mapOrEmpty("fieldsV1");
    first.forEach((key, value) -> assertThat(fields.at("f:data", "f:" + key)).isNotNull());
  }

  @Property
  void setsAreReadAsTheyAreWritten(@ForAll("data") KubeMap first) {
    FieldSet set =
        TypedPatch.fields(
            configMap(first).root(), FieldType.of(Schema.builtIn().kind("v1", "ConfigMap")));
    assertThat(FieldSet.ofFields(set.toFields())).isEqualTo(set);
    assertThat(set.difference(set)).isEqualTo(FieldSet.EMPTY);
    assertThat(set.union(set)).isEqualTo(set);
    assertThat(set.intersection(set)).isEqualTo(set);
  }

  @Test
  void tooManyWritersAreCountedAsOne() {
    KubeObject live = nothing;
    for (int i = 0; i < 15; i++) {
      String key = "k" + (char) ('a' + i);
      KubeObject next = live.with("v", "data", key).with("c", "metadata", "name");
      live = configMaps.update(live, next, "m" + key, "2026-01-01T00:00:" + (10 + i) + "Z");
    }
    List<String> managers =
        java.util.stream.StreamSupport.stream(
                live.metadata().listOrEmpty("managedFields").maps().spliterator(), false)
            .map(entry -> entry.string("manager", ""))
            .toList();
    assertThat(managers).hasSize(FieldManager.UPDATE_MANAGERS_MAX).contains("ancient-changes");
  }

  @Test
  void anOwnerWhoseApplyChangesNothingHasNoTimeAndComesFirst() {
    KubeObject live = configMaps.apply(nothing, configMap(KubeMap.of("a", "1")), "m1", false, TIME);
    KubeObject next = configMaps.apply(live, configMap(KubeMap.of("a", "1")), "m2", false, TIME);
    KubeList owners = next.metadata().listOrEmpty("managedFields");
    assertThat(owners.map(0).get("manager")).isEqualTo("m2");
    assertThat(owners.map(0).has("time")).isFalse();
    assertThat(owners.map(1).get("time")).isEqualTo(TIME);
  }

  @Test
  void kubectlsApplyKeepsWhatWasAppliedWithoutEmptyAnnotations() {
    KubeObject applied = configMap(KubeMap.of("a", "2"));
    KubeObject live = LastApplied.on(configMap(KubeMap.of("a", "1")));
    KubeObject next = configMaps.apply(live, applied, "kubectl", true, TIME);
    assertThat(next.annotations().get(LastApplied.ANNOTATION))
        .isEqualTo(
            "{\"apiVersion\":\"v1\",\"data\":{\"a\":\"2\"},\"kind\":\"ConfigMap\","
                + "\"metadata\":{\"name\":\"c\"}}\n");
    KubeObject others = configMaps.apply(live, applied, "gitops", true, TIME);
    assertThat(others.annotations()).isEqualTo(live.annotations());
  }

  @Test
  void itemsOfAListKeepTheirPlaceBesideTheirNeighbours() {
    FieldManager pods = FieldManager.of(Schema.builtIn().kind("v1", "Pod"), "v1", "");
    KubeObject live = pods.apply(pod(), pod("a", "b", "c"), "m1", false, TIME);
    KubeObject next = pods.apply(live, pod("c", "x", "a"), "m2", false, TIME);
    StringBuilder order = new StringBuilder();
    next.spec().listOrEmpty("containers").maps().forEach(c -> order.append(c.get("name")));
    assertThat(order.indexOf("c")).isLessThan(order.indexOf("x"));
    assertThat(order.indexOf("x")).isLessThan(order.indexOf("a"));
    assertThat(order).hasSize(4);
  }

  private static KubeObject pod(String... containers) {
    KubeObject pod = KubeObject.of(KubeMap.of("apiVersion", "v1", "kind", "Pod"));
    KubeList list = KubeList.EMPTY;
    for (String name : containers) {
      list = list.plus(KubeMap.of("name", name));
    }
    return list.isEmpty() ? pod : pod.withSpec(KubeMap.of("containers", list));
  }
}
