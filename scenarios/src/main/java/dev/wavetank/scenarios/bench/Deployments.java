package dev.wavetank.scenarios.bench;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.scenarios.cluster.Cluster;

/** Deployments as benchmarks create them: a web server with a readiness probe and requests. */
final class Deployments {

  private Deployments() {}

  static void create(Cluster cluster, String name, long replicas) {
    KubeMap labels = KubeMap.of("app", name);
    KubeMap container =
        KubeMap.of(
            "name", "web",
            "image", "nginx:1.27",
            "ports", KubeList.of(KubeMap.of("containerPort", 80L)),
            "readinessProbe", KubeMap.of("httpGet", KubeMap.of("port", 80L)),
            "resources", KubeMap.of("requests", KubeMap.of("cpu", "100m", "memory", "128Mi")));
    KubeMap template =
        KubeMap.of(
            "metadata", KubeMap.of("labels", labels),
            "spec", KubeMap.of("containers", KubeList.of(container)));
    KubeObject deployment =
        KubeObject.of(
                ResourceType.DEPLOYMENTS,
                KubeMap.of("name", name, "namespace", "default", "labels", labels))
            .withSpec(
                KubeMap.of(
                    "replicas", replicas,
                    "selector", KubeMap.of("matchLabels", labels),
                    "template", template));
    cluster
        .simulation()
        .act("user/create", name, () -> cluster.api().create(ResourceType.DEPLOYMENTS, deployment));
  }
}
