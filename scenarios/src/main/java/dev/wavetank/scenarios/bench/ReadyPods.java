package dev.wavetank.scenarios.bench;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.scenarios.cluster.Cluster;
import org.jspecify.annotations.Nullable;

/** Counts Ready pods and Available Deployments as they become so, without looking at all. */
final class ReadyPods {

  private int ready;
  private int available;

  ReadyPods(Cluster cluster) {
    cluster.api().listen(this::committed);
  }

  private void committed(Commit commit) {
    if (commit.key().type().equals(ResourceType.PODS)) {
      ready += count(commit.after(), "Ready") - count(commit.before(), "Ready");
    } else if (commit.key().type().equals(ResourceType.DEPLOYMENTS)) {
      available += whole(commit.after()) - whole(commit.before());
    }
  }

  private static int count(@Nullable KubeObject object, String condition) {
    KubeMap found = object == null ? null : Conditions.find(object.status(), condition);
    return found != null && "True".equals(found.get("status")) ? 1 : 0;
  }

  /** Whether all replicas of a Deployment are available. */
  private static int whole(@Nullable KubeObject deployment) {
    return deployment != null
            && deployment.status().number("availableReplicas", 0)
                == deployment.spec().number("replicas", 1)
        ? 1
        : 0;
  }

  int ready() {
    return ready;
  }

  int available() {
    return available;
  }
}
