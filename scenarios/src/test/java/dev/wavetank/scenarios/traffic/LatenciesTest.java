package dev.wavetank.scenarios.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class LatenciesTest {

  private static final double[] PARTS = {0.5, 0.9, 0.99};

  @Test
  void withoutRequestsThereIsNoLatency() {
    assertThat(new Latencies().percentile(0.99)).isZero();
  }

  @Property(tries = 200)
  void aPercentileIsThatOfTheSortedTimesToThreeDigits(
      @ForAll @NotEmpty List<@LongRange(min = 0, max = 3_600_000_000_000L) Long> times) {
    Latencies latencies = new Latencies();
    times.forEach(latencies::record);
    List<Long> sorted = times.stream().sorted().toList();
    for (double part : PARTS) {
      long exact = sorted.get((int) Math.ceil(part * sorted.size()) - 1);
      assertThat(latencies.percentile(part)).isBetween(exact, exact + exact / 1000 + 1);
    }
  }

  @Property(tries = 100)
  void theMaximumIsExact(
      @ForAll @NotEmpty List<@LongRange(min = 0, max = 3_600_000_000_000L) Long> times) {
    Latencies latencies = new Latencies();
    times.forEach(latencies::record);
    assertThat(latencies.percentile(1)).isEqualTo(Collections.max(times));
  }
}
