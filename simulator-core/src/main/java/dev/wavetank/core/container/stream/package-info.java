/**
 * What processes read and write: inputs and pipes, open files by their numbers, terminals, and the
 * signals that streams can cause.
 *
 * <p>Hides how much waits in a pipe and who is woken by it. It must not know the processes: a
 * stream meets its user as a {@link dev.wavetank.core.container.stream.StreamHolder}.
 */
@NullMarked
package dev.wavetank.core.container.stream;

import org.jspecify.annotations.NullMarked;
