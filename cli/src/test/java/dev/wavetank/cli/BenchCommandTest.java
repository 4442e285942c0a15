package dev.wavetank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The benchmarks do their work and report it; how fast they are is no matter of a test. */
class BenchCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Wavetank.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(args);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "kernel --pending 1000, eventsPerCpuSecond",
    "rollout --deployments 3 --replicas 1 --nodes 2, deploymentsPerCpuSecond",
    "cluster --nodes 4 --pods 20, podsPerCpuSecond",
    "idle --nodes 2 --pods 4 --hours 1, speedup",
    "connections --services 3 --endpoints 2 --count 50, connectionsPerCpuSecond",
    "connections --services 3 --endpoints 2 --count 999 --look-up-once, connectionsPerCpuSecond",
    "scheduler --case basic --nodes 10 --init-pods 5 --pods 20, podsPerCpuSecond",
    "scheduler --case preemption --nodes 4 --init-pods 16 --pods 2, podsPerCpuSecond",
    "scheduler --case anti-affinity --nodes 20 --init-pods 2 --pods 5, podsPerCpuSecond",
  })
  void aBenchReportsItsFigure(String line, String figure) throws IOException {
    String[] args = ("bench " + line + " --warmup 0 -o json").split(" ");
    assertThat(run(args)).as(err.toString()).isZero();
    JsonNode report = json();
    assertThat(ImmutableList.copyOf(report.fieldNames()))
        .contains(
            "bench",
            "parameters",
            "wallSeconds",
            "cpuSeconds",
            "peakHeapMiB",
            "virtualSeconds",
            "events",
            "commits",
            "traceHash",
            figure);
    assertThat(report.path(figure).asDouble()).isPositive();
  }

  @Test
  void everyPodOfTheClusterBenchBecomesReady() throws IOException {
    assertThat(
            run("bench", "cluster", "--nodes", "4", "--pods", "20", "--warmup", "0", "-o", "json"))
        .isZero();
    assertThat(json().path("pending").asInt(-1)).isZero();
  }

  @Test
  void sizesOutOfBoundsAreUsageErrors() {
    assertThat(run("bench", "cluster", "--nodes", "-1")).isEqualTo(2);
    assertThat(run("bench", "kernel", "--pending", "0")).isEqualTo(2);
    assertThat(run("bench", "sprint")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }
}
