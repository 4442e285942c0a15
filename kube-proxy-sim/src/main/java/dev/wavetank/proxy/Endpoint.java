package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A place to which connections of a Service port can go.
 *
 * <p>Follows pkg/proxy/endpointslicecache.go (v1.36).
 *
 * @param text {@code ip:port}, the order of endpoints in rules
 * @param nodeName empty when the slice names no node
 * @param zoneHints zones that should use the endpoint; empty for no hint
 * @param nodeHints nodes that should use the endpoint; empty for no hint
 */
public record Endpoint(
    String text,
    IpAddress address,
    int port,
    boolean ready,
    boolean serving,
    boolean terminating,
    String nodeName,
    ImmutableList<String> zoneHints,
    ImmutableList<String> nodeHints) {

  /** A port of EndpointSlices: they have a protocol and a name, no Service. */
  public record PortKey(String name, Protocol protocol) {}

  /**
   * The endpoints of one Service by port, each list in the order of {@code ip:port} as text. An
   * address that stands in several slices counts once, the one that is not terminating first.
   *
   * @param slices EndpointSlices of one Service
   */
  public static ImmutableMap<PortKey, ImmutableList<Endpoint>> of(
      Iterable<KubeObject> slices, IpFamily family) {
    Map<PortKey, TreeMap<String, Endpoint>> found = new LinkedHashMap<>();
    for (KubeObject slice : slices) {
      if (!slice.root().string("addressType", "").equals(family.apiName())) {
        continue;
      }
      for (KubeMap port : slice.root().listOrEmpty("ports").maps()) {
        String name = port.string("name");
        int number = (int) port.number("port", 0);
        if (name == null || number == 0) {
          continue;
        }
        PortKey key = new PortKey(name, ServicePort.protocol(port));
        add(slice, number, found.computeIfAbsent(key, k -> new TreeMap<>()));
      }
    }
    ImmutableMap.Builder<PortKey, ImmutableList<Endpoint>> sorted = ImmutableMap.builder();
    found.forEach(
        (key, endpoints) -> {
          if (!endpoints.isEmpty()) {
            sorted.put(key, ImmutableList.copyOf(endpoints.values()));
          }
        });
    return sorted.buildOrThrow();
  }

  private static void add(KubeObject slice, int port, TreeMap<String, Endpoint> found) {
    for (KubeMap written : slice.root().listOrEmpty("endpoints").maps()) {
      KubeList addresses = written.listOrEmpty("addresses");
      IpAddress address =
          addresses.isEmpty() ? null : IpAddress.parseOrNull(addresses.get(0).toString());
      if (address == null) {
        continue;
      }
      KubeMap conditions = written.mapOrEmpty("conditions");
      KubeMap hints = written.mapOrEmpty("hints");
      Endpoint endpoint =
          new Endpoint(
              SocketAddress.text(address, port),
              address,
              port,
              conditions.bool("ready", true),
              conditions.bool("serving", true),
              conditions.bool("terminating", false),
              written.string("nodeName", ""),
              names(hints.listOrEmpty("forZones")),
              names(hints.listOrEmpty("forNodes")));
      if (!endpoint.terminating || !found.containsKey(endpoint.text)) {
        found.put(endpoint.text, endpoint);
      }
    }
  }

  private static ImmutableList<String> names(KubeList list) {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    for (KubeMap hint : list.maps()) {
      names.add(hint.string("name", ""));
    }
    return names.build();
  }

  /** Whether the endpoint is on that node. */
  boolean on(ProxyNode node) {
    return !nodeName.isEmpty() && nodeName.equals(node.name());
  }

  /** Whether the endpoint carries any hint. */
  boolean hinted() {
    return !zoneHints.isEmpty() || !nodeHints.isEmpty();
  }

  @Override
  public String toString() {
    return text;
  }
}
