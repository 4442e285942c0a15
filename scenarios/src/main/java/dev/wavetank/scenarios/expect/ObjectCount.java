package dev.wavetank.scenarios.expect;

import dev.wavetank.core.api.KubeObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many objects there are; those that are being deleted do not count. */
record ObjectCount(ObjectSet objects, NumberBound bound) implements Expectation {

  @Override
  public String words() {
    return "count of " + objects + ": " + bound;
  }

  @Override
  public @Nullable String unmet(ExpectationContext context) {
    List<KubeObject> found = objects.in(context.cluster(), context.namespace());
    long count = found.stream().filter(object -> !object.terminating()).count();
    return bound.holds(count) ? null : "count of " + objects + ": " + count + ", expected " + bound;
  }
}
