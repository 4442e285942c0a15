package dev.wavetank.scenarios.expect;

import com.google.common.collect.ImmutableList;
import dev.wavetank.scenarios.traffic.Traffic;
import org.jspecify.annotations.Nullable;

/** A figure of a traffic source: how many requests were sent, how they ended, how they spread. */
record TrafficFigure(String source, String figure, NumberBound bound) implements Expectation {

  static final ImmutableList<String> NAMES =
      ImmutableList.of("sent", "ok", "failed", "endpoints", "imbalance");

  @Override
  public String words() {
    return "traffic " + source + " has " + figure + ": " + bound;
  }

  @Override
  public boolean ofObjectsOnly() {
    return false;
  }

  @Override
  public @Nullable String unmet(ExpectationContext context) {
    Traffic traffic = context.traffic(source);
    if (traffic == null) {
      return "traffic " + source + " has not begun";
    }
    long value =
        switch (figure) {
          case "sent" -> traffic.sent();
          case "ok" -> traffic.ok();
          case "failed" -> traffic.failed();
          case "endpoints" -> traffic.perEndpoint().size();
          default -> traffic.imbalance();
        };
    return bound.holds(value)
        ? null
        : "traffic " + source + " has " + figure + ": " + value + ", expected " + bound;
  }
}
