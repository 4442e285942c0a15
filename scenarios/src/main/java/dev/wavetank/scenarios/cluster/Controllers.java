package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.controller.deployment.DeploymentController;
import dev.wavetank.core.controller.endpointslice.EndpointSliceController;
import dev.wavetank.core.controller.nodelifecycle.NodeLifecycleController;
import dev.wavetank.core.controller.podgc.PodGarbageCollector;
import dev.wavetank.core.controller.replicaset.ReplicaSetController;
import dev.wavetank.core.controller.tainteviction.TaintEvictionController;
import dev.wavetank.core.kubelet.Kubelet;
import dev.wavetank.core.kubelet.Kubelets;
import org.jspecify.annotations.Nullable;

final class Controllers {
  private final ApiServer api;
  private final Kubelets kubelets;
  private @Nullable NodeLifecycleController nodes;

  Controllers(ApiServer api, Kubelets kubelets) {
    this.api = api;
    this.kubelets = kubelets;
  }

  void start() {
    new EndpointSliceController(api);
    new ReplicaSetController(api);
    new DeploymentController(api);
    nodes =
        new NodeLifecycleController(
            api,
            node -> {
              Kubelet kubelet = kubelets.find(node);
              return kubelet == null ? -1 : kubelet.lastRenewNanos();
            });
    new TaintEvictionController(api);
    new PodGarbageCollector(api);
  }

  void nodeStopped(String node) {
    if (nodes != null) {
      nodes.stopped(node);
    }
  }

  void nodeResumed(String node) {
    if (nodes != null) {
      nodes.resumed(node);
    }
  }
}
