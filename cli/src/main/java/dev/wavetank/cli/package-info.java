/**
 * The command line of Wavetank.
 *
 * <p>Parses words, calls {@code scenarios}, prints. The only place here that reads the environment.
 */
@NullMarked
package dev.wavetank.cli;

import org.jspecify.annotations.NullMarked;
