/**
 * What runs inside a pod: the container runtime of a node, sandboxes and containers, their ports,
 * files and processes. What is said over a port, seen in a file or done by a program is in the
 * rooms below.
 *
 * <p>Hides how a container lives, from its start to its exit. It must not know the kubelet: who
 * starts a container, probes it or restarts it is no business of this package. It must not know
 * images and programs either: a runtime asks for its {@link dev.wavetank.core.container.Images},
 * and those bring the programs.
 */
@NullMarked
package dev.wavetank.core.container;

import org.jspecify.annotations.NullMarked;
