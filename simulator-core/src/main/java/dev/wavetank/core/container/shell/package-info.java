/**
 * The POSIX shell as a program: from a script's text over its syntax tree to expansions,
 * redirections, jobs and built-in commands.
 *
 * <p>Hides how a script is run on virtual time. It must not know the programs that a script calls:
 * it finds them by their names, as any process does.
 */
@NullMarked
package dev.wavetank.core.container.shell;

import org.jspecify.annotations.NullMarked;
