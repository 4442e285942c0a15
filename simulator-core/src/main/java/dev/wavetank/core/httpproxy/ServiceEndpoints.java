package dev.wavetank.core.httpproxy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses behind a backend, as a proxy that sends requests to pods sees them.
 *
 * <p>Follows internal/ingress/controller/endpointslices.go of ingress-nginx (1.14): ready endpoints
 * only, each once, and an ExternalName as it is.
 */
public final class ServiceEndpoints {

  /**
   * One address.
   *
   * @param host an address; a name for an ExternalName
   */
  public record Endpoint(String host, int port) {}

  private static final Comparator<Endpoint> ORDER =
      Comparator.comparing(Endpoint::host).thenComparing(Endpoint::port);

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private ServiceEndpoints() {}

  /**
   * The endpoints of a backend, sorted; none when its Service or the port is not there.
   *
   * @param services seen of Services
   * @param slices seen of EndpointSlices
   */
  static ImmutableList<Endpoint> of(Backend backend, Snapshot services, Snapshot slices) {
    KubeObject service =
        services.get(ObjectKey.of(ResourceType.SERVICES, backend.namespace(), backend.service()));
    if (service == null) {
      return ImmutableList.of();
    }
    KubeMap port = port(service, backend.port());
    if (service.spec().string("type", "").equals("ExternalName")) {
      int number = port == null ? number(backend.port()) : (int) port.number("port", 0);
      return ImmutableList.of(new Endpoint(service.spec().string("externalName", ""), number));
    }
    return port == null ? ImmutableList.of() : of(backend, port.string("name", ""), slices);
  }

  private static int number(String port) {
    return port.matches("\\d{1,5}") ? Integer.parseInt(port) : 0;
  }

  private static @Nullable KubeMap port(KubeObject service, String wanted) {
    for (KubeMap port : service.spec().listOrEmpty("ports").maps()) {
      if (Long.toString(port.number("port", 0)).equals(wanted)
          || port.string("name", "").equals(wanted)) {
        return port;
      }
    }
    return null;
  }

  private static ImmutableList<Endpoint> of(Backend backend, String portName, Snapshot slices) {
    List<Endpoint> found = new ArrayList<>();
    LabelSelector selector = LabelSelector.ofLabels(KubeMap.of(SERVICE_NAME, backend.service()));
    for (KubeObject slice :
        slices.list(ResourceType.ENDPOINT_SLICES, backend.namespace(), selector)) {
      for (KubeMap port : slice.root().listOrEmpty("ports").maps()) {
        if (port.string("name", "").equals(portName)) {
          addReady(slice, (int) port.number("port", 0), found);
        }
      }
    }
    return found.stream().sorted(ORDER).distinct().collect(ImmutableList.toImmutableList());
  }

  private static void addReady(KubeObject slice, int port, List<Endpoint> found) {
    for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
      if (endpoint.mapOrEmpty("conditions").bool("ready", true)) {
        for (Object address : endpoint.listOrEmpty("addresses")) {
          found.add(new Endpoint(address.toString(), port));
        }
      }
    }
  }
}
