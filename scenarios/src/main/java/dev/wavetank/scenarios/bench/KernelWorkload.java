package dev.wavetank.scenarios.bench;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.sim.HoldModel;

/**
 * The bare event queue under the hold model, or {@code java.util.PriorityQueue} in its place.
 *
 * @param priorityQueue whether the yardstick runs instead
 */
public record KernelWorkload(int pending, long steps, long seed, boolean priorityQueue)
    implements Workload {

  @Override
  public Done run() {
    HoldModel model = new HoldModel(pending, steps, seed);
    long sum = priorityQueue ? model.onPriorityQueue() : model.onKernelQueue();
    return new Done(
        ImmutableMap.of("events", steps), ImmutableMap.of(), 0, steps, 0, Long.toHexString(sum));
  }
}
