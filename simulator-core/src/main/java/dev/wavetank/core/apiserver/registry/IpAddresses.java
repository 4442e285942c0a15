package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.SimulationBug;

/**
 * The IPAddress objects that say which Service has which cluster IP. An address that has such an
 * object is taken, whoever made it. One that is deleted while its Service has the address is made
 * again at once.
 *
 * <p>Follows createIPAddress of pkg/registry/core/service/ipallocator/ipallocator.go, and of
 * pkg/registry/core/service/ipallocator/controller/repairip.go what repairs an address that is not
 * allocated (v1.36).
 */
final class IpAddresses {

  private static final ResourceType TYPE = ResourceType.IP_ADDRESSES;
  private static final String FAMILY_LABEL = "ipaddress.kubernetes.io/ip-family";
  private static final String MANAGED_BY_LABEL = "ipaddress.kubernetes.io/managed-by";
  private static final String LABEL = "apiserver/repairIpAddress";
  private static final String ALLOCATOR = "ipallocator.k8s.io";

  private final ApiServer server;

  IpAddresses(ApiServer server) {
    this.server = server;
    server.listen(
        commit -> {
          KubeObject gone = commit.after() == null ? commit.before() : null;
          if (gone != null && commit.key().type().equals(TYPE)) {
            deleted(commit.key(), gone);
          }
        });
  }

  private void deleted(ObjectKey address, KubeObject gone) {
    KubeMap parent = gone.spec().mapOrEmpty("parentRef");
    boolean ofService =
        parent.string("group", "").isEmpty()
            && parent.string("resource", "").equals(ResourceType.SERVICES.plural());
    if (ofService) {
      ObjectKey service =
          ObjectKey.of(
              ResourceType.SERVICES, parent.string("namespace", ""), parent.string("name", ""));
      if (has(service, address.name())) {
        server.simulation().after(0, LABEL, address, () -> repair(service, address));
      }
    }
  }

  private boolean has(ObjectKey service, String address) {
    KubeObject found = server.find(service);
    return found != null && found.spec().listOrEmpty("clusterIPs").contains(address);
  }

  /** Makes an object again; who refuses that leaves the Service without. */
  private void repair(ObjectKey service, ObjectKey address) {
    if (server.find(address) == null && has(service, address.name())) {
      try {
        create(IpAddress.parse(address.name()), server.get(service));
      } catch (ApiException refused) {
        SimulationBug.check(server.find(address) == null, "refused, and there: " + address);
      }
    }
  }

  boolean isTaken(IpAddress address) {
    return server.find(key(address)) != null;
  }

  /** Says that a Service has an address that is not taken. */
  void create(IpAddress address, KubeObject service) {
    KubeMap labels =
        KubeMap.of(FAMILY_LABEL, address.isV6() ? "IPv6" : "IPv4", MANAGED_BY_LABEL, ALLOCATOR);
    KubeMap parent =
        KubeMap.of(
            "resource",
            ResourceType.SERVICES.plural(),
            "namespace",
            service.namespace(),
            "name",
            service.name());
    server.create(
        TYPE,
        KubeObject.of(TYPE, KubeMap.of("name", address.toString(), "labels", labels))
            .withSpec(KubeMap.of("parentRef", parent)));
  }

  /**
   * Says that nobody has an address; that it is said already does not matter. An object whose
   * deletion is refused stays, and its address is not given again: its Service is gone by then.
   */
  void delete(IpAddress address) {
    if (isTaken(address)) {
      try {
        server.delete(key(address), DeleteOptions.BACKGROUND);
      } catch (ApiException refused) {
        SimulationBug.check(isTaken(address), "refused, and gone: " + address);
      }
    }
  }

  private static ObjectKey key(IpAddress address) {
    return ObjectKey.of(TYPE, "", address.toString());
  }
}
