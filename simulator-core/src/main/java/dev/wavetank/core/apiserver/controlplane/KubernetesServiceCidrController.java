package dev.wavetank.core.apiserver.controlplane;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.core.sim.Simulation;

/**
 * Keeps the ServiceCIDR {@code kubernetes}, which has the networks that the API server is started
 * with: it is made at the start, and made again in the next round, 10 s apart, when somebody has
 * deleted it. A round in which there is nothing to do is not an event.
 *
 * <p>Follows pkg/controlplane/controller/defaultservicecidr/default_servicecidr_controller.go
 * (v1.36).
 */
final class KubernetesServiceCidrController {

  private static final long INTERVAL_NANOS = 10_000_000_000L;
  private static final String LABEL = "apiserver/syncKubernetesServiceCidrController";
  private static final ResourceType TYPE = ResourceType.SERVICE_CIDRS;
  private static final ObjectKey KEY = ObjectKey.of(TYPE, "", "kubernetes");

  private final ApiServer server;
  private final KubeList cidrs;
  private final Simulation simulation;
  private final long startNanos;

  /** Makes it, and keeps it from now on. */
  KubernetesServiceCidrController(ApiServer server, ApiServerConfiguration configuration) {
    this.server = server;
    this.cidrs =
        KubeList.copyOf(configuration.serviceNetworks().stream().map(IpBlock::toString).toList());
    this.simulation = server.simulation();
    this.startNanos = simulation.now();
    create();
    server.listen(this::committed);
  }

  private void committed(Commit commit) {
    if (commit.after() == null && commit.key().equals(KEY)) {
      await();
    }
  }

  private void await() {
    long rounds = (simulation.now() - startNanos) / INTERVAL_NANOS + 1;
    simulation.at(startNanos + rounds * INTERVAL_NANOS, LABEL, KEY, this::round);
  }

  private void round() {
    try {
      if (server.find(KEY) == null) {
        create();
      }
    } catch (ApiException refused) {
      await();
    }
  }

  private void create() {
    server.create(
        TYPE,
        KubeObject.of(TYPE, KubeMap.of("name", KEY.name())).withSpec(KubeMap.of("cidrs", cidrs)));
    KubeMap ready =
        KubeMap.of(
            "type", "Ready",
            "status", "True",
            "lastTransitionTime", server.timestamp(),
            "reason", "",
            "message", "Kubernetes default Service CIDR is ready");
    server.patchStatus(KEY, before -> Conditions.with(before, ready));
  }
}
