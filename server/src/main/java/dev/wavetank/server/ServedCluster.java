package dev.wavetank.server;

import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.http.ContainerLogs;
import dev.wavetank.core.sim.Simulation;

/** What is served: an API server, the simulation that it lives in, and the logs of containers. */
public interface ServedCluster {

  ApiServer api();

  ContainerLogs logs();

  /** The hash of all that happened so far. */
  String traceHash();

  default Simulation simulation() {
    return api().simulation();
  }
}
