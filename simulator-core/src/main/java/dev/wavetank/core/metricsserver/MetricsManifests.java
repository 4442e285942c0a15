package dev.wavetank.core.metricsserver;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;

/**
 * The objects by which a cluster knows metrics-server: its APIService, its Service, and the role
 * that lets those read metrics who may read pods.
 *
 * <p>Follows manifests/base of metrics-server (v0.8).
 */
final class MetricsManifests {

  private static final KubeMap LABELS = KubeMap.of("k8s-app", "metrics-server");
  private static final String AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";

  private MetricsManifests() {}

  static void create(ApiServer server) {
    create(server, ResourceType.SERVICES, service());
    create(server, ResourceType.CLUSTER_ROLES, role());
    create(server, ResourceType.API_SERVICES, apiService());
  }

  private static void create(ApiServer server, ResourceType type, KubeObject object) {
    server.create(type, object);
  }

  private static KubeObject service() {
    KubeMap port =
        KubeMap.of(
            "name",
            "https",
            "port",
            443L,
            "protocol",
            "TCP",
            "targetPort",
            "https",
            "appProtocol",
            "https");
    return KubeObject.of(
            ResourceType.SERVICES,
            KubeMap.of("name", "metrics-server", "namespace", "kube-system", "labels", LABELS))
        .withSpec(KubeMap.of("ports", KubeList.of(port), "selector", LABELS));
  }

  private static KubeObject role() {
    KubeMap rule =
        KubeMap.of(
            "apiGroups", KubeList.of("metrics.k8s.io"),
            "resources", KubeList.of("pods", "nodes"),
            "verbs", KubeList.of("get", "list", "watch"));
    KubeMap labels =
        LABELS
            .with(AGGREGATE + "admin", "true")
            .with(AGGREGATE + "edit", "true")
            .with(AGGREGATE + "view", "true");
    return KubeObject.of(
            ResourceType.CLUSTER_ROLES,
            KubeMap.of("name", "system:aggregated-metrics-reader", "labels", labels))
        .with(KubeList.of(rule), "rules");
  }

  private static KubeObject apiService() {
    return KubeObject.of(
            ResourceType.API_SERVICES,
            KubeMap.of("name", "v1beta1.metrics.k8s.io", "labels", LABELS))
        .withSpec(
            KubeMap.of(
                "group",
                "metrics.k8s.io",
                "groupPriorityMinimum",
                100L,
                "insecureSkipTLSVerify",
                true,
                "service",
                KubeMap.of("name", "metrics-server", "namespace", "kube-system"),
                "version",
                "v1beta1",
                "versionPriority",
                100L));
  }
}
