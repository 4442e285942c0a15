package dev.wavetank.scenarios.expect;

import com.google.common.collect.ImmutableList;
import dev.wavetank.scenarios.traffic.Traffic;
import org.jspecify.annotations.Nullable;

/** A figure of a traffic source: how many requests were sent, how they ended, how they spread. */
record TrafficFigure(String source, String figure, NumberBound bound) implements Expectation {

  static final ImmutableList<String> NAMES =
      ImmutableList.of(
          "sent",
          "ok",
          "failed",
          "retried",
          "found",
          "endpoints",
          "imbalance",
          "p50-millis",
          "p90-millis",
          "p99-millis",
          "max-millis");

  private static final double MILLI = 1e6;

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
          case "retried" -> traffic.retried();
          case "found" -> traffic.found();
          case "p50-millis" -> millis(traffic, 0.5);
          case "p90-millis" -> millis(traffic, 0.9);
          case "p99-millis" -> millis(traffic, 0.99);
          case "max-millis" -> millis(traffic, 1);
          case "endpoints" -> traffic.perEndpoint().size();
          default -> traffic.imbalance();
        };
    return bound.holds(value)
        ? null
        : "traffic " + source + " has " + figure + ": " + value + ", expected " + bound;
  }

  private static long millis(Traffic traffic, double part) {
    return (long) Math.ceil(traffic.latency(part).toNanos() / MILLI);
  }
}
