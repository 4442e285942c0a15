/**
 * Texts as the programs of a container know them: bytes as text, lines, escapes, patterns of the
 * shell and of POSIX.
 *
 * <p>Hides how a pattern is matched, and its bounds. It must not know what a program or a file is:
 * everything here is a function of texts.
 */
@NullMarked
package dev.wavetank.core.container.text;

import org.jspecify.annotations.NullMarked;
