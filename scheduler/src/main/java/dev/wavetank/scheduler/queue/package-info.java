/**
 * Where pods wait for the scheduler: {@link dev.wavetank.scheduler.queue.SchedulingQueue} with its
 * active, backoff and unschedulable parts.
 *
 * <p>Hides back-off times and which cluster event wakes which pod. It must not know nodes, nor how
 * a pod is scheduled.
 */
@NullMarked
package dev.wavetank.scheduler.queue;

import org.jspecify.annotations.NullMarked;
