/**
 * The node agent: registers its node, runs the pods bound to it and reports their status.
 *
 * <p>Hides when it looks, what it starts, restarts and stops, and how it words it. It must not know
 * controllers, the scheduler, kube-proxy or DNS.
 */
@NullMarked
package dev.wavetank.core.kubelet;

import org.jspecify.annotations.NullMarked;
