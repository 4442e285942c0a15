package dev.wavetank.core.gateway;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.httpproxy.HostName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTPRoutes that are attached to a Gateway say, listener by listener and host by host.
 *
 * <p>A request is served by the listener of its port whose hostname fits best. Of the rules for its
 * host those with the more precise hostname come first.
 *
 * <p>Follows apis/v1/httproute_types.go and gateway_types.go of gateway-api.
 */
final class RouteTable {

  /** Most matches that are kept; the oldest routes come first. */
  static final int ENTRIES_MAX = 100_000;

  static final RouteTable EMPTY = new RouteTable();

  private static final Comparator<KubeObject> OLDEST_FIRST =
      Comparator.comparing(KubeObject::creationTimestamp)
          .thenComparing(route -> route.namespace() + "/" + route.name());

  private static final Comparator<Entry> PRECEDENCE =
      Comparator.comparing(Entry::match, RouteMatch.PRECEDENCE).thenComparing(Entry::order);

  /**
   * A match of a rule.
   *
   * @param order of the rule among all, oldest route first
   */
  record Entry(RouteMatch match, RouteRule rule, int order) {}

  /** A listener with the entries of each hostname, the first that matches takes a request. */
  private record Served(Listener listener, Map<String, List<Entry>> entries) {}

  /**
   * What takes a request.
   *
   * @param entry null when no rule does
   */
  record Found(Listener listener, @Nullable Entry entry) {}

  private final Map<Integer, Map<String, Served>> ports = new LinkedHashMap<>();
  private int entries;

  private RouteTable() {}

  /** The table of a Gateway. */
  static RouteTable of(KubeObject gateway, GatewayObjects objects) {
    RouteTable table = new RouteTable();
    for (Listener listener : Listener.of(gateway)) {
      if (listener.served(gateway, objects)) {
        table
            .ports
            .computeIfAbsent(listener.port(), port -> new LinkedHashMap<>())
            .putIfAbsent(listener.hostname().text(), new Served(listener, new LinkedHashMap<>()));
      }
    }
    List<KubeObject> routes = new ArrayList<>(objects.routes());
    routes.sort(OLDEST_FIRST);
    int order = 0;
    for (KubeObject route : routes) {
      List<Listener> listeners = listeners(route, gateway, objects);
      if (!listeners.isEmpty()) {
        for (RouteRule rule : RouteRule.of(route, objects)) {
          table.add(route, rule, order++, listeners);
        }
      }
    }
    table.sort();
    return table;
  }

  /** The listeners that a route is attached to, each once. */
  private static List<Listener> listeners(
      KubeObject route, KubeObject gateway, GatewayObjects objects) {
    List<Listener> attached = new ArrayList<>();
    for (KubeMap parent : route.spec().listOrEmpty("parentRefs").maps()) {
      if (RouteAttachment.names(route, parent, gateway)) {
        for (Listener listener : RouteAttachment.of(route, parent, gateway, objects).listeners()) {
          if (!attached.contains(listener)) {
            attached.add(listener);
          }
        }
      }
    }
    return attached;
  }

  private void add(KubeObject route, RouteRule rule, int order, List<Listener> listeners) {
    for (Listener listener : listeners) {
      Map<String, Served> hosts = ports.get(listener.port());
      Served served = hosts == null ? null : hosts.get(listener.hostname().text());
      if (served == null || !served.listener.equals(listener)) {
        continue;
      }
      for (GatewayHost hostname : RouteAttachment.hostnames(route)) {
        if (hostname.intersects(listener.hostname())) {
          List<Entry> of =
              served.entries.computeIfAbsent(hostname.text(), any -> new ArrayList<>());
          for (RouteMatch match : rule.matches()) {
            if (entries < ENTRIES_MAX) {
              entries++;
              of.add(new Entry(match, rule, order));
            }
          }
        }
      }
    }
  }

  private void sort() {
    for (Map<String, Served> hosts : ports.values()) {
      for (Served served : hosts.values()) {
        served.entries.values().forEach(of -> of.sort(PRECEDENCE));
      }
    }
  }

  boolean listens(int port) {
    return ports.containsKey(port);
  }

  /** What takes a request to a port; null when no listener there is meant by its host. */
  @Nullable Found find(int port, HttpRequest request) {
    Map<String, Served> hosts = ports.get(port);
    if (hosts == null) {
      return null;
    }
    List<String> candidates = GatewayHost.candidates(HostName.of(request.host()));
    for (String hostname : candidates) {
      Served served = hosts.get(hostname);
      if (served != null) {
        return new Found(served.listener, find(served, candidates, request));
      }
    }
    return null;
  }

  private static @Nullable Entry find(Served served, List<String> candidates, HttpRequest request) {
    for (String hostname : candidates) {
      for (Entry entry : served.entries.getOrDefault(hostname, List.of())) {
        if (entry.match().matches(request)) {
          return entry;
        }
      }
    }
    return null;
  }
}
