package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.controller.nodelifecycle.NodeLifecycleController;
import dev.wavetank.core.kubelet.Kubelet;
import dev.wavetank.core.kubelet.Kubelets;
import dev.wavetank.core.network.Network;
import dev.wavetank.proxy.KubeProxies;

/** Nodes that lose power and start again, with all that runs on them. */
record NodePower(
    ApiServer api,
    Network network,
    Kubelets kubelets,
    KubeProxies proxies,
    NodeLifecycleController nodeLifecycle) {

  void off(String node) {
    Kubelet kubelet = kubelets.find(node);
    if (kubelet != null && !kubelet.down()) {
      kubelet.crash();
      network.power(node, false);
      proxies.stop(node);
      nodeLifecycle.stopped(node);
    }
  }

  void on(String node) {
    Kubelet kubelet = kubelets.find(node);
    if (kubelet != null && kubelet.down()) {
      network.power(node, true);
      kubelet.recover();
      KubeObject object = api.find(ObjectKey.of(ResourceType.NODES, "", node));
      if (object != null) {
        network.dataPath(node, proxies.start(object));
      }
      nodeLifecycle.resumed(node);
    }
  }
}
