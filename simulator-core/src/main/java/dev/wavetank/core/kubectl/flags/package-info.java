/**
 * Flags of a command line as pflag and cobra read them, and how a line is split into words.
 *
 * <p>Hides the forms in which a flag may be written. It must not know any command, nor Kubernetes.
 */
@NullMarked
package dev.wavetank.core.kubectl.flags;

import org.jspecify.annotations.NullMarked;
