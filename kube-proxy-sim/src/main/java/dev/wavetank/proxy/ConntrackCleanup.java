package dev.wavetank.proxy;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.proxy.netfilter.Conntrack;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Removes tracked UDP connections to Services that lead to no serving endpoint, so that the next
 * packet of the same source port finds another. Services without a serving endpoint are left alone,
 * as is TCP.
 *
 * <p>Follows pkg/proxy/conntrack/cleanup.go (v1.36).
 */
public final class ConntrackCleanup {

  private final Map<String, Set<String>> byAddress = new LinkedHashMap<>();
  private final Map<Integer, Set<String>> byNodePort = new LinkedHashMap<>();
  private final IpFamily family;

  private ConntrackCleanup(ProxyState state) {
    family = state.family();
    for (ServicePortState port : state.ports()) {
      if (port.port().protocol() == Protocol.UDP) {
        add(port);
      }
    }
  }

  /**
   * Removes the stale connections.
   *
   * @return how many there were
   */
  public static int cleanStaleEntries(Conntrack conntrack, ProxyState state, long nowNanos) {
    ConntrackCleanup cleanup = new ConntrackCleanup(state);
    int removed = 0;
    for (Conntrack.Entry entry : conntrack.entries(nowNanos)) {
      if (cleanup.stale(entry)) {
        conntrack.delete(entry);
        removed++;
      }
    }
    return removed;
  }

  private void add(ServicePortState state) {
    Set<String> serving = new LinkedHashSet<>();
    for (Endpoint endpoint : state.endpoints()) {
      if (endpoint.serving()) {
        serving.add(endpoint.text());
      }
    }
    if (serving.isEmpty()) {
      return;
    }
    ServicePort port = state.port();
    byAddress.put(text(port.clusterIp(), port.port()), serving);
    port.loadBalancerVips().forEach(vip -> byAddress.put(text(vip, port.port()), serving));
    port.externalIps().forEach(address -> byAddress.put(text(address, port.port()), serving));
    if (port.nodePort() != 0) {
      byNodePort.put(port.nodePort(), serving);
    }
  }

  private static String text(IpAddress address, int port) {
    return SocketAddress.text(address, port);
  }

  private boolean stale(Conntrack.Entry entry) {
    Packet original = entry.original();
    if (original.protocol() != Protocol.UDP || IpFamily.of(original.destination()) != family) {
      return false;
    }
    String answering = text(entry.reply().source(), entry.reply().sourcePort());
    Set<String> serving = byAddress.get(text(original.destination(), original.destinationPort()));
    if (serving != null && !serving.contains(answering)) {
      return true;
    }
    serving = byNodePort.get(original.destinationPort());
    return serving != null && !serving.contains(answering);
  }
}
