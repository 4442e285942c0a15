/**
 * Programs that change, sort and search text, such as {@code sed}, {@code grep} and {@code sort}.
 *
 * <p>Hides how each does it; outside, they are names in a table. It must not know images, other
 * themes or the shell.
 */
@NullMarked
package dev.wavetank.core.container.program.text;

import org.jspecify.annotations.NullMarked;
