package dev.wavetank.core.networkpolicy;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.network.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * One item of a rule's {@code ports}.
 *
 * @param name of a container port of the pod that is connected to; empty for numbers
 * @param first number that it allows; 0 for all
 * @param last number that it allows
 */
record PolicyPort(Protocol protocol, String name, int first, int last) {

  static PolicyPort of(KubeMap port) {
    Protocol protocol = Protocol.of(port.string("protocol", ""));
    Object number = port.get("port");
    if (number instanceof String name) {
      return new PolicyPort(protocol, name, 0, 0);
    }
    if (number instanceof Long first) {
      return new PolicyPort(protocol, "", first.intValue(), (int) port.number("endPort", first));
    }
    return new PolicyPort(protocol, "", 0, 0);
  }

  /**
   * Whether it allows a port.
   *
   * @param server the pod that is connected to; null when it is none
   */
  boolean matches(Protocol asked, int port, @Nullable PolicyPod server) {
    if (asked != protocol) {
      return false;
    }
    if (!name.isEmpty()) {
      return server != null && server.port(name, asked) == port;
    }
    return first == 0 || (port >= first && port <= last);
  }
}
