package dev.wavetank.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wavetank.scenarios.RunResult;
import dev.wavetank.scenarios.traffic.Traffic;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** A run's result as JSON and as lines for people. */
final class RunReport {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double SECOND = 1e9;
  private static final double MILLI = 1e6;

  private RunReport() {}

  /** One object on one line, without a line break. */
  static String json(RunResult result) {
    ObjectNode root = JSON.createObjectNode();
    root.put("scenario", result.scenario())
        .put("seed", result.seed())
        .put("passed", result.passed())
        .put("virtualSeconds", result.virtualNanos() / SECOND)
        .put("events", result.events())
        .put("commits", result.commits())
        .put("traceHash", result.traceHash());
    ArrayNode expectations = root.putArray("expectations");
    for (RunResult.Expected expected : result.expectations()) {
      ObjectNode node = expectations.addObject();
      node.put("name", expected.name()).put("passed", expected.passed());
      if (expected.atNanos() < 0) {
        node.putNull("atSeconds");
      } else {
        node.put("atSeconds", expected.atNanos() / SECOND);
      }
      node.put("message", expected.message());
    }
    ObjectNode traffic = root.putObject("traffic");
    result.traffic().forEach(source -> traffic(traffic.putObject(source.name()), source));
    ObjectNode objects = root.putObject("objects");
    result.objects().forEach(objects::put);
    if (!result.passed()) {
      root.put("failure", result.failure()).put("failureEvent", result.failureEvent());
    }
    root.put("replay", result.replay());
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void traffic(ObjectNode node, Traffic source) {
    node.put("sent", source.sent()).put("ok", source.ok());
    ObjectNode failed = node.putObject("failed");
    source.failures().forEach(failed::put);
    ObjectNode perEndpoint = node.putObject("perEndpoint");
    source.perEndpoint().forEach(perEndpoint::put);
    ObjectNode latency = node.putObject("latencyMillis");
    latency
        .put("p50", millis(source.latency(0.50)))
        .put("p90", millis(source.latency(0.90)))
        .put("p99", millis(source.latency(0.99)))
        .put("max", millis(source.latency(1)));
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / MILLI;
  }

  /** The run in one line. */
  static String line(RunResult result) {
    long met = result.expectations().stream().filter(RunResult.Expected::passed).count();
    return String.format(
        Locale.ROOT,
        "%s  %s, seed %d: %d of %d expectations, %.0f s, trace %s",
        result.passed() ? "passed" : "FAILED",
        result.scenario(),
        result.seed(),
        met,
        result.expectations().size(),
        result.virtualNanos() / SECOND,
        result.traceHash());
  }

  /** A traffic source in one line. */
  static String line(Traffic source) {
    StringBuilder out = new StringBuilder();
    out.append("traffic ").append(source.name()).append(": ").append(source.sent());
    out.append(" sent, ").append(source.ok()).append(" ok");
    for (Map.Entry<String, Long> failure : source.failures().entrySet()) {
      out.append(", ").append(failure.getValue()).append(' ').append(failure.getKey());
    }
    out.append(
        String.format(
            Locale.ROOT,
            "; latency p50 %.1f ms, p99 %.1f ms",
            millis(source.latency(0.50)),
            millis(source.latency(0.99))));
    source
        .perEndpoint()
        .forEach((endpoint, count) -> out.append("; ").append(endpoint).append(' ').append(count));
    return out.toString();
  }
}
