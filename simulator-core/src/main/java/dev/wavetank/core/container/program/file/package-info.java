/**
 * Programs that list, make, move and pack files, such as {@code ls}, {@code cp} and {@code tar}.
 *
 * <p>Hides how each does it; outside, they are names in a table. It must not know how a container
 * keeps its files, nor the shell.
 */
@NullMarked
package dev.wavetank.core.container.program.file;

import org.jspecify.annotations.NullMarked;
