/**
 * The discrete-event kernel: one clock, one queue of events ordered by (time, sequence), and {@link
 * dev.wavetank.core.sim.Choices}, the only source of nondeterminism.
 *
 * <p>Hides how pending events are stored. It must not know any Kubernetes word.
 */
@NullMarked
package dev.wavetank.core.sim;

import org.jspecify.annotations.NullMarked;
