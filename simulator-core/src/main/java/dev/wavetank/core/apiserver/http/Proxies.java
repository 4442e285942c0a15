package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The subresource {@code proxy} of pods and services: requests that are handed on to a server in a
 * pod.
 *
 * <p>Follows ResourceLocation of pkg/registry/core/pod/strategy.go and of
 * pkg/registry/core/service/storage/storage.go, and
 * staging/src/k8s.io/apimachinery/pkg/util/proxy/upgradeaware.go (v1.36).
 */
final class Proxies {

  private static final ImmutableSet<String> METHODS =
      ImmutableSet.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final int PORT_MAX = 65535;

  private final ApiServer server;
  private final PodConnections connections;
  private final ChoiceStream picks;

  Proxies(ApiServer server, PodConnections connections) {
    this.server = server;
    this.connections = connections;
    this.picks = server.simulation().choices().stream("apiserver/proxy");
  }

  /**
   * What a request names.
   *
   * @param scheme empty for http
   * @param port empty when none is named
   */
  private record Named(String scheme, String name, String port) {

    static Named of(String id, String what) {
      String[] parts = id.split(":", -1);
      Named named =
          switch (parts.length) {
            case 1 -> new Named("", parts[0], "");
            case 2 -> new Named("", parts[0], parts[1]);
            case 3 -> new Named(parts[0], parts[1], parts[2]);
            default -> new Named("?", "", "");
          };
      boolean known = ImmutableSet.of("", "http", "https").contains(named.scheme);
      if (named.name.isEmpty() || !known) {
        throw new ApiException(
            Status.badRequest("invalid " + what + " request " + GoQuote.quote(id)));
      }
      return named;
    }
  }

  /** Where a request goes: an address and a port that may still be a name. */
  record Location(boolean https, IpAddress address, String port) {

    /** As it stands in a URL. */
    String host() {
      String bare = address.isV6() ? "[" + address + "]" : address.toString();
      return port.isEmpty() ? bare : bare + ":" + port;
    }
  }

  ApiResponse proxy(ResourceRequest target) {
    ApiRequest request = target.request();
    if (!METHODS.contains(request.method())) {
      throw new ApiException(StatusBody.NO_METHOD);
    }
    Location location = target.type().equals(ResourceType.PODS) ? pod(target) : service(target);
    ProxyPath path = ProxyPath.of(request.path());
    boolean read = request.method().equals("GET") || request.method().equals("HEAD");
    if (path.rest().isEmpty() && read) {
      int question = request.target().indexOf('?');
      String query = question < 0 ? "" : request.target().substring(question);
      return ApiResponse.empty(301).with("Location", path.own() + "/" + query);
    }
    return ApiResponse.later(new Handed(new ProxyExchange(request, path, location), location));
  }

  private Location pod(ResourceRequest target) {
    Named named = Named.of(target.name(), "pod");
    KubeObject pod = server.get(ObjectKey.of(ResourceType.PODS, target.namespace(), named.name));
    String port = named.port;
    for (KubeMap container : pod.spec().listOrEmpty("containers").maps()) {
      if (port.isEmpty() && !container.listOrEmpty("ports").isEmpty()) {
        port = Long.toString(container.listOrEmpty("ports").map(0).number("containerPort", 0));
      }
    }
    String ip = "";
    for (KubeMap known : pod.status().listOrEmpty("podIPs").maps()) {
      ip = ip.isEmpty() ? known.string("ip", "") : ip;
    }
    if (ip.isEmpty()) {
      throw new ApiException(Status.badRequest("address not allowed"));
    }
    return new Location(named.scheme.equals("https"), IpAddress.parse(ip), port);
  }

  private Location service(ResourceRequest target) {
    Named named = Named.of(target.name(), "service");
    String portName = named.port;
    if (portName.matches("[0-9]+")) {
      portName = portName(target, named);
    }
    KubeObject endpoints = server.find(key(ResourceType.ENDPOINTS, target, named));
    if (endpoints == null) {
      server.get(key(ResourceType.SERVICES, target, named));
      throw unavailable("no endpoints available for service " + GoQuote.quote(named.name));
    }
    List<KubeMap> subsets = new ArrayList<>();
    endpoints.root().listOrEmpty("subsets").maps().forEach(subsets::add);
    if (subsets.isEmpty()) {
      throw unavailable("no endpoints available for service " + GoQuote.quote(named.name));
    }
    int seed = picks.choose(subsets.size());
    for (int i = 0; i < subsets.size(); i++) {
      KubeMap subset = subsets.get((seed + i) % subsets.size());
      Location location = within(subset, portName, named, target.namespace());
      if (location != null) {
        return location;
      }
    }
    throw unavailable("no endpoints available for service " + GoQuote.quote(target.name()));
  }

  private static ObjectKey key(ResourceType type, ResourceRequest target, Named named) {
    return ObjectKey.of(type, target.namespace(), named.name);
  }

  private String portName(ResourceRequest target, Named named) {
    KubeObject service = server.get(key(ResourceType.SERVICES, target, named));
    for (KubeMap port : service.spec().listOrEmpty("ports").maps()) {
      if (Long.toString(port.number("port", 0)).equals(named.port)) {
        return port.string("name", "");
      }
    }
    throw unavailable(
        "no service port " + named.port + " found for service " + GoQuote.quote(named.name));
  }

  private @Nullable Location within(
      KubeMap subset, String portName, Named named, String namespace) {
    List<KubeMap> addresses = new ArrayList<>();
    subset.listOrEmpty("addresses").maps().forEach(addresses::add);
    for (KubeMap port : subset.listOrEmpty("ports").maps()) {
      if (addresses.isEmpty() || !port.string("name", "").equals(portName)) {
        continue;
      }
      int seed = picks.choose(addresses.size());
      for (int i = 0; i < addresses.size(); i++) {
        KubeMap address = addresses.get((seed + i) % addresses.size());
        if (ofPod(address, namespace)) {
          return new Location(
              named.scheme.equals("https"),
              IpAddress.parse(address.string("ip", "")),
              Long.toString(port.number("port", 0)));
        }
      }
    }
    return null;
  }

  /** Only addresses of pods are handed anything. */
  private boolean ofPod(KubeMap address, String namespace) {
    KubeMap reference = address.mapOrEmpty("targetRef");
    if (!reference.string("kind", "").equals("Pod")
        || !reference.string("namespace", "").equals(namespace)) {
      return false;
    }
    String name = reference.string("name", "");
    KubeObject pod = server.find(ObjectKey.of(ResourceType.PODS, namespace, name));
    if (pod == null) {
      return false;
    }
    for (KubeMap ip : pod.status().listOrEmpty("podIPs").maps()) {
      if (ip.string("ip", "").equals(address.string("ip", ""))) {
        return true;
      }
    }
    return false;
  }

  private static ApiException unavailable(String message) {
    return new ApiException(Status.bare(503, "ServiceUnavailable", message));
  }

  /** A request on its way to a pod. */
  private final class Handed implements LaterResponse {
    private final ProxyExchange exchange;
    private final Location location;
    private @Nullable Runnable cancel;

    Handed(ProxyExchange exchange, Location location) {
      this.exchange = exchange;
      this.location = location;
    }

    @Override
    public void start(Consumer<ApiResponse> then) {
      int port = number(location);
      if (port < 0) {
        String words = "dial tcp: lookup tcp/" + location.port() + ": unknown port";
        then.accept(exchange.failed(words));
        return;
      }
      cancel =
          connections.roundTrip(
              location.address(),
              port,
              exchange.request(),
              (response, error) ->
                  then.accept(
                      response == null
                          ? exchange.failed(error)
                          : location.https()
                              ? exchange.failed("http: server gave HTTP response to HTTPS client")
                              : exchange.answered(response)));
    }

    @Override
    public void stop() {
      if (cancel != null) {
        cancel.run();
      }
    }
  }

  /** The number of a port; -1 for none. */
  private static int number(Location location) {
    String port = location.port();
    if (port.isEmpty()) {
      return location.https() ? 443 : 80;
    }
    if (ImmutableList.of("http", "https").contains(port)) {
      return port.equals("http") ? 80 : 443;
    }
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > PORT_MAX) {
      return -1;
    }
    return Integer.parseInt(port);
  }
}
