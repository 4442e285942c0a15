/**
 * The scheduling framework: the extension points in upstream's words, what they are given ({@link
 * dev.wavetank.scheduler.framework.PodInfo}, {@link dev.wavetank.scheduler.framework.NodeInfo}),
 * what they answer ({@link dev.wavetank.scheduler.framework.Status}), and {@link
 * dev.wavetank.scheduler.framework.Framework}, which runs the plugins of a profile.
 *
 * <p>Hides how requests are parsed and accounted. It must not know any particular plugin, the queue
 * or the API server's watches.
 */
@NullMarked
package dev.wavetank.scheduler.framework;

import org.jspecify.annotations.NullMarked;
