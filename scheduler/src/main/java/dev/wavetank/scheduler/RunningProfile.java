package dev.wavetank.scheduler;

import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.scheduler.framework.Framework;

/**
 * One profile of a running scheduler.
 *
 * @param algorithm chooses nodes with the profile's plugins
 * @param recorder reports events in the profile's name
 */
record RunningProfile(SchedulingAlgorithm algorithm, EventRecorder recorder) {

  Framework framework() {
    return algorithm.framework();
  }
}
