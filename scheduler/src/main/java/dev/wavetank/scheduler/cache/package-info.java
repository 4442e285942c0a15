/**
 * What the scheduler believes about nodes and assigned pods: {@link
 * dev.wavetank.scheduler.cache.SchedulerCache}, kept up to date one change at a time.
 *
 * <p>Hides assumed pods and the order of nodes. It must not know plugins or the queue.
 */
@NullMarked
package dev.wavetank.scheduler.cache;

import org.jspecify.annotations.NullMarked;
