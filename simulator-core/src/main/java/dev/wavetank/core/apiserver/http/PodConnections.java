package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the API server has kubelets and the network do for its clients: connections into pods, and
 * requests to their servers.
 */
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

        @Override
        public Runnable roundTrip(IpAddress address, int port, HttpRequest request, Answer then) {
          then.take(null, "no network of this simulation has servers");
          return () -> {};
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

  /** Takes the answer of a server in a pod. */
  interface Answer {
    /**
     * It is over.
     *
     * @param response null when there is none
     * @param error why there is none, in the words of Go's network; else empty
     */
    void take(@Nullable HttpResponse response, String error);
  }

  /**
   * Sends a request to a server in a pod, from where the API server runs.
   *
   * @param then called once, at once or later, unless it is cancelled
   * @return cancels
   */
  Runnable roundTrip(IpAddress address, int port, HttpRequest request, Answer then);
}
