package dev.wavetank.scenarios.expect;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;

/** How often the containers of pods were restarted, all together. */
record Restarts(ObjectSet objects, NumberBound bound) implements Expectation {

  @Override
  public String words() {
    return "restarts of " + objects + ": " + bound;
  }

  @Override
  public @Nullable String unmet(ExpectationContext context) {
    long restarts = 0;
    for (KubeObject pod : objects.in(context.cluster(), context.namespace())) {
      for (KubeMap container : pod.status().listOrEmpty("containerStatuses").maps()) {
        restarts += container.number("restartCount", 0);
      }
    }
    return bound.holds(restarts)
        ? null
        : "restarts of " + objects + ": " + restarts + ", expected " + bound;
  }
}
