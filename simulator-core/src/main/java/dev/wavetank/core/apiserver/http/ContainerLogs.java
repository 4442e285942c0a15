package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.container.ContainerLog;

/** Where the logs of containers are. */
public interface ContainerLogs {

  /**
   * A container's log so far.
   *
   * @param previous whether the container's run before this one is asked for
   * @throws dev.wavetank.core.api.ApiException when there is none, in the words of the kubelet
   */
  ContainerLog log(KubeObject pod, String container, boolean previous);

  /** Whether more lines may come: the container runs, or is still to start. */
  boolean open(KubeObject pod, String container);
}
