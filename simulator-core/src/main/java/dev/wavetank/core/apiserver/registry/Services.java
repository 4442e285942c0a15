package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;

/**
 * Questions about the spec of a Service.
 *
 * <p>Follows pkg/api/service/util.go and pkg/registry/core/service/storage/storage.go (v1.36).
 */
final class Services {

  static final String NONE = "None";

  private Services() {}

  static String type(KubeMap spec) {
    return spec.string("type", "");
  }

  static boolean headless(KubeMap spec) {
    KubeList ips = spec.listOrEmpty("clusterIPs");
    return ips.size() == 1 && ips.get(0).equals(NONE);
  }

  static boolean externalName(KubeMap spec) {
    return type(spec).equals("ExternalName");
  }

  static boolean loadBalancer(KubeMap spec) {
    return type(spec).equals("LoadBalancer");
  }

  static boolean hasNodePorts(KubeMap spec) {
    return type(spec).equals("NodePort") || loadBalancer(spec);
  }

  /** Whether anything outside the cluster may reach it. */
  static boolean externallyAccessible(KubeMap spec) {
    return hasNodePorts(spec)
        || (type(spec).equals("ClusterIP") && !spec.listOrEmpty("externalIPs").isEmpty());
  }

  static boolean needsHealthCheck(KubeMap spec) {
    return loadBalancer(spec) && spec.string("externalTrafficPolicy", "").equals("Local");
  }

  /** Whether ports without a node port are given one. */
  static boolean allocatesNodePorts(KubeMap spec) {
    return type(spec).equals("NodePort")
        || (loadBalancer(spec) && spec.bool("allocateLoadBalancerNodePorts", true));
  }
}
