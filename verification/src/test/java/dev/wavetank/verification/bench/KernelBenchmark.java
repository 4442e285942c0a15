package dev.wavetank.verification.bench;

import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The event queue under the hold model: each step takes the first event and schedules one, so that
 * the number of pending events stays. {@code PriorityQueue} is the yardstick in the same run.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
  private static final long DELAY_NANOS_MAX = 1_000_000_000L;

  @Param({"10000", "1000000"})
  public int pending;

  private Simulation simulation = new Simulation(Choices.seeded(1));
  private ChoiceStream delays = simulation.choices().stream("delays");

  private final PriorityQueue<Entry> yardstick = new PriorityQueue<>();
  private long yardstickSequence;

  private record Entry(long timeNanos, long sequence, Runnable action)
      implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(timeNanos, other.timeNanos);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  @Setup
  public void fill() {
    simulation = new Simulation(Choices.seeded(1));
    delays = simulation.choices().stream("delays");
    yardstick.clear();
    for (int i = 0; i < pending; i++) {
      hold();
      yardstick.add(new Entry(delay(), yardstickSequence++, this::fill));
    }
  }

  private long delay() {
    return delays.between(1, DELAY_NANOS_MAX);
  }

  private void hold() {
    simulation.after(delay(), "bench/hold", "event", this::hold);
  }

  @Benchmark
  public boolean simulation() {
    return simulation.step();
  }

  @Benchmark
  public long priorityQueue() {
    Entry first = yardstick.remove();
    yardstick.add(new Entry(first.timeNanos() + delay(), yardstickSequence++, first.action()));
    return first.timeNanos();
  }
}
