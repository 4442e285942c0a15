package dev.wavetank.core.kubelet.prober;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.container.Container;
import org.jspecify.annotations.Nullable;

/** A pod as its probes see it. */
public interface ProbedPod {

  /** The newest version of the pod that the node has seen. */
  KubeObject pod();

  /** The status as the status manager has it, perhaps not yet in the API; null before the first. */
  @Nullable KubeMap status();

  /** The container with that id, running or not, or null when there is none any more. */
  @Nullable Container container(String id);

  /** A worker's cached result changed, or was set for a new container. */
  void probed(Worker worker, ProbeResult result);

  /** A worker has ended: the container or the pod will not be probed again by it. */
  void ended(Worker worker);
}
