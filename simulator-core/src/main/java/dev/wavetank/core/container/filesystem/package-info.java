/**
 * Trees of files with their owners and permissions, paths, and the places where a container mounts
 * a tree.
 *
 * <p>Hides how a tree keeps its files. It must not know the container that sees the files, nor the
 * volumes that they come from.
 */
@NullMarked
package dev.wavetank.core.container.filesystem;

import org.jspecify.annotations.NullMarked;
