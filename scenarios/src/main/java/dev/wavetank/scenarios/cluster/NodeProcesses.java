package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.kubelet.Kubelets;
import dev.wavetank.core.network.IpAddress;
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
