package dev.wavetank.server;

import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.http.ContainerLogs;
import dev.wavetank.core.apiserver.http.PodConnections;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scenarios.cluster.Cluster;
import org.jspecify.annotations.Nullable;

/** What is served: an API server, the simulation that it lives in, and the logs of containers. */
public interface ServedCluster {

  ApiServer api();

  ContainerLogs logs();

  /** Connections into pods; none where there are no kubelets. */
  default PodConnections connections() {
    return PodConnections.NONE;
  }

  /** The whole cluster, which is asked about more than its API; null when there is no more. */
  default @Nullable Cluster cluster() {
    return null;
  }

  /** The hash of all that happened so far. */
  String traceHash();

  default Simulation simulation() {
    return api().simulation();
  }
}
