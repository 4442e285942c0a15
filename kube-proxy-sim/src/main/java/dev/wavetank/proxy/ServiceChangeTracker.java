package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.proxy.iptables.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns Services and EndpointSlices into states of the proxy, and keeps what did not change: a
 * Service whose object and slices are those of the call before is not read again, and its rules are
 * not written again.
 *
 * <p>Follows pkg/proxy/servicechangetracker.go and pkg/proxy/endpointschangetracker.go (v1.36).
 */
public final class ServiceChangeTracker {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  /** What is known of a Service. */
  private record Known(
      KubeObject service, List<KubeObject> slices, ImmutableList<ServicePortState> ports) {}

  private final KubeProxyConfiguration configuration;
  private final IpFamily family;
  private Map<String, Known> known = new LinkedHashMap<>();

  public ServiceChangeTracker(KubeProxyConfiguration configuration, IpFamily family) {
    this.configuration = configuration;
    this.family = family;
  }

  /** The state of these objects. */
  public ProxyState state(Iterable<KubeObject> services, Iterable<KubeObject> endpointSlices) {
    Map<String, List<KubeObject>> slices = new LinkedHashMap<>();
    for (KubeObject slice : endpointSlices) {
      String service = slice.labels().string(SERVICE_NAME, "");
      if (!service.isEmpty()) {
        slices
            .computeIfAbsent(slice.namespace() + "/" + service, key -> new ArrayList<>())
            .add(slice);
      }
    }
    Map<String, Known> now = new LinkedHashMap<>();
    List<ServicePortState> ports = new ArrayList<>();
    for (KubeObject service : services) {
      String key = service.namespace() + "/" + service.name();
      List<KubeObject> own = slices.getOrDefault(key, List.of());
      Known entry = known.get(key);
      if (entry == null || !same(entry, service, own)) {
        entry = new Known(service, own, read(service, own));
      }
      now.put(key, entry);
      ports.addAll(entry.ports);
    }
    known = now;
    ports.sort((one, other) -> one.name().compareTo(other.name()));
    return new ProxyState(configuration, family, ImmutableList.copyOf(ports));
  }

  private static boolean same(Known known, KubeObject service, List<KubeObject> slices) {
    return known.service.equals(service) && known.slices.equals(slices);
  }

  private ImmutableList<ServicePortState> read(KubeObject service, List<KubeObject> slices) {
    ImmutableMap<ServicePortName, ServicePort> ports = ServicePort.of(service, family);
    if (ports.isEmpty()) {
      return ImmutableList.of();
    }
    ImmutableMap<Endpoint.PortKey, ImmutableList<Endpoint>> endpoints =
        Endpoint.of(slices, family);
    ImmutableList.Builder<ServicePortState> read = ImmutableList.builder();
    ports.forEach(
        (name, port) -> {
          ImmutableList<Endpoint> own =
              endpoints.get(new Endpoint.PortKey(name.port(), name.protocol()));
          read.add(
              new ServicePortState(
                  name, port, own == null ? ImmutableList.of() : own, configuration));
        });
    return read.build();
  }
}
