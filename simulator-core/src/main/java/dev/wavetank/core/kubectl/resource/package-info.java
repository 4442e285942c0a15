/**
 * What a command line's arguments and files stand for: types, names, selectors and manifests become
 * the objects that a command works on.
 *
 * <p>Hides how words are mapped to types, how files are read and in which order objects come. It
 * must not know any command.
 */
@NullMarked
package dev.wavetank.core.kubectl.resource;

import org.jspecify.annotations.NullMarked;
