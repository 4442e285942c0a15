package dev.wavetank.scheduler.plugins;

import dev.wavetank.scheduler.framework.QueueSortPlugin;
import dev.wavetank.scheduler.framework.QueuedPodInfo;

/**
 * Higher priority first, then who has waited longer.
 *
 * <p>Follows pkg/scheduler/framework/plugins/queuesort/priority_sort.go (v1.36).
 */
public final class PrioritySort implements QueueSortPlugin {

  @Override
  public String name() {
    return "PrioritySort";
  }

  @Override
  public boolean less(QueuedPodInfo first, QueuedPodInfo second) {
    long one = first.podInfo().spec().priority();
    long other = second.podInfo().spec().priority();
    return one > other || (one == other && first.timestampNanos() < second.timestampNanos());
  }
}
