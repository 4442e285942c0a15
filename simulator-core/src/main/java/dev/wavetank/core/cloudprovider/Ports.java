package dev.wavetank.core.cloudprovider;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ports that a load balancer takes packets at, with the node port of each, 0 where there is
 * none.
 */
record Ports(Map<Key, Integer> nodePorts, boolean sctp) {

  /** A port of a Service. */
  record Key(Protocol protocol, int port) {}

  static Ports of(KubeObject service) {
    Map<Key, Integer> nodePorts = new LinkedHashMap<>();
    boolean sctp = false;
    for (KubeMap port : service.spec().listOrEmpty("ports").maps()) {
      String protocol = port.string("protocol", "TCP");
      sctp |= protocol.equals("SCTP");
      if (!protocol.equals("SCTP")) {
        nodePorts.put(
            new Key(Protocol.of(protocol), (int) port.number("port", 0)),
            (int) port.number("nodePort", 0));
      }
    }
    return new Ports(nodePorts, sctp);
  }

  boolean withoutNodePort() {
    return nodePorts.containsValue(0);
  }

  boolean takes(Packet packet) {
    return nodePorts.containsKey(new Key(packet.protocol(), packet.destinationPort()));
  }

  int nodePort(Packet packet) {
    return nodePorts.getOrDefault(new Key(packet.protocol(), packet.destinationPort()), 0);
  }
}
