package dev.wavetank.core.apiserver.controlplane;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.aggregator.ApiServices;
import dev.wavetank.core.apiserver.flowcontrol.FlowControl;

/**
 * The objects that every cluster begins with: its namespaces, the priority classes of the system,
 * roles, and the FlowSchemas, APIServices, the ServiceCIDR and the Service {@code kubernetes},
 * which are kept from then on. What else a namespace has comes from controllers.
 *
 * <p>Follows pkg/controlplane/controller/systemnamespaces/system_namespaces_controller.go,
 * pkg/controlplane/controller/legacytokentracking/controller.go and
 * pkg/registry/scheduling/rest/storage_scheduling.go (v1.36).
 */
public final class Bootstrap {

  private static final ImmutableList<String> NAMESPACES =
      ImmutableList.of("default", "kube-system", "kube-public", "kube-node-lease");

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
    BootstrapPolicy.create(server);
    FlowControl.start(server);
    ApiServices.start(server);
    trackLegacyTokens();
    new KubernetesServiceCidrController(server, configuration);
    new KubernetesServiceController(server, configuration);
  }

  /** Since when the use of old tokens of ServiceAccounts is looked at. */
  private void trackLegacyTokens() {
    KubeMap metadata =
        KubeMap.of(
            "name", "kube-apiserver-legacy-service-account-token-tracking",
            "namespace", "kube-system");
    String today = server.timestamp().substring(0, "2026-01-01".length());
    server.create(
        ResourceType.CONFIG_MAPS,
        KubeObject.of(ResourceType.CONFIG_MAPS, metadata).with(KubeMap.of("since", today), "data"));
  }

  private void systemPriorityClass(String name, long value, String description) {
    KubeObject named = KubeObject.of(ResourceType.PRIORITY_CLASSES, KubeMap.of("name", name));
    server.create(
        ResourceType.PRIORITY_CLASSES, named.with(value, "value").with(description, "description"));
  }
}
