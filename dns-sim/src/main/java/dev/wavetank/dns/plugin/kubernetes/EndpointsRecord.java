package dev.wavetank.dns.plugin.kubernetes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;

/**
 * What cluster DNS keeps of an EndpointSlice: its ready addresses and its ports.
 *
 * <p>Follows plugin/kubernetes/object/endpoint.go (CoreDNS v1.14).
 *
 * @param service the name of the Service that the slice belongs to; empty if it belongs to none
 */
record EndpointsRecord(
    String namespace,
    String name,
    String service,
    ImmutableList<Address> addresses,
    ImmutableList<ServiceRecord.Port> ports) {

  private static final String SERVICE_NAME_LABEL = "kubernetes.io/service-name";
  private static final int LABEL_LENGTH_MAX = 63;

  /**
   * A ready address.
   *
   * @param hostname empty unless the endpoint has one
   * @param podName empty unless the endpoint is a Pod with a name that fits a label
   */
  record Address(String ip, String hostname, String podName) {

    /** The label of this endpoint: its hostname, its Pod if so configured, or its address. */
    String endpointHostname(boolean podNames) {
      if (!hostname.isEmpty()) {
        return hostname;
      }
      if (podNames && !podName.isEmpty()) {
        return podName;
      }
      if (ip.indexOf('.') >= 0) {
        return ip.replace('.', '-');
      }
      String dashed = ip.replace(':', '-');
      return dashed.endsWith("-") ? dashed + "0" : dashed;
    }
  }

  static EndpointsRecord of(KubeObject slice) {
    ImmutableList.Builder<Address> addresses = ImmutableList.builder();
    for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
      // An unknown condition counts as ready.
      if (!endpoint.mapOrEmpty("conditions").bool("ready", true)) {
        continue;
      }
      String podName = endpoint.mapOrEmpty("targetRef").string("name", "");
      KubeList ips = endpoint.listOrEmpty("addresses");
      for (Object ip : ips) {
        addresses.add(
            new Address(
                (String) ip,
                endpoint.string("hostname", ""),
                podName.length() <= LABEL_LENGTH_MAX ? podName : ""));
      }
    }
    return new EndpointsRecord(
        slice.namespace(),
        slice.name(),
        slice.labels().string(SERVICE_NAME_LABEL, ""),
        addresses.build(),
        ServiceRecord.Port.listOf(slice.root().listOrEmpty("ports")));
  }

  /** The key of this slice in an index. */
  String key() {
    return namespace + "/" + name;
  }
}
