package dev.wavetank.core.controller.namespace;

import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How many objects of a namespace each finalizer keeps. */
final class FinalizerCounts {

  private final Map<String, Integer> counts = new TreeMap<>();

  /** Counts those of more objects; false when none of them has any. */
  boolean count(List<KubeObject> objects) {
    boolean any = false;
    for (KubeObject object : objects) {
      for (Object finalizer : object.finalizers()) {
        counts.merge(finalizer.toString(), 1, Integer::sum);
        any = true;
      }
    }
    return any;
  }

  /** One phrase a finalizer, in the order of their text. */
  List<String> phrases() {
    List<String> phrases = new ArrayList<>();
    counts.forEach(
        (finalizer, count) -> phrases.add(finalizer + " in " + count + " resource instances"));
    return phrases;
  }
}
