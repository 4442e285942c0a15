package dev.wavetank.core.gateway;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerProcess;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One controller of Gateways. It looks at everything a moment after something changed; every
 * replica writes the same, so that there is no leader among them.
 */
final class GatewayControllerProcess implements ContainerProcess {

  private static final String NAME = "gateway-controller";
  private static final int HEALTH_PORT = 8081;
  private static final long SYNC_NANOS = 100_000_000L;
  private static final long RETRY_NANOS = 5_000_000_000L;
  private static final HttpAnswer OK = new HttpAnswer(HttpResponse.of(200, "text/plain", "ok"), 0);

  private final ApiServer api;
  private final Container container;
  private final Simulation simulation;
  private final String controllerName;
  private final ApiClient client;
  private final GatewayInfrastructure infrastructure;
  private final Informer services;
  private final Informer deployments;
  private final GatewayInformers informers;
  private @Nullable Timer sync;
  private boolean failed;

  GatewayControllerProcess(ApiServer api, Container container) {
    this.api = api;
    this.container = container;
    this.simulation = api.simulation();
    var args = container.spec().listOrEmpty("args");
    this.controllerName =
        ProgramFlags.value(args, "controller-name", "wavetank.dev/gateway-controller");
    this.client = new ApiClient(api, NAME);
    this.infrastructure =
        new GatewayInfrastructure(
            client,
            ProgramFlags.value(args, "proxy-image", GatewayPrograms.PROXY_IMAGE + ":v1"),
            ProgramFlags.value(args, "service-type", "LoadBalancer"));
    this.services =
        Informer.of(api, ResourceType.SERVICES, NAME, (before, after) -> syncLater(SYNC_NANOS));
    this.deployments =
        Informer.of(
            api,
            ResourceType.DEPLOYMENTS,
            NAME,
            GatewayControllerProcess::ofGateways,
            (before, after) -> syncLater(SYNC_NANOS));
    this.informers = new GatewayInformers(api, NAME, services::view, () -> syncLater(SYNC_NANOS));
    syncLater(SYNC_NANOS);
  }

  private static boolean ofGateways(Commit commit) {
    KubeObject object = commit.after() == null ? commit.before() : commit.after();
    return object != null && GatewayInfrastructure.marked(object);
  }

  @Override
  public void stop() {
    services.stop();
    deployments.stop();
    informers.stop();
    if (sync != null) {
      sync.cancel();
    }
  }

  private void syncLater(long nanos) {
    if (sync == null) {
      sync = simulation.after(nanos, NAME + "/sync", container.id(), this::sync);
    }
  }

  private void sync() {
    sync = null;
    failed = false;
    GatewayStatus status = new GatewayStatus(controllerName, api.timestamp());
    Set<String> classes = new LinkedHashSet<>();
    for (KubeObject gatewayClass : informers.classes()) {
      if (gatewayClass.spec().string("controllerName", "").equals(controllerName)) {
        classes.add(gatewayClass.name());
        write("GatewayClass", gatewayClass, status.ofClass(gatewayClass));
      }
    }
    List<KubeObject> gateways = new ArrayList<>();
    for (KubeObject gateway : informers.gateways()) {
      if (classes.contains(gateway.spec().string("gatewayClassName", ""))
          && !gateway.terminating()) {
        gateways.add(gateway);
        sync(gateway, status);
      }
    }
    for (KubeObject route : informers.routes()) {
      write("HTTPRoute", route, status.ofRoute(route, gateways, informers));
    }
    client.takeElapsedNanos();
    if (failed) {
      syncLater(RETRY_NANOS);
    }
  }

  private void sync(KubeObject gateway, GatewayStatus status) {
    String failure = infrastructure.ensure(gateway);
    failed |= !failure.isEmpty();
    write(
        "Gateway",
        gateway,
        status.ofGateway(
            gateway,
            informers,
            services.view().get(GatewayInfrastructure.serviceKey(gateway)),
            deployments.view().get(GatewayInfrastructure.deploymentKey(gateway)),
            failure));
  }

  private void write(String kind, KubeObject object, KubeMap status) {
    ResourceType type = informers.type(kind);
    if (type == null || status.equals(object.status())) {
      return;
    }
    try {
      client.patchStatus(object.key(type), old -> status);
    } catch (ApiException e) {
      failed |= !e.notFound();
    }
  }

  @Override
  public boolean listens(Protocol protocol, int port, long ageNanos) {
    return protocol == Protocol.TCP && port == HEALTH_PORT;
  }

  @Override
  public HttpAnswer http(int port, HttpRequest request, long ageNanos) {
    return OK;
  }

  @Override
  public long constantUntilNanos(long ageNanos) {
    return FOREVER;
  }
}
