/**
 * Programs that use or show the network, such as {@code curl}, {@code nc}, {@code ping} and {@code
 * redis-cli}.
 *
 * <p>Hides how each speaks and words its errors; outside, they are names in a table. It must not
 * know how the network carries what they send: they ask a {@link
 * dev.wavetank.core.container.ProgramNetwork}.
 */
@NullMarked
package dev.wavetank.core.container.program.network;

import org.jspecify.annotations.NullMarked;
