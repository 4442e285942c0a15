/**
 * What {@code kubectl describe} says of an object: its fields and what belongs to it, for people.
 *
 * <p>Hides which further objects a description reads. It must not know any command.
 */
@NullMarked
package dev.wavetank.core.kubectl.describe;

import org.jspecify.annotations.NullMarked;
