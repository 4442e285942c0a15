package dev.wavetank.proxy;

import dev.wavetank.core.network.Protocol;

/**
 * What names a port of a Service.
 *
 * <p>Follows pkg/proxy/types.go (v1.36).
 *
 * @param port the port's name, empty when it has none
 */
public record ServicePortName(String namespace, String name, String port, Protocol protocol)
    implements Comparable<ServicePortName> {

  @Override
  public int compareTo(ServicePortName other) {
    int order = namespace.compareTo(other.namespace);
    if (order == 0) {
      order = name.compareTo(other.name);
    }
    if (order == 0) {
      order = port.compareTo(other.port);
    }
    return order == 0 ? protocol.compareTo(other.protocol) : order;
  }

  /** {@code namespace/name}, with {@code :port} when the port has a name. */
  @Override
  public String toString() {
    return port.isEmpty() ? namespace + "/" + name : namespace + "/" + name + ":" + port;
  }
}
