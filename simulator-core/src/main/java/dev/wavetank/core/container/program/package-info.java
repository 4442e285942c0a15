/**
 * What the programs of a container share: the options of a command line, and the files or the
 * standard input that a program reads. The programs are in the rooms below, by theme.
 *
 * <p>Hides how options are written and in which order files are read. It must not know any program;
 * what runs a program, and what it sees of its container, is in {@code core.container}.
 */
@NullMarked
package dev.wavetank.core.container.program;

import org.jspecify.annotations.NullMarked;
