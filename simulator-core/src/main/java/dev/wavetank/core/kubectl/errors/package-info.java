/**
 * What goes wrong in a command, and how kubectl says it.
 *
 * <p>Hides which of kubectl's error texts belongs to which refusal. It must not know any command.
 */
@NullMarked
package dev.wavetank.core.kubectl.errors;

import org.jspecify.annotations.NullMarked;
