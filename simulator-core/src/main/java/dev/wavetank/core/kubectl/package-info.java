/**
 * What kubectl does on the user's side of the API: rollouts and their texts.
 *
 * <p>Hides which objects a command reads. It must not know the command line, nor any controller.
 */
@NullMarked
package dev.wavetank.core.kubectl;

import org.jspecify.annotations.NullMarked;
