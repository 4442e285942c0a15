package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import org.jspecify.annotations.Nullable;

/**
 * What kube-proxy needs of one port of a Service, in one address family.
 *
 * <p>Follows pkg/proxy/serviceport.go and pkg/proxy/servicechangetracker.go (v1.36).
 *
 * @param nodePort 0 when there is none
 * @param loadBalancerVips addresses of the load balancer that kube-proxy captures: mode VIP only
 * @param loadBalancerSourceRanges empty when every source is allowed
 * @param clientIpAffinity whether connections of one source stay with one endpoint
 * @param stickySeconds for how long after the last of them; 0 without affinity
 * @param healthCheckNodePort 0 when there is none
 */
public record ServicePort(
    IpAddress clusterIp,
    int port,
    Protocol protocol,
    int nodePort,
    ImmutableList<IpAddress> externalIps,
    ImmutableList<IpAddress> loadBalancerVips,
    ImmutableList<AddressBlock> loadBalancerSourceRanges,
    boolean clientIpAffinity,
    long stickySeconds,
    boolean externalPolicyLocal,
    boolean internalPolicyLocal,
    int healthCheckNodePort) {

  /** Label by which a Service asks for another proxy than kube-proxy. */
  private static final String SERVICE_PROXY_NAME = "service.kubernetes.io/service-proxy-name";

  /**
   * The ports of a Service that kube-proxy serves in that family: none for a headless Service, one
   * of type ExternalName, and one that is another proxy's.
   */
  public static ImmutableMap<ServicePortName, ServicePort> of(KubeObject service, IpFamily family) {
    KubeMap spec = service.spec();
    IpAddress clusterIp = clusterIp(spec, family);
    if (clusterIp == null
        || spec.string("type", "ClusterIP").equals("ExternalName")
        || service.labels().has(SERVICE_PROXY_NAME)) {
      return ImmutableMap.of();
    }
    ImmutableMap.Builder<ServicePortName, ServicePort> ports = ImmutableMap.builder();
    for (KubeMap port : spec.listOrEmpty("ports").maps()) {
      Protocol protocol = protocol(port);
      ports.put(
          new ServicePortName(
              service.namespace(), service.name(), port.string("name", ""), protocol),
          of(service, family, clusterIp, port, protocol));
    }
    return ports.buildKeepingLast();
  }

  private static ServicePort of(
      KubeObject service, IpFamily family, IpAddress clusterIp, KubeMap port, Protocol protocol) {
    KubeMap spec = service.spec();
    String type = spec.string("type", "ClusterIP");
    boolean hasNodePorts = type.equals("LoadBalancer") || type.equals("NodePort");
    boolean external = hasNodePorts || !spec.listOrEmpty("externalIPs").isEmpty();
    boolean affinity = spec.string("sessionAffinity", "None").equals("ClientIP");
    boolean externalLocal = spec.string("externalTrafficPolicy", "").equals("Local");
    return new ServicePort(
        clusterIp,
        (int) port.number("port", 0),
        protocol,
        (int) port.number("nodePort", 0),
        addresses(spec.listOrEmpty("externalIPs"), family),
        vips(service, family),
        sourceRanges(spec, family),
        affinity,
        affinity ? stickySeconds(spec) : 0,
        external && externalLocal,
        spec.string("internalTrafficPolicy", "").equals("Local"),
        type.equals("LoadBalancer") && externalLocal
            ? (int) spec.number("healthCheckNodePort", 0)
            : 0);
  }

  static Protocol protocol(KubeMap port) {
    return Protocol.of(port.string("protocol", "TCP"));
  }

  private static long stickySeconds(KubeMap spec) {
    return spec.mapOrEmpty("sessionAffinityConfig")
        .mapOrEmpty("clientIP")
        .number("timeoutSeconds", 10_800);
  }

  private static @Nullable IpAddress clusterIp(KubeMap spec, IpFamily family) {
    KubeList clusterIps = spec.listOrEmpty("clusterIPs");
    for (int i = 0; i < clusterIps.size(); i++) {
      IpAddress address = address(clusterIps.get(i), family);
      if (address != null) {
        return address;
      }
    }
    return clusterIps.isEmpty() ? address(spec.get("clusterIP"), family) : null;
  }

  private static @Nullable IpAddress address(@Nullable Object text, IpFamily family) {
    if (!(text instanceof String written)) {
      return null;
    }
    IpAddress address = IpAddress.parseOrNull(written);
    return address != null && IpFamily.of(address) == family ? address : null;
  }

  private static ImmutableList<IpAddress> addresses(KubeList texts, IpFamily family) {
    ImmutableList.Builder<IpAddress> found = ImmutableList.builder();
    for (int i = 0; i < texts.size(); i++) {
      IpAddress address = address(texts.get(i), family);
      if (address != null) {
        found.add(address);
      }
    }
    return found.build();
  }

  private static ImmutableList<IpAddress> vips(KubeObject service, IpFamily family) {
    ImmutableList.Builder<IpAddress> found = ImmutableList.builder();
    KubeMap status = service.status().mapOrEmpty("loadBalancer");
    for (KubeMap ingress : status.listOrEmpty("ingress").maps()) {
      IpAddress address = address(ingress.get("ip"), family);
      if (address != null && ingress.string("ipMode", "VIP").equals("VIP")) {
        found.add(address);
      }
    }
    return found.build();
  }

  private static ImmutableList<AddressBlock> sourceRanges(KubeMap spec, IpFamily family) {
    ImmutableList.Builder<AddressBlock> found = ImmutableList.builder();
    KubeList ranges = spec.listOrEmpty("loadBalancerSourceRanges");
    for (int i = 0; i < ranges.size(); i++) {
      AddressBlock block = AddressBlock.parseOrNull(ranges.get(i).toString().strip());
      if (block == null || block.family() != family) {
        continue;
      }
      if (block.prefixLength() == 0) {
        return ImmutableList.of();
      }
      found.add(block);
    }
    return found.build();
  }

  /** Whether the port is reachable by something other than the cluster IP. */
  public boolean externallyAccessible() {
    return nodePort != 0 || !loadBalancerVips.isEmpty() || !externalIps.isEmpty();
  }

  /** Whether traffic ever goes to endpoints under policy Cluster. */
  public boolean usesClusterEndpoints() {
    return !internalPolicyLocal || externallyAccessible();
  }

  /** Whether traffic ever goes to endpoints under policy Local. */
  public boolean usesLocalEndpoints() {
    return internalPolicyLocal || (externalPolicyLocal && externallyAccessible());
  }
}
