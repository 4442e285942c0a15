package dev.wavetank.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TypedJsonTest {

  private static final SchemaType POD = schema(ResourceType.PODS);

  private static final KubeMap SAMPLE =
      KubeMap.of(
          "status",
          KubeMap.of("phase", "Running", "podIPs", KubeList.of(KubeMap.of("ip", "10.0.0.7"))),
          "unheardOf",
          KubeMap.of("z", 1L, "a", KubeList.of(KubeMap.of("y", true, "b", "\u00fc"))),
          "metadata",
          KubeMap.of(
              "labels",
              KubeMap.of("tier", "front \"end\"", "app", "w\u0000b", "\ud83d\ude00", "smile"),
              "name",
              "web"),
          "spec",
          KubeMap.of(
              "containers",
              KubeList.of(
                  KubeMap.of(
                      "resources",
                      KubeMap.of("limits", KubeMap.of("memory", "1Gi", "cpu", "2")),
                      "image",
                      "nginx",
                      "name",
                      "c")),
              "nodeName",
              "node-1"),
          "kind",
          "Pod",
          "apiVersion",
          "v1");

  private static SchemaType schema(ResourceType type) {
    SchemaType known = Schema.builtIn().kindOf(type);
    assertThat(known).isNotNull();
    return known;
  }

  @Test
  void fieldsComeInTheOrderOfTheSchemaAndLabelsByKey() {
    KubeMap pod =
        KubeMap.of(
            "spec",
            KubeMap.of("nodeName", "n", "containers", KubeList.EMPTY),
            "metadata",
            KubeMap.of("labels", KubeMap.of("b", "2", "a", "1")),
            "kind",
            "Pod");
    assertThat(TypedJson.write(pod, POD))
        .isEqualTo(
            "{\"kind\":\"Pod\",\"metadata\":{\"labels\":{\"a\":\"1\",\"b\":\"2\"}},"
                + "\"spec\":{\"containers\":[],\"nodeName\":\"n\"},\"status\":{}}");
  }

  @Property(tries = 200)
  void theTextIsThatOfTheOrderedTree(@ForAll long seed) {
    KubeMap pod = (KubeMap) shuffled(SAMPLE, new Random(seed));
    assertThat(TypedJson.write(pod, POD))
        .isEqualTo(Json.write(TypedJson.ordered(pod, POD)))
        .isEqualTo(TypedJson.write(SAMPLE, POD));
  }

  /** Some of the fields of an object, and of their fields, each as it is or made anew. */
  private static KubeMap changed(KubeMap object, Random random, int depth) {
    KubeMap.Builder out = KubeMap.builder();
    for (int i = 0; i < object.keySet().size(); i++) {
      String key = object.keyAt(i);
      Object value = object.get(key);
      switch (random.nextInt(4)) {
        case 0 -> out.put(key, value instanceof String ? value + "x" : shuffled(value, random));
        case 1 ->
            out.put(
                key,
                value instanceof KubeMap map && depth < 3
                    ? changed(map, random, depth + 1)
                    : value);
        case 2 -> {
          if (depth < 3) {
            out.put(key, value);
          }
        }
        default -> out.put(key, value);
      }
    }
    return out.build();
  }

  @Property(tries = 300)
  void whatIsCopiedFromATextIsWhatWouldBeWrittenFromNothing(@ForAll long seed) {
    Random random = new Random(seed);
    JsonTexts texts = new JsonTexts();
    KubeMap pod = SAMPLE;
    for (int step = 0; step < 12; step++) {
      JsonBuffer out = new JsonBuffer();
      TypedJson.write(pod, POD, out, texts);
      assertThat(out.toString()).isEqualTo(Json.write(TypedJson.ordered(pod, POD)));
      pod = changed(random.nextInt(3) == 0 ? SAMPLE : pod, random, 0);
    }
  }

  private static Object shuffled(Object value, Random random) {
    if (value instanceof KubeList list) {
      List<Object> items = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        items.add(shuffled(list.get(i), random));
      }
      return KubeList.copyOf(items);
    }
    if (!(value instanceof KubeMap map)) {
      return value;
    }
    List<String> keys = new ArrayList<>();
    map.keys().forEach(keys::add);
    Collections.shuffle(keys, random);
    KubeMap.Builder made = KubeMap.builder();
    for (String key : keys) {
      Object child = map.get(key);
      made.put(key, child == null ? null : shuffled(child, random));
    }
    return made.build();
  }
}
