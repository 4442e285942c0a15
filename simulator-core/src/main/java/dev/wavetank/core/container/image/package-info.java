/**
 * Images and what their containers do when run: the registry, personalities in YAML, applications
 * made of them, and the table of the programs that come with the simulator.
 *
 * <p>Hides how an application is made up. It sees all rooms of the container; none of them sees it:
 * a container runtime asks for its {@link dev.wavetank.core.container.Images}. It must not know who
 * pulls an image, nor why.
 */
@NullMarked
package dev.wavetank.core.container.image;

import org.jspecify.annotations.NullMarked;
