/**
 * Clients that send requests through the simulated network and count what comes of them.
 *
 * <p>It must not know scenario files.
 */
@NullMarked
package dev.wavetank.scenarios.traffic;

import org.jspecify.annotations.NullMarked;
