package dev.wavetank.proxy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.ipvs.RealServer;
import dev.wavetank.proxy.ipvs.VirtualServer;
import dev.wavetank.proxy.ipvs.VirtualServers;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.IpSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes what kube-proxy in IPVS mode writes on one node for one state of Services and
 * EndpointSlices: virtual servers, ipsets, rules of iptables, and addresses of kube-ipvs0. Services
 * and real servers stand sorted by name; kube-proxy's own order is random.
 *
 * <p>Follows syncProxyRules and syncEndpoint of pkg/proxy/ipvs/proxier.go (v1.36).
 */
public final class IpvsProxier {

  private final ProxyState state;
  private final ProxyNode node;
  private final KubeProxyConfiguration configuration;
  private final IpFamily family;
  private final ImmutableList<IpAddress> nodePortIps;
  private final ImmutableSet<IpAddress> own;
  private final IpvsSets sets;
  private final List<VirtualServer> servers = new ArrayList<>();
  private final Set<IpAddress> bound = new LinkedHashSet<>();
  private final List<VirtualServer.Key> closedToNode = new ArrayList<>();

  IpvsProxier(ProxyState state, ProxyNode node) {
    this.state = state;
    this.node = node;
    this.configuration = state.configuration();
    this.family = state.family();
    this.sets = new IpvsSets(family);
    this.own =
        new NodeRouting(node)
            .ownAddresses().stream()
                .filter(address -> IpFamily.of(address) == family)
                .collect(ImmutableSet.toImmutableSet());
    this.nodePortIps = nodePortIps();
  }

  /** The node's addresses that take node ports; localhost never does. */
  private ImmutableList<IpAddress> nodePortIps() {
    List<AddressBlock> blocks =
        configuration.nodePortAddresses().stream()
            .filter(block -> block.family() == family)
            .toList();
    return own.stream()
        .filter(
            address ->
                blocks.isEmpty() || blocks.stream().anyMatch(block -> block.contains(address)))
        .collect(ImmutableList.toImmutableList());
  }

  IpvsRules rules() {
    for (ServicePortState port : state.ports()) {
      addLoopBack(port);
      captureClusterIp(port);
      port.port().externalIps().forEach(address -> captureExternalIp(port, address));
      port.port().loadBalancerVips().forEach(vip -> captureLoadBalancer(port, vip));
      captureNodePort(port);
      if (port.port().healthCheckNodePort() != 0) {
        sets.add(
            IpvsSets.Name.HEALTH_CHECK_NODE_PORT,
            IpSet.Entry.of(port.port().healthCheckNodePort()));
      }
    }
    bound.forEach(address -> sets.add(IpvsSets.Name.IPVS_IPS, IpSet.Entry.of(address)));
    return new IpvsRules(
        new IpvsRulesetWriter(
                configuration, family, configuration.detector(family, node), sets, closedToNode)
            .write(),
        sets.build(),
        VirtualServers.of(servers),
        ImmutableSet.copyOf(bound));
  }

  /** The node's own endpoints, for connections that come back to their sender. */
  private void addLoopBack(ServicePortState port) {
    for (Endpoint endpoint : port.endpoints()) {
      if (endpoint.on(node)) {
        sets.add(
            IpvsSets.Name.LOOP_BACK,
            IpSet.Entry.of(endpoint.address(), port.port().protocol(), endpoint.port())
                .and(endpoint.address()));
      }
    }
  }

  private void serve(ServicePortState state, IpAddress address, int port, boolean localOnly) {
    CategorizedEndpoints endpoints = CategorizedEndpoints.of(state.port(), state.endpoints(), node);
    ImmutableList<Endpoint> used =
        localOnly && !endpoints.local().isEmpty() ? endpoints.local() : endpoints.cluster();
    servers.add(
        new VirtualServer(
            new VirtualServer.Key(state.port().protocol(), address, port),
            configuration.ipvsScheduler(),
            state.port().clientIpAffinity() ? state.port().stickySeconds() : 0,
            used.stream()
                .map(endpoint -> new RealServer(endpoint.address(), endpoint.port(), 1))
                .collect(ImmutableList.toImmutableList())));
  }

  /** Makes the node take packets for an address, unless it does already. */
  private void bind(IpAddress address) {
    if (!own.contains(address)) {
      bound.add(address);
    }
  }

  private static IpSet.Entry entry(ServicePort port, IpAddress address) {
    return IpSet.Entry.of(address, port.protocol(), port.port());
  }

  private void captureClusterIp(ServicePortState state) {
    ServicePort port = state.port();
    sets.add(IpvsSets.Name.CLUSTER_IP, entry(port, port.clusterIp()));
    bound.add(port.clusterIp());
    serve(state, port.clusterIp(), port.port(), port.internalPolicyLocal());
  }

  private void captureExternalIp(ServicePortState state, IpAddress address) {
    ServicePort port = state.port();
    sets.add(
        port.externalPolicyLocal() ? IpvsSets.Name.EXTERNAL_IP_LOCAL : IpvsSets.Name.EXTERNAL_IP,
        entry(port, address));
    bind(address);
    serve(state, address, port.port(), port.externalPolicyLocal());
  }

  private void captureLoadBalancer(ServicePortState state, IpAddress vip) {
    ServicePort port = state.port();
    IpSet.Entry entry = entry(port, vip);
    sets.add(IpvsSets.Name.LOAD_BALANCER, entry);
    if (port.externalPolicyLocal()) {
      sets.add(IpvsSets.Name.LOAD_BALANCER_LOCAL, entry);
    }
    if (!port.loadBalancerSourceRanges().isEmpty()) {
      sets.add(IpvsSets.Name.LOAD_BALANCER_FW, entry);
      boolean fromNode = false;
      IpAddress nodeAddress = node.address(family);
      for (AddressBlock range : port.loadBalancerSourceRanges()) {
        sets.add(IpvsSets.Name.LOAD_BALANCER_SOURCE_CIDR, entry.and(range));
        fromNode |= nodeAddress != null && range.contains(nodeAddress);
      }
      if (fromNode) {
        sets.add(IpvsSets.Name.LOAD_BALANCER_SOURCE_IP, entry.and(vip));
      } else {
        closedToNode.add(new VirtualServer.Key(port.protocol(), vip, port.port()));
      }
    }
    bind(vip);
    serve(state, vip, port.port(), port.externalPolicyLocal());
  }

  private void captureNodePort(ServicePortState state) {
    ServicePort port = state.port();
    if (port.nodePort() == 0 || nodePortIps.isEmpty()) {
      return;
    }
    boolean local = port.externalPolicyLocal();
    for (IpAddress address : nodePortIps) {
      IpSet.Entry entry =
          port.protocol() == Protocol.SCTP
              ? IpSet.Entry.of(address, port.protocol(), port.nodePort())
              : IpSet.Entry.of(port.nodePort());
      sets.add(nodePortSet(port.protocol(), false), entry);
      if (local) {
        sets.add(nodePortSet(port.protocol(), true), entry);
      }
      serve(state, address, port.nodePort(), local);
    }
  }

  private static IpvsSets.Name nodePortSet(Protocol protocol, boolean local) {
    return switch (protocol) {
      case TCP -> local ? IpvsSets.Name.NODE_PORT_LOCAL_TCP : IpvsSets.Name.NODE_PORT_TCP;
      case UDP -> local ? IpvsSets.Name.NODE_PORT_LOCAL_UDP : IpvsSets.Name.NODE_PORT_UDP;
      case SCTP ->
          local ? IpvsSets.Name.NODE_PORT_LOCAL_SCTP_HASH : IpvsSets.Name.NODE_PORT_SCTP_HASH;
    };
  }
}
