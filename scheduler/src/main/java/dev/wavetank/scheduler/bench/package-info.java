/**
 * Workloads that measure the scheduler, made after those of upstream's scheduler_perf.
 *
 * <p>It must not measure anything itself: clocks belong to its callers.
 */
@NullMarked
package dev.wavetank.scheduler.bench;

import org.jspecify.annotations.NullMarked;
