package dev.wavetank.core.apiserver.controlplane;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.sim.Simulation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the Service {@code kubernetes} with the API server's own endpoint: what somebody deletes is
 * back, and what somebody changes of the endpoint is put right, at the next of its rounds, which
 * are 10 s apart. A round in which there is nothing to do is not an event.
 *
 * <p>Follows pkg/controlplane/controller/kubernetesservice/controller.go,
 * pkg/controlplane/reconcilers/lease.go and pkg/controlplane/reconcilers/endpointsadapter.go
 * (v1.36).
 */
public final class KubernetesServiceController {

  /** From one round to the next. */
  public static final long INTERVAL_NANOS = 10_000_000_000L;

  private static final String NAME = "kubernetes";
  private static final String NAMESPACE = "default";
  private static final String LABEL = "apiserver/syncKubernetesService";
  private static final String SKIP_MIRROR = "endpointslice.kubernetes.io/skip-mirror";
  private static final ObjectKey SERVICE = ObjectKey.of(ResourceType.SERVICES, NAMESPACE, NAME);
  private static final ObjectKey ENDPOINTS = ObjectKey.of(ResourceType.ENDPOINTS, NAMESPACE, NAME);
  private static final ObjectKey SLICE =
      ObjectKey.of(ResourceType.ENDPOINT_SLICES, NAMESPACE, NAME);

  private final ApiServer server;
  private final ApiServerConfiguration configuration;
  private final Simulation simulation;
  private final long startNanos;
  private boolean syncing;
  private boolean awaited;

  /** Makes what is missing, and keeps it from now on. */
  public KubernetesServiceController(ApiServer server, ApiServerConfiguration configuration) {
    this.server = server;
    this.configuration = configuration;
    this.simulation = server.simulation();
    this.startNanos = simulation.now();
    sync();
    server.listen(this::committed);
  }

  private void committed(Commit commit) {
    ObjectKey key = commit.key();
    boolean own = key.equals(SERVICE) || key.equals(ENDPOINTS) || key.equals(SLICE);
    if (own && !syncing) {
      await();
    }
  }

  private void await() {
    if (!awaited) {
      awaited = true;
      long rounds = (simulation.now() - startNanos) / INTERVAL_NANOS + 1;
      simulation.at(startNanos + rounds * INTERVAL_NANOS, LABEL, SERVICE, this::round);
    }
  }

  private void round() {
    awaited = false;
    try {
      sync();
    } catch (ApiException refused) {
      await();
    }
  }

  private void sync() {
    syncing = true;
    try {
      if (server.find(SERVICE) == null) {
        server.create(ResourceType.SERVICES, service());
      }
      write(ENDPOINTS, endpoints(server.find(ENDPOINTS)));
      write(SLICE, endpointSlice(server.get(ENDPOINTS)));
    } finally {
      syncing = false;
    }
  }

  /** Creates the object, or brings the one that is there up to it. */
  private void write(ObjectKey key, KubeObject wanted) {
    KubeObject found = server.find(key);
    if (found == null) {
      server.create(key.type(), wanted);
    } else if (!same("addressType", found, wanted)) {
      server.delete(key, DeleteOptions.BACKGROUND);
      server.create(key.type(), wanted);
    } else if (!same("subsets", found, wanted)
        || !same("endpoints", found, wanted)
        || !same("ports", found, wanted)
        || !found.labels().equals(wanted.labels())) {
      server.update(key.type(), wanted);
    }
  }

  private static boolean same(String field, KubeObject found, KubeObject wanted) {
    return Objects.equals(found.root().get(field), wanted.root().get(field));
  }

  private static KubeMap metadata(KubeMap labels) {
    return KubeMap.of("name", NAME, "namespace", NAMESPACE, "labels", labels);
  }

  private KubeObject service() {
    KubeMap port =
        KubeMap.of(
            "name", "https", "port", 443, "protocol", "TCP", "targetPort", configuration.port());
    return KubeObject.of(
            ResourceType.SERVICES, metadata(KubeMap.of("component", "apiserver", "provider", NAME)))
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

  /** The Endpoints as they should be; ports that somebody set stay. */
  private KubeObject endpoints(@Nullable KubeObject found) {
    KubeObject base =
        found != null ? found : KubeObject.of(ResourceType.ENDPOINTS, metadata(KubeMap.EMPTY));
    KubeObject labelled = base.with("true", "metadata", "labels", SKIP_MIRROR);
    KubeList subsets = base.root().listOrEmpty("subsets");
    KubeList addresses = KubeList.of(KubeMap.of("ip", configuration.address().toString()));
    KubeMap port = KubeMap.of("name", "https", "port", configuration.port(), "protocol", "TCP");
    if (subsets.size() != 1) {
      KubeMap subset = KubeMap.of("addresses", addresses, "ports", KubeList.of(port));
      return labelled.with(KubeList.of(subset), "subsets");
    }
    KubeMap subset = subsets.map(0);
    KubeList known = subset.listOrEmpty("addresses");
    boolean right =
        known.size() == 1 && configuration.address().toString().equals(known.map(0).get("ip"));
    return right
        ? labelled
        : labelled.with(KubeList.of(subset.with("addresses", addresses)), "subsets");
  }

  private static KubeObject endpointSlice(KubeObject endpoints) {
    KubeMap subset = endpoints.root().listOrEmpty("subsets").map(0);
    KubeList addresses = subset.listOrEmpty("addresses");
    Object[] ready = new Object[addresses.size()];
    boolean v6 = true;
    for (int i = 0; i < ready.length; i++) {
      String ip = addresses.map(i).string("ip", "");
      v6 &= ip.indexOf(':') >= 0;
      ready[i] =
          KubeMap.of(
              "addresses", KubeList.of(ip),
              "conditions", KubeMap.of("ready", true));
    }
    return KubeObject.of(
            ResourceType.ENDPOINT_SLICES, metadata(KubeMap.of("kubernetes.io/service-name", NAME)))
        .with(v6 ? "IPv6" : "IPv4", "addressType")
        .with(KubeList.of(ready), "endpoints")
        .with(subset.listOrEmpty("ports"), "ports");
  }
}
