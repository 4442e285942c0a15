package dev.wavetank.core.ingress;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes where the Ingresses of a controller can be reached, once a minute. Every replica writes
 * the same, so that there is no leader among them.
 *
 * <p>Follows internal/ingress/status/status.go of ingress-nginx (1.14).
 */
final class IngressStatus {

  private static final long INTERVAL_NANOS = 60_000_000_000L;

  private final ApiServer api;
  private final ApiClient client;
  private final Simulation simulation;
  private final IngressFlags flags;
  private final String pod;
  private final Supplier<List<KubeObject>> served;
  private @Nullable Timer timer;

  /**
   * A writer that does not write yet.
   *
   * @param pod the controller's
   */
  IngressStatus(ApiServer api, IngressFlags flags, String pod, Supplier<List<KubeObject>> served) {
    this.api = api;
    this.client = new ApiClient(api, "nginx-ingress-controller");
    this.simulation = api.simulation();
    this.flags = flags;
    this.pod = pod;
    this.served = served;
  }

  void start() {
    write();
    timer = simulation.after(INTERVAL_NANOS, "nginx-ingress-controller/status", pod, this::start);
  }

  void stop() {
    if (timer != null) {
      timer.cancel();
    }
  }

  private void write() {
    KubeList addresses = addresses();
    for (KubeObject ingress : served.get()) {
      KubeList known = ingress.status().mapOrEmpty("loadBalancer").listOrEmpty("ingress");
      if (known.equals(addresses)) {
        continue;
      }
      try {
        client.patchStatus(
            ingress.key(ResourceType.INGRESSES),
            old -> old.with("loadBalancer", KubeMap.of("ingress", addresses)));
      } catch (ApiException e) {
        // Gone or changed since: the next round sees it.
      }
    }
  }

  private KubeList addresses() {
    if (!flags.publishAddress().isEmpty()) {
      return KubeList.of(entry(flags.publishAddress()));
    }
    ObjectKey named = IngressFlags.service(flags.publishService());
    KubeObject service = named == null ? null : api.find(named);
    return service == null ? KubeList.EMPTY : addresses(service);
  }

  private static KubeList addresses(KubeObject service) {
    KubeMap spec = service.spec();
    List<Object> found = new ArrayList<>();
    switch (spec.string("type", "")) {
      case "ExternalName" -> found.add(entry(spec.string("externalName", "")));
      case "LoadBalancer" -> {
        service.status().mapOrEmpty("loadBalancer").listOrEmpty("ingress").forEach(found::add);
        spec.listOrEmpty("externalIPs").forEach(address -> found.add(entry(address.toString())));
      }
      case "NodePort" -> {
        spec.listOrEmpty("externalIPs").forEach(address -> found.add(entry(address.toString())));
        if (found.isEmpty()) {
          found.add(entry(spec.string("clusterIP", "")));
        }
      }
      default -> found.add(entry(spec.string("clusterIP", "")));
    }
    return KubeList.copyOf(found);
  }

  private static KubeMap entry(String place) {
    boolean address = IpAddress.parseOrNull(place) != null;
    return KubeMap.of(address ? "ip" : "hostname", place);
  }
}
