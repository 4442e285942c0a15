/**
 * The program {@code awk}: from its text over expressions and statements to what it prints.
 *
 * <p>Hides its language; outside, it is one program. It must not know the shell nor other programs.
 */
@NullMarked
package dev.wavetank.core.container.awk;

import org.jspecify.annotations.NullMarked;
