/**
 * Whole clusters and the stories played on them.
 *
 * <p>Wires the other modules together, explicitly. Must not know the command line.
 */
@NullMarked
package dev.wavetank.scenarios;

import org.jspecify.annotations.NullMarked;
