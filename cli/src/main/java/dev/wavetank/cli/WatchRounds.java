package dev.wavetank.cli;

import com.google.common.math.Quantiles;
import dev.wavetank.scenarios.bench.ApiWorkload;
import java.util.ArrayList;
import java.util.List;

/**
 * What watches cost: the same work without and with them, in rounds. A machine's speed changes
 * within seconds, so the two halves of a round follow each other, in either order in turn, and the
 * median of the rounds counts, not their sum. Rounds in which the compilers are busy come first and
 * do not count.
 */
final class WatchRounds {

  private static final int ROUNDS = 9;
  private static final int UNMEASURED = 2;

  private final ApiWorkload workload;
  private final int watches;
  private final List<Double> unwatched = new ArrayList<>();
  private final List<Double> costs = new ArrayList<>();

  WatchRounds(ApiWorkload workload, int watches) {
    this.workload = workload;
    this.watches = watches;
  }

  void run() {
    for (int round = -UNMEASURED; round < ROUNDS; round++) {
      double[] cpuSeconds = new double[2];
      for (int half = 0; half < 2; half++) {
        int with = half ^ (round & 1);
        cpuSeconds[with] = Measurement.of(() -> workload.watched(with * watches)).cpuSeconds();
      }
      if (round >= 0) {
        unwatched.add(cpuSeconds[0]);
        costs.add(1 - cpuSeconds[0] / cpuSeconds[1]);
      }
    }
  }

  /** CPU time of the work without watches, in seconds. */
  double unwatchedCpuSeconds() {
    return Quantiles.median().compute(unwatched);
  }

  /** Which part of the simulation's throughput the watches take. */
  double cost() {
    return Quantiles.median().compute(costs);
  }
}
