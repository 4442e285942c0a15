/**
 * Programs that tell of processes, users, time and the machine, steer them, or only wait and count,
 * such as {@code ps}, {@code kill}, {@code date} and {@code test}.
 *
 * <p>Hides how each does it; outside, they are names in a table. It must not know images, nor the
 * network and its programs.
 */
@NullMarked
package dev.wavetank.core.container.program.system;

import org.jspecify.annotations.NullMarked;
