/**
 * Cluster DNS: what a name resolves to, and how the resolver of a pod asks for it.
 *
 * <p>Messages and zones are hidden behind the seam of {@code core.network}. Must not know the
 * scheduler or kube-proxy.
 */
@NullMarked
package dev.wavetank.dns;

import org.jspecify.annotations.NullMarked;
