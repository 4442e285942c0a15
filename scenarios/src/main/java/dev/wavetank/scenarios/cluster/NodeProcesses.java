package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.kubelet.Kubelets;
import dev.wavetank.core.kubelet.NodeConfig;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Network;
import dev.wavetank.core.network.SocketAddress;

/** What listens at the addresses of nodes, the API server at one of them. */
final class NodeProcesses {

  private final Kubelets kubelets;
  private final CoreDnsProcesses dns;
  private final IpAddress apiServerAddress;
  private final int apiServerPort;
  private final ApiServerProcess apiServer;

  NodeProcesses(
      ApiServer api,
      ApiServerConfiguration configuration,
      Kubelets kubelets,
      CoreDnsProcesses dns,
      KubeletStreams streams,
      String clusterDomain) {
    this.kubelets = kubelets;
    this.dns = dns;
    this.apiServerAddress = configuration.address();
    this.apiServerPort = configuration.port();
    String place = SocketAddress.text(apiServerAddress, apiServerPort);
    ShownCertificate certificate =
        ApiServerProcess.certificate(
            api.simulation().instant(),
            clusterDomain,
            ImmutableList.of(configuration.kubernetesIp().toString(), apiServerAddress.toString()));
    this.apiServer = new ApiServerProcess(api, streams, streams, certificate, place);
  }

  /** Puts a node on the network, with its processes at each of its addresses. */
  void join(Network network, NodeConfig node, NodeListeners.HealthPorts healthPorts) {
    NodeListeners listeners = at(node.address(), healthPorts);
    NodeConfig.Secondary secondary = node.secondary();
    if (secondary == null) {
      network.addNode(node.name(), node.address(), listeners);
    } else {
      NodeListeners others = at(secondary.address(), healthPorts);
      network.addNode(node.name(), node.address(), listeners, secondary.address(), others);
    }
  }

  /**
   * The processes at that address.
   *
   * @param healthPorts of the kube-proxy there
   */
  NodeListeners at(IpAddress address, NodeListeners.HealthPorts healthPorts) {
    int port = address.equals(apiServerAddress) ? apiServerPort : 0;
    return new NodeListeners(kubelets, dns, address, port, apiServer, healthPorts);
  }
}
