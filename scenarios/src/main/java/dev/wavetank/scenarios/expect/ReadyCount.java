package dev.wavetank.scenarios.expect;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.scenarios.cluster.Cluster;
import org.jspecify.annotations.Nullable;

/**
 * How many are ready: replicas of a Deployment or ReplicaSet that is up to date, endpoints of a
 * Service, 1 or 0 for a pod or node.
 */
record ReadyCount(ObjectReference object, NumberBound bound) implements Expectation {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  @Override
  public String words() {
    return object + " has ready: " + bound;
  }

  @Override
  public @Nullable String unmet(ExpectationContext context) {
    KubeObject found = context.cluster().api().find(object.key(context.namespace()));
    if (found == null) {
      return object + " does not exist";
    }
    if (found.generation() > found.status().number("observedGeneration", found.generation())) {
      return object + ": its newest version is not observed yet";
    }
    long ready = ready(context.cluster(), found);
    return bound.holds(ready) ? null : object + " has ready: " + ready + ", expected " + bound;
  }

  private long ready(Cluster cluster, KubeObject found) {
    if (object.type().equals(ResourceType.SERVICES)) {
      return endpoints(cluster, found);
    }
    if (object.type().equals(ResourceType.PODS) || object.type().equals(ResourceType.NODES)) {
      KubeMap ready = Conditions.find(found.status(), "Ready");
      return ready != null && "True".equals(ready.get("status")) ? 1 : 0;
    }
    return found.status().number("readyReplicas", 0);
  }

  private static long endpoints(Cluster cluster, KubeObject service) {
    LabelSelector slices = LabelSelector.ofLabels(KubeMap.of(SERVICE_NAME, service.name()));
    long ready = 0;
    for (KubeObject slice :
        cluster.api().list(ResourceType.ENDPOINT_SLICES, service.namespace(), slices::matches)) {
      for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
        ready += endpoint.mapOrEmpty("conditions").bool("ready", true) ? 1 : 0;
      }
    }
    return ready;
  }
}
