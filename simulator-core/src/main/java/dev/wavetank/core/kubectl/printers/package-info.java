/**
 * How kubectl lays objects and tables out as text.
 *
 * <p>Hides the formats of {@code -o}. It must not know any command, nor where objects come from.
 */
@NullMarked
package dev.wavetank.core.kubectl.printers;

import org.jspecify.annotations.NullMarked;
