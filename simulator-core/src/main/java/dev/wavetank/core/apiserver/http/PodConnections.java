package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Status;

/** What the API server has kubelets do for its clients: connections into pods. */
public interface PodConnections {

  /** Where there are no kubelets. */
  PodConnections NONE =
      new PodConnections() {
        @Override
        public StreamConnection exec(
            KubeObject pod, String container, RemoteCommandOptions options) {
          throw noKubelet();
        }

        @Override
        public StreamConnection attach(
            KubeObject pod, String container, RemoteCommandOptions options) {
          throw noKubelet();
        }

        @Override
        public StreamConnection portForward(KubeObject pod) {
          throw noKubelet();
        }

        private ApiException noKubelet() {
          return new ApiException(
              Status.internalError("no kubelet of this simulation has streams"));
        }
      };

  /**
   * A connection to a command that is run when it starts.
   *
   * @throws ApiException when the node cannot be reached
   */
  StreamConnection exec(KubeObject pod, String container, RemoteCommandOptions options);

  /**
   * A connection to a container's own process.
   *
   * @throws ApiException when the node cannot be reached
   */
  StreamConnection attach(KubeObject pod, String container, RemoteCommandOptions options);

  /**
   * A connection by which ports of a pod are reached.
   *
   * @throws ApiException when the node cannot be reached
   */
  StreamConnection portForward(KubeObject pod);
}
