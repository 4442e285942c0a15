/**
 * The connections that a kubelet holds open for clients of the API server: commands in containers,
 * their own processes, and ports of pods.
 *
 * <p>Hides what the numbered streams of a connection mean to a process or a server. It must not
 * know how the streams come to the client.
 */
@NullMarked
package dev.wavetank.core.kubelet.streaming;

import org.jspecify.annotations.NullMarked;
