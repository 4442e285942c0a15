package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Status;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The streams into the containers of pods: logs, and commands that run there. Whoever has kubelets
 * gives kubectl one.
 */
public interface PodStreams {

  /**
   * One line of a log.
   *
   * @param time when it was written; null where that is not kept
   * @param text without its line break
   */
  record LogLine(@Nullable Instant time, String text) {}

  /** Where no pod has containers, because there are no kubelets. */
  PodStreams NONE =
      new PodStreams() {
        @Override
        public List<LogLine> lines(KubeObject pod, String container, boolean previous) {
          throw noKubelet();
        }

        @Override
        public Output exec(
            KubeObject pod, String container, List<String> command, byte[] stdin, boolean tty) {
          throw noKubelet();
        }

        @Override
        public Output attach(KubeObject pod, String container, byte[] stdin, boolean tty) {
          throw noKubelet();
        }

        private ApiException noKubelet() {
          return new ApiException(
              Status.internalError("no kubelet of this simulation has streams"));
        }
      };

  /**
   * The log of a container so far, oldest line first.
   *
   * @param previous whether the log of the container's run before this one is asked for
   * @throws ApiException when there is none, in the words of the kubelet
   */
  List<LogLine> lines(KubeObject pod, String container, boolean previous);

  /**
   * Runs a command in a container until it ends, which may let virtual time pass.
   *
   * @param stdin what the command reads
   * @param tty whether it has a terminal; then all it writes is standard output
   * @throws ApiException when the command cannot be started, in the words of the kubelet
   */
  Output exec(KubeObject pod, String container, List<String> command, byte[] stdin, boolean tty);

  /**
   * Stays with the process of a container that runs until it ends, which may let virtual time pass.
   *
   * @param stdin what the process reads from now on
   * @param tty whether it has a terminal; then all it writes is standard output
   * @return what it writes from now on; what it wrote before is in its log. The exit code is not
   *     looked at: the container's status tells it.
   * @throws ApiException when the container cannot be attached to, in the words of the kubelet
   */
  Output attach(KubeObject pod, String container, byte[] stdin, boolean tty);
}
