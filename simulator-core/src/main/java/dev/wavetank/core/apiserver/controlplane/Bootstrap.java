package dev.wavetank.core.apiserver.controlplane;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;

/**
 * The objects that every cluster begins with: its namespaces, the priority classes of the system,
 * and the Service {@code kubernetes} with the endpoint of the API server. What else a namespace has
 * comes from controllers.
 *
 * <p>Follows pkg/controlplane/controller/systemnamespaces/system_namespaces_controller.go,
 * pkg/registry/scheduling/rest/storage_scheduling.go,
 * pkg/controlplane/controller/kubernetesservice/controller.go and
 * pkg/controlplane/reconcilers/endpointsadapter.go (v1.36).
 */
public final class Bootstrap {

  private static final ImmutableList<String> NAMESPACES =
      ImmutableList.of("default", "kube-system", "kube-public", "kube-node-lease");
  private static final String KUBERNETES = "kubernetes";

  private final ApiServer server;
  private final ApiServerConfiguration configuration;

  public Bootstrap(ApiServer server, ApiServerConfiguration configuration) {
    this.server = server;
    this.configuration = configuration;
  }

  /** Creates all of them. */
  public void create() {
    for (String namespace : NAMESPACES) {
      server.create(
          ResourceType.NAMESPACES,
          KubeObject.of(ResourceType.NAMESPACES, KubeMap.of("name", namespace)));
    }
    systemPriorityClass(
        "system-node-critical",
        2_000_001_000L,
        "Used for system critical pods that must not be moved from their current node.");
    systemPriorityClass(
        "system-cluster-critical",
        2_000_000_000L,
        "Used for system critical pods that must run in the cluster, but can be moved to another"
            + " node if necessary.");
    server.create(ResourceType.SERVICES, service());
    server.create(ResourceType.ENDPOINTS, endpoints());
    server.create(ResourceType.ENDPOINT_SLICES, endpointSlice());
  }

  private void systemPriorityClass(String name, long value, String description) {
    KubeObject named = KubeObject.of(ResourceType.PRIORITY_CLASSES, KubeMap.of("name", name));
    server.create(
        ResourceType.PRIORITY_CLASSES, named.with(value, "value").with(description, "description"));
  }

  private static KubeMap metadata(KubeMap labels) {
    return KubeMap.of("name", KUBERNETES, "namespace", "default", "labels", labels);
  }

  private KubeObject service() {
    KubeMap port =
        KubeMap.of(
            "name", "https", "port", 443, "protocol", "TCP", "targetPort", configuration.port());
    return KubeObject.of(
            ResourceType.SERVICES,
            metadata(KubeMap.of("component", "apiserver", "provider", KUBERNETES)))
        .withSpec(
            KubeMap.of(
                "clusterIP",
                configuration.kubernetesIp().toString(),
                "ipFamilies",
                KubeList.of("IPv4"),
                "ipFamilyPolicy",
                "SingleStack",
                "ports",
                KubeList.of(port),
                "sessionAffinity",
                "None",
                "type",
                "ClusterIP"));
  }

  private KubeMap port() {
    return KubeMap.of("name", "https", "port", configuration.port(), "protocol", "TCP");
  }

  private KubeObject endpoints() {
    KubeMap address = KubeMap.of("ip", configuration.address().toString());
    KubeMap subset = KubeMap.of("addresses", KubeList.of(address), "ports", KubeList.of(port()));
    return KubeObject.of(
            ResourceType.ENDPOINTS,
            metadata(KubeMap.of("endpointslice.kubernetes.io/skip-mirror", "true")))
        .with(KubeList.of(subset), "subsets");
  }

  private KubeObject endpointSlice() {
    KubeMap endpoint =
        KubeMap.of(
            "addresses", KubeList.of(configuration.address().toString()),
            "conditions", KubeMap.of("ready", true));
    KubeObject slice =
        KubeObject.of(
            ResourceType.ENDPOINT_SLICES,
            metadata(KubeMap.of("kubernetes.io/service-name", KUBERNETES)));
    return slice
        .with(configuration.address().isV6() ? "IPv6" : "IPv4", "addressType")
        .with(KubeList.of(endpoint), "endpoints")
        .with(KubeList.of(port()), "ports");
  }
}
