/**
 * The simulated cluster without its scheduler, kube-proxy and DNS.
 *
 * <p>Holds nothing itself; the rooms below do. Must not know the other modules.
 */
@NullMarked
package dev.wavetank.core;

import org.jspecify.annotations.NullMarked;
