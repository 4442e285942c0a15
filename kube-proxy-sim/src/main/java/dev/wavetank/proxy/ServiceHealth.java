package dev.wavetank.proxy;

import com.google.common.collect.ImmutableMap;
import org.jspecify.annotations.Nullable;

/**
 * An answer of a kube-proxy about health: at a Service's health check node port, or of itself (see
 * {@link ProxyHealth}).
 *
 * <p>Follows pkg/proxy/healthcheck/service_health.go (v1.36).
 *
 * @param code 200 when all is well, at a node port when the node has a ready endpoint of its own;
 *     else 503
 * @param headers in the order in which they are sent
 */
public record ServiceHealth(int code, ImmutableMap<String, String> headers, String body) {

  /** The answer at that port; null when it is no health check node port. */
  public static @Nullable ServiceHealth at(int healthCheckPort, ProxyState state, ProxyNode node) {
    for (ServicePortState port : state.ports()) {
      if (port.port().healthCheckNodePort() == healthCheckPort) {
        String namespace = port.name().namespace();
        String name = port.name().name();
        return of(namespace, name, state.localEndpoints(namespace, name, node));
      }
    }
    return null;
  }

  private static ServiceHealth of(String namespace, String name, int local) {
    String body =
        "{\n\t\"service\": {\n\t\t\"namespace\": \""
            + namespace
            + "\",\n\t\t\"name\": \""
            + name
            + "\"\n\t},\n\t\"localEndpoints\": "
            + local
            + ",\n\t\"serviceProxyHealthy\": true\n}";
    return new ServiceHealth(
        local > 0 ? 200 : 503,
        ImmutableMap.of(
            "Content-Type",
            "application/json",
            "X-Content-Type-Options",
            "nosniff",
            "X-Load-Balancing-Endpoint-Weight",
            Integer.toString(local),
            "Content-Length",
            Integer.toString(body.length())),
        body);
  }
}
