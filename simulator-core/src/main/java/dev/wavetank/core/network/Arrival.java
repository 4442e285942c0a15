package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/**
 * Where a packet came to, or how it was lost.
 *
 * @param receiver to whom it came; null when it came to nobody
 * @param host where it came to or was stopped; null when no node has to do with it
 */
record Arrival(
    @Nullable Verdict refusal,
    Packet packet,
    @Nullable Attachment receiver,
    @Nullable Host host,
    String words,
    long delayNanos,
    boolean twice) {

  Arrival after(long nanos, boolean arrivesTwice) {
    return nanos == 0 && !arrivesTwice
        ? this
        : new Arrival(
            refusal, packet, receiver, host, words, delayNanos + nanos, twice || arrivesTwice);
  }

  SocketAddress target() {
    return receiver == null
        ? new SocketAddress(packet.destination(), packet.destinationPort())
        : receiver.port(packet.destinationPort());
  }
}
