/**
 * How a controller sees and changes the cluster: an {@link dev.wavetank.core.informer.Informer}
 * with a lag of its own, a work queue with client-go's back-off, and the {@link
 * dev.wavetank.core.informer.Controller} that runs a {@link dev.wavetank.core.informer.Reconciler}
 * over its keys.
 *
 * <p>Hides queues and workers. It must not know any particular controller.
 */
@NullMarked
package dev.wavetank.core.informer;

import org.jspecify.annotations.NullMarked;
