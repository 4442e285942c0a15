package dev.wavetank.core.network;

/** What becomes of a packet. */
public sealed interface Verdict {

  /**
   * It goes on, perhaps with other addresses.
   *
   * @param packet as it leaves
   */
  record Forward(Packet packet) implements Verdict {}

  /**
   * It is answered with a refusal.
   *
   * @param by who refused, such as {@code icmp-port-unreachable}
   */
  record Reject(String by) implements Verdict {}

  /**
   * It vanishes: the sender sees a timeout.
   *
   * @param by who dropped it and why, for people
   */
  record Drop(String by) implements Verdict {}

  /** It is delivered after a longer way. */
  record Delay(long nanos) implements Verdict {}

  /** It is delivered twice: a connection does not notice, a receiver of datagrams does. */
  record Duplicate() implements Verdict {}
}
