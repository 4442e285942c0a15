package dev.wavetank.dns.plugin.kubernetes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;

/**
 * What cluster DNS keeps of a Service.
 *
 * <p>Follows plugin/kubernetes/object/service.go (CoreDNS v1.14).
 *
 * @param externalName empty unless the type is ExternalName
 * @param clusterIps {@code None} alone for a headless Service
 */
record ServiceRecord(
    String namespace,
    String name,
    boolean external,
    String externalName,
    ImmutableList<String> clusterIps,
    ImmutableList<Port> ports) {

  /** The number of a port that is not there: such a Service has addresses and no SRV record. */
  static final int NO_PORT = -1;

  /** A port of a Service or of an EndpointSlice. */
  record Port(String name, String protocol, int number) {

    static ImmutableList<Port> listOf(KubeList ports) {
      if (ports.isEmpty()) {
        return ImmutableList.of(new Port("", "", NO_PORT));
      }
      ImmutableList.Builder<Port> all = ImmutableList.builderWithExpectedSize(ports.size());
      for (KubeMap port : ports.maps()) {
        all.add(
            new Port(
                port.string("name", ""),
                port.string("protocol", ""),
                (int) port.number("port", NO_PORT)));
      }
      return all.build();
    }

    /** Whether a port name and protocol of a question mean this port; an empty one means any. */
    boolean matches(String wantedName, String wantedProtocol) {
      return (wantedName.isEmpty() || wantedName.equalsIgnoreCase(name))
          && (wantedProtocol.isEmpty() || wantedProtocol.equalsIgnoreCase(protocol));
    }
  }

  static ServiceRecord of(KubeObject service) {
    KubeMap spec = service.spec();
    ImmutableList.Builder<String> ips = ImmutableList.builder();
    KubeList clusterIps = spec.listOrEmpty("clusterIPs");
    for (Object ip : clusterIps) {
      ips.add((String) ip);
    }
    if (clusterIps.isEmpty()) {
      ips.add(spec.string("clusterIP", ""));
    }
    return new ServiceRecord(
        service.namespace(),
        service.name(),
        "ExternalName".equals(spec.get("type")),
        spec.string("externalName", ""),
        ips.build(),
        Port.listOf(spec.listOrEmpty("ports")));
  }

  boolean headless() {
    return "None".equals(clusterIps.get(0));
  }
}
