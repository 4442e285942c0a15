/**
 * Making room for a pod by evicting others: which nodes come into question, which pods would have
 * to go there, which node costs least, and the eviction itself.
 *
 * <p>Hides how pods are ranked and how evictions are sent. It must not know any plugin or the
 * queue.
 */
@NullMarked
package dev.wavetank.scheduler.preemption;

import org.jspecify.annotations.NullMarked;
