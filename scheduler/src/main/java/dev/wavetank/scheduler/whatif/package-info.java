/**
 * What would happen: scheduling on a copy of a cluster that nobody runs.
 *
 * <p>Hides how nodes and pods are laid out for the scheduler. It writes nothing to any API server.
 */
@NullMarked
package dev.wavetank.scheduler.whatif;

import org.jspecify.annotations.NullMarked;
