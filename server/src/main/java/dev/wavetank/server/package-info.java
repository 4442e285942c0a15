/**
 * A simulated cluster behind a socket: HTTP, TLS with an authority of its own, the thread that
 * admits requests one after the other, the wall clock, and the log by which a session can be played
 * again.
 *
 * <p>Hides everything that is not deterministic; the cluster sees requests that come one by one at
 * virtual times. It must not know what requests mean.
 */
@NullMarked
package dev.wavetank.server;

import org.jspecify.annotations.NullMarked;
