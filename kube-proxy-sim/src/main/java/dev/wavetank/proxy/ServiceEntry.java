package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Service with its EndpointSlices as of one revision. Its ports are read when first asked for, so
 * a revision at which nobody looks costs next to nothing.
 */
final class ServiceEntry implements Comparable<ServiceEntry> {

  private final String namespace;
  private final String name;
  private final @Nullable KubeObject service;
  private final ImmutableList<KubeObject> slices;
  private final Map<IpFamily, ImmutableList<ServicePortState>> ports =
      new EnumMap<>(IpFamily.class);

  private ServiceEntry(
      String namespace,
      String name,
      @Nullable KubeObject service,
      ImmutableList<KubeObject> slices) {
    this.namespace = namespace;
    this.name = name;
    this.service = service;
    this.slices = slices;
  }

  /** A Service of which nothing is known yet. */
  static ServiceEntry empty(String namespace, String name) {
    return new ServiceEntry(namespace, name, null, ImmutableList.of());
  }

  /** Whether neither the Service nor a slice of it exists. */
  boolean isEmpty() {
    return service == null && slices.isEmpty();
  }

  /** The entry with another state of the Service; null when it is gone. */
  ServiceEntry withService(@Nullable KubeObject changed) {
    return new ServiceEntry(namespace, name, changed, slices);
  }

  /**
   * The entry with another state of one slice.
   *
   * @param before the slice to take out, by name, or null
   * @param after the slice to put in, or null
   */
  ServiceEntry withSlice(@Nullable KubeObject before, @Nullable KubeObject after) {
    ImmutableList.Builder<KubeObject> changed = ImmutableList.builder();
    boolean placed = after == null;
    for (KubeObject slice : slices) {
      if (before == null || !slice.name().equals(before.name())) {
        changed.add(slice);
      } else if (after != null) {
        changed.add(after);
        placed = true;
      }
    }
    if (!placed && after != null) {
      changed.add(after);
    }
    return new ServiceEntry(namespace, name, service, changed.build());
  }

  /** Whether a slice has a UDP port. */
  boolean hasUdpEndpoints() {
    for (KubeObject slice : slices) {
      for (KubeMap port : slice.root().listOrEmpty("ports").maps()) {
        if (port.string("protocol", "").equals("UDP")) {
          return true;
        }
      }
    }
    return false;
  }

  /** The ports that kube-proxy serves in that family, by name. */
  ImmutableList<ServicePortState> ports(KubeProxyConfiguration configuration, IpFamily family) {
    ImmutableList<ServicePortState> known = ports.get(family);
    if (known == null) {
      KubeObject object = service;
      known = object == null ? ImmutableList.of() : read(object, configuration, family);
      ports.put(family, known);
    }
    return known;
  }

  private ImmutableList<ServicePortState> read(
      KubeObject object, KubeProxyConfiguration configuration, IpFamily family) {
    ImmutableMap<ServicePortName, ServicePort> read = ServicePort.of(object, family);
    if (read.isEmpty()) {
      return ImmutableList.of();
    }
    ImmutableMap<Endpoint.PortKey, ImmutableList<Endpoint>> endpoints = Endpoint.of(slices, family);
    return read.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            port -> {
              ImmutableList<Endpoint> own =
                  endpoints.get(
                      new Endpoint.PortKey(port.getKey().port(), port.getKey().protocol()));
              return new ServicePortState(
                  port.getKey(),
                  port.getValue(),
                  own == null ? ImmutableList.of() : own,
                  configuration);
            })
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public int compareTo(ServiceEntry other) {
    int order = namespace.compareTo(other.namespace);
    return order == 0 ? name.compareTo(other.name) : order;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServiceEntry that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return namespace.hashCode() * 31 + name.hashCode();
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
