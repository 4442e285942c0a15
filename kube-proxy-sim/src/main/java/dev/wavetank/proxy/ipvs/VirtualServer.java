package dev.wavetank.proxy.ipvs;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import java.util.Locale;

/**
 * An address, protocol and port that IPVS serves.
 *
 * @param persistentSeconds for how long after its last connection a client stays with a real
 *     server; 0 without persistence
 * @param realServers in the order in which schedulers look at them
 */
public record VirtualServer(
    Key key, Scheduler scheduler, long persistentSeconds, ImmutableList<RealServer> realServers) {

  /** What tells virtual servers apart. */
  public record Key(Protocol protocol, IpAddress address, int port) {

    /** As {@code ipvsadm -L} begins a line. */
    String listed() {
      String name = protocol.lowerCase().toUpperCase(Locale.ROOT);
      return String.format(Locale.ROOT, "%-4s %s", name, this);
    }

    /** As {@code ipvsadm} takes it. */
    String option() {
      String letter =
          switch (protocol) {
            case TCP -> "-t ";
            case UDP -> "-u ";
            case SCTP -> "--sctp-service ";
          };
      return letter + this;
    }

    /** {@code address:port}, with an IPv6 address in brackets. */
    @Override
    public String toString() {
      return SocketAddress.text(address, port);
    }
  }
}
