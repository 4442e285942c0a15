package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.cloudprovider.SimulatedLoadBalancers;
import dev.wavetank.core.controller.service.ServiceController;
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.core.network.Network;
import dev.wavetank.proxy.KubeProxies;
import dev.wavetank.proxy.KubeProxy;

/** The cloud that a cluster runs in: its load balancers, wired to the nodes' kube-proxies. */
final class Cloud {

  private Cloud() {}

  /** Starts the cloud's load balancers and the controller that asks for them. */
  static void start(
      ApiServer api,
      Network network,
      KubeProxies proxies,
      SimulatedLoadBalancers.IpMode mode,
      IpBlock addresses) {
    SimulatedLoadBalancers balancers =
        new SimulatedLoadBalancers(
            api.simulation(),
            mode,
            addresses,
            (node, service, port) -> answers(proxies, node, service, port));
    proxies.listen(balancers::nodeChanged);
    network.edge(balancers);
    new ServiceController(api, balancers);
  }

  /** A kube-proxy that has written rules tells of endpoints and its node; the others are silent. */
  private static boolean answers(
      KubeProxies proxies, String node, KubeObject service, int healthCheckPort) {
    KubeProxy proxy = proxies.get(node);
    if (proxy == null || proxy.syncs() == 0) {
      return false;
    }
    return healthCheckPort == 0
        ? proxy.eligible()
        : proxy.hasLocalEndpoints(service.namespace(), service.name());
  }
}
