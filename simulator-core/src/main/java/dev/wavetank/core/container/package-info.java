/**
 * What runs inside a pod: the container runtime of a node, sandboxes and containers, images and
 * what they do when run, the small programs and the shell.
 *
 * <p>Hides how an application is made up. It must not know the kubelet: who starts a container,
 * probes it or restarts it is no business of this package.
 */
@NullMarked
package dev.wavetank.core.container;

import org.jspecify.annotations.NullMarked;
