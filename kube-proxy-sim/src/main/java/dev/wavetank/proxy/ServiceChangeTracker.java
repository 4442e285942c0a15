package dev.wavetank.proxy;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Follows Services and EndpointSlices for all proxies of a cluster. A change costs the change; a
 * {@link ProxyState} of any moment is free, and shares with its neighbours what did not change.
 *
 * <p>Follows pkg/proxy/servicechangetracker.go and pkg/proxy/endpointschangetracker.go (v1.36).
 */
public final class ServiceChangeTracker {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private final KubeProxyConfiguration configuration;
  private ServiceTree services = ServiceTree.EMPTY;
  private long udpEndpointChanges;

  public ServiceChangeTracker(KubeProxyConfiguration configuration) {
    this.configuration = configuration;
  }

  /** The state of these objects alone. */
  public static ProxyState state(
      KubeProxyConfiguration configuration,
      IpFamily family,
      Iterable<KubeObject> services,
      Iterable<KubeObject> endpointSlices) {
    ServiceChangeTracker tracker = new ServiceChangeTracker(configuration);
    services.forEach(service -> tracker.serviceChanged(null, service));
    endpointSlices.forEach(slice -> tracker.endpointSliceChanged(null, slice));
    return tracker.state(family);
  }

  /** The state as of now. */
  public ProxyState state(IpFamily family) {
    return new ProxyState(configuration, family, services);
  }

  /** How often endpoints of a Service with UDP ports changed so far. */
  long udpEndpointChanges() {
    return udpEndpointChanges;
  }

  /**
   * Takes a change of a Service.
   *
   * @return whether it matters to kube-proxy
   */
  public boolean serviceChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject service = after == null ? before : after;
    if (service == null) {
      return false;
    }
    change(service.namespace(), service.name(), entry -> entry.withService(after));
    for (IpFamily family : IpFamily.values()) {
      if ((before == null || after == null)
          ? !ServicePort.of(service, family).isEmpty()
          : !ServicePort.of(before, family).equals(ServicePort.of(after, family))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes a change of an EndpointSlice.
   *
   * @return whether it matters to kube-proxy: any change of a slice that belongs to a Service
   */
  public boolean endpointSliceChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    String was = before == null ? "" : before.labels().string(SERVICE_NAME, "");
    String is = after == null ? "" : after.labels().string(SERVICE_NAME, "");
    if (before != null && !was.isEmpty()) {
      KubeObject stays = was.equals(is) ? after : null;
      sliceChanged(before.namespace(), was, before, stays);
    }
    if (after != null && !is.isEmpty() && !is.equals(was)) {
      sliceChanged(after.namespace(), is, null, after);
    }
    return !was.isEmpty() || !is.isEmpty();
  }

  private void sliceChanged(
      String namespace, String name, @Nullable KubeObject before, @Nullable KubeObject after) {
    change(
        namespace,
        name,
        entry -> {
          ServiceEntry changed = entry.withSlice(before, after);
          if (entry.hasUdpEndpoints() || changed.hasUdpEndpoints()) {
            udpEndpointChanges++;
          }
          return changed;
        });
  }

  private void change(String namespace, String name, UnaryOperator<ServiceEntry> change) {
    ServiceEntry none = ServiceEntry.empty(namespace, name);
    ServiceEntry entry = services.get(none);
    ServiceEntry changed = change.apply(entry == null ? none : entry);
    services = changed.isEmpty() ? services.without(none) : services.with(changed);
  }
}
