package dev.wavetank.core.network;

import com.google.common.base.Ascii;
import dev.wavetank.core.sim.SimulationBug;

/** A transport protocol, in the names of the API. */
public enum Protocol {
  TCP(6),
  UDP(17),
  SCTP(132);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** The number that IANA assigned, as it stands in a packet's header. */
  public int number() {
    return number;
  }

  /** The protocol of an API value; absent or empty means TCP. */
  public static Protocol of(String name) {
    return switch (name) {
      case "", "TCP" -> TCP;
      case "UDP" -> UDP;
      case "SCTP" -> SCTP;
      default -> throw new SimulationBug("protocol " + name + " passed validation");
    };
  }

  /** As iptables and chain hashes write it. */
  public String lowerCase() {
    return Ascii.toLowerCase(name());
  }
}
