package dev.wavetank.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wavetank.core.sim.SimulationBug;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The figures of one benchmark. */
final class BenchReport {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double SECOND = 1e9;

  private final String name;
  private final Map<String, Object> parameters;
  private final Measurement measured;
  private final Map<String, Double> figures = new LinkedHashMap<>();

  BenchReport(String name, Map<String, Object> parameters, Measurement measured) {
    this.name = name;
    this.parameters = parameters;
    this.measured = measured;
    measured
        .done()
        .work()
        .forEach((unit, amount) -> figures.put(unit + "PerCpuSecond", rate(unit)));
    measured.done().figures().forEach((figure, value) -> figures.put(figure, (double) value));
  }

  /** So much of a unit for each second of processor time. */
  double rate(String unit) {
    Long amount = measured.done().work().get(unit);
    return (amount == null ? 0 : amount) / measured.cpuSeconds();
  }

  double virtualSeconds() {
    return measured.done().virtualNanos() / SECOND;
  }

  double wallSeconds() {
    return measured.wallSeconds();
  }

  void figure(String figure, double value) {
    figures.put(figure, value);
  }

  /** Checks that another run of the same work came to the same. */
  void require(String otherHash, String what) {
    SimulationBug.check(measured.done().traceHash().equals(otherHash), what);
  }

  /** Prints the report and returns the exit code. */
  int print(PrintWriter out, RunCommand.Format format) {
    if (format == RunCommand.Format.JSON) {
      out.println(json());
      return ExitCode.OK;
    }
    out.println("bench " + name + " " + parameters);
    line(out, "wallSeconds", measured.wallSeconds());
    line(out, "cpuSeconds", measured.cpuSeconds());
    line(out, "peakHeapMiB", (double) measured.peakHeapMebibytes());
    line(out, "virtualSeconds", virtualSeconds());
    line(out, "events", (double) measured.done().events());
    line(out, "commits", (double) measured.done().commits());
    out.printf(Locale.ROOT, "  %-34s %s%n", "traceHash", measured.done().traceHash());
    figures.forEach((figure, value) -> line(out, figure, value));
    return ExitCode.OK;
  }

  private static void line(PrintWriter out, String figure, double value) {
    boolean whole = value == Math.rint(value) || Math.abs(value) >= 100;
    out.printf(Locale.ROOT, "  %-34s " + (whole ? "%.0f%n" : "%.3f%n"), figure, value);
  }

  private String json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("bench", name);
    ObjectNode given = root.putObject("parameters");
    parameters.forEach((parameter, value) -> given.putPOJO(parameter, value));
    root.put("wallSeconds", measured.wallSeconds())
        .put("cpuSeconds", measured.cpuSeconds())
        .put("peakHeapMiB", measured.peakHeapMebibytes())
        .put("virtualSeconds", virtualSeconds())
        .put("events", measured.done().events())
        .put("commits", measured.done().commits())
        .put("traceHash", measured.done().traceHash());
    figures.forEach(root::put);
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
