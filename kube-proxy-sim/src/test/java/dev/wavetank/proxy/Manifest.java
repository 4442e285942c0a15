package dev.wavetank.proxy;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.List;

/** Small objects for tests, in the words of the API. */
final class Manifest {

  private Manifest() {}

  static KubeMap port(String name, String protocol, int port) {
    return KubeMap.of("name", name, "protocol", protocol, "port", (long) port);
  }

  static KubeMap nodePort(String name, String protocol, int port, int nodePort) {
    return port(name, protocol, port).with("nodePort", (long) nodePort);
  }

  static KubeObject service(String name, String clusterIp, KubeMap... ports) {
    return KubeObject.of(ResourceType.SERVICES, KubeMap.of("name", name, "namespace", "default"))
        .withSpec(
            KubeMap.of(
                "type",
                "ClusterIP",
                "clusterIP",
                clusterIp,
                "clusterIPs",
                KubeList.of(clusterIp),
                "internalTrafficPolicy",
                "Cluster",
                "sessionAffinity",
                "None",
                "ports",
                KubeList.of((Object[]) ports)));
  }

  static KubeObject slice(String name, String service, KubeList endpoints, KubeMap... ports) {
    String first =
        endpoints.isEmpty() ? "" : endpoints.map(0).listOrEmpty("addresses").get(0).toString();
    return KubeObject.of(
            ResourceType.ENDPOINT_SLICES,
            KubeMap.of(
                "name",
                name,
                "namespace",
                "default",
                "labels",
                KubeMap.of("kubernetes.io/service-name", service)))
        .with(first.contains(":") ? "IPv6" : "IPv4", "addressType")
        .with(endpoints, "endpoints")
        .with(KubeList.of((Object[]) ports), "ports");
  }

  static KubeMap endpoint(String address, String node) {
    return endpoint(address, node, true, true, false);
  }

  static KubeMap endpoint(
      String address, String node, boolean ready, boolean serving, boolean terminating) {
    return KubeMap.of(
        "addresses",
        KubeList.of(address),
        "conditions",
        KubeMap.of("ready", ready, "serving", serving, "terminating", terminating),
        "nodeName",
        node);
  }

  /** Ready endpoints, one on each of the nodes node-1, node-2 and so on, round and round. */
  static KubeList endpoints(String... addresses) {
    List<KubeMap> endpoints = new ArrayList<>();
    for (int i = 0; i < addresses.length; i++) {
      endpoints.add(endpoint(addresses[i], "node-" + (i % 3 + 1)));
    }
    return KubeList.copyOf(endpoints);
  }

  static KubeObject node(int number, String zone) {
    return KubeObject.of(
            ResourceType.NODES,
            KubeMap.of(
                "name",
                "node-" + number,
                "labels",
                KubeMap.of("topology.kubernetes.io/zone", zone)))
        .withSpec(
            KubeMap.of(
                "podCIDR",
                "10.244." + number + ".0/24",
                "podCIDRs",
                KubeList.of("10.244." + number + ".0/24")))
        .withStatus(
            KubeMap.of(
                "addresses",
                KubeList.of(
                    KubeMap.of("type", "InternalIP", "address", "172.18.0." + (number + 1)))));
  }
}
