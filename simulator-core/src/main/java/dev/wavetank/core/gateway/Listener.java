package dev.wavetank.core.gateway;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A listener of a Gateway.
 *
 * <p>Follows apis/v1/gateway_types.go of gateway-api, {@code Listener}.
 *
 * @param said as the Gateway says it
 * @param conflicted whether another listener wants its port for another protocol
 */
record Listener(KubeMap said, boolean conflicted) {

  /** Most listeners of a Gateway that are served. */
  private static final int LISTENERS_MAX = 64;

  static ImmutableList<Listener> of(KubeObject gateway) {
    Map<Long, String> protocols = new LinkedHashMap<>();
    Map<Long, Boolean> mixed = new LinkedHashMap<>();
    for (KubeMap said : gateway.spec().listOrEmpty("listeners").maps()) {
      long port = said.number("port", 0);
      String protocol = said.string("protocol", "");
      String before = protocols.putIfAbsent(port, protocol);
      if (before != null && !before.equals(protocol)) {
        mixed.put(port, true);
      }
    }
    ImmutableList.Builder<Listener> listeners = ImmutableList.builder();
    int count = 0;
    for (KubeMap said : gateway.spec().listOrEmpty("listeners").maps()) {
      if (count++ < LISTENERS_MAX) {
        listeners.add(new Listener(said, mixed.containsKey(said.number("port", 0))));
      }
    }
    return listeners.build();
  }

  String name() {
    return said.string("name", "");
  }

  int port() {
    return (int) said.number("port", 0);
  }

  String scheme() {
    return https() ? "https" : "http";
  }

  /** Whether it ends TLS. */
  boolean https() {
    return said.string("protocol", "").equals("HTTPS");
  }

  GatewayHost hostname() {
    return GatewayHost.of(said.string("hostname", ""));
  }

  boolean supported() {
    String protocol = said.string("protocol", "");
    return protocol.equals("HTTP") || protocol.equals("HTTPS");
  }

  /** Whether its port and protocol are served. */
  boolean usable() {
    return supported() && !conflicted;
  }

  /** Whether requests are taken: an HTTPS listener needs a certificate for that. */
  boolean served(KubeObject gateway, GatewayObjects objects) {
    return usable() && GatewayCertificates.enough(gateway, this, objects);
  }

  /** Whether all kinds of routes that it names are served. */
  boolean kindsValid() {
    for (KubeMap kind : kinds()) {
      if (!isHttpRoute(kind)) {
        return false;
      }
    }
    return true;
  }

  /** Whether HTTPRoutes may attach. */
  boolean takesHttpRoutes() {
    boolean none = true;
    for (KubeMap kind : kinds()) {
      none = false;
      if (isHttpRoute(kind)) {
        return true;
      }
    }
    return none;
  }

  private Iterable<KubeMap> kinds() {
    return said.mapOrEmpty("allowedRoutes").listOrEmpty("kinds").maps();
  }

  private static boolean isHttpRoute(KubeMap kind) {
    return kind.string("kind", "").equals("HTTPRoute")
        && kind.string("group", GatewayObjects.GROUP).equals(GatewayObjects.GROUP);
  }

  /** Whether it takes routes of a namespace. */
  boolean allows(KubeObject gateway, String namespace, GatewayObjects objects) {
    KubeMap namespaces = said.mapOrEmpty("allowedRoutes").mapOrEmpty("namespaces");
    return switch (namespaces.string("from", "Same")) {
      case "All" -> true;
      case "Selector" -> selects(namespaces, objects.namespaceLabels(namespace));
      case "Same" -> gateway.namespace().equals(namespace);
      default -> false;
    };
  }

  private static boolean selects(KubeMap namespaces, KubeMap labels) {
    try {
      return LabelSelector.of(namespaces.map("selector")).matches(labels);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
