package dev.wavetank.core.httpproxy;

import dev.wavetank.core.api.KubeMap;
import org.jspecify.annotations.Nullable;

/**
 * The port of a Service that takes requests.
 *
 * @param port its name, or its number as text
 */
public record Backend(String namespace, String service, String port) {

  /** The backend of an Ingress; null for one that is no Service. */
  public static @Nullable Backend of(String namespace, KubeMap backend) {
    KubeMap service = backend.map("service");
    if (service == null) {
      return null;
    }
    KubeMap port = service.mapOrEmpty("port");
    String name = port.string("name", "");
    return new Backend(
        namespace,
        service.string("name", ""),
        name.isEmpty() ? Long.toString(port.number("number", 0)) : name);
  }

  /** {@code default-web-80}, as ingress-nginx names its upstreams. */
  public String upstream() {
    return namespace + "-" + service + "-" + port;
  }
}
