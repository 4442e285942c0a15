package dev.wavetank.core.apiserver.aggregator;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.sim.Simulation;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps an APIService for each group and version that the server serves, and says of each whether
 * it is available. One that is built in is made once, at the start; those of custom resources come
 * and go with them.
 *
 * <p>Follows staging/src/k8s.io/kube-aggregator/pkg/controllers/autoregister,
 * staging/src/k8s.io/kube-aggregator/pkg/controllers/status and
 * pkg/controlplane/controller/crdregistration (v1.36).
 */
public final class ApiServices {

  private static final ResourceType TYPE = ResourceType.API_SERVICES;
  private static final String MANAGED = "kube-aggregator.kubernetes.io/automanaged";
  private static final String ALWAYS = "true";
  private static final String AVAILABLE = "Available";
  private static final long CUSTOM_VERSION = 100;

  /** Why an APIService is available or not. */
  private record Availability(boolean available, String reason, String message) {}

  private static final Availability LOCAL =
      new Availability(true, "Local", "Local APIServices are always available");

  private final ApiServer server;
  private final Simulation simulation;
  private boolean awaited;

  private ApiServices(ApiServer server) {
    this.server = server;
    this.simulation = server.simulation();
  }

  /** Serves APIServices with their strategy. */
  public static void install(ApiServer server) {
    server.serve(TYPE, new ApiServiceStrategy());
  }

  /** Makes those that are built in, and keeps all from now on. */
  public static void start(ApiServer server) {
    ApiServices services = new ApiServices(server);
    services.wanted(false).forEach((name, wanted) -> server.create(TYPE, wanted));
    services.sync();
    server.listen(services::committed);
    server.served().listen(services::await);
  }

  private void committed(Commit commit) {
    ResourceType type = commit.key().type();
    boolean behind = type.equals(ResourceType.SERVICES) && remote();
    if (type.equals(TYPE) || behind) {
      await();
    }
  }

  private boolean remote() {
    for (KubeObject service : server.list(TYPE)) {
      if (service.spec().has("service")) {
        return true;
      }
    }
    return false;
  }

  private void await() {
    if (!awaited) {
      awaited = true;
      simulation.at(simulation.now(), "apiserver/syncApiServices", TYPE, this::round);
    }
  }

  private void round() {
    awaited = false;
    try {
      sync();
    } catch (ApiException refused) {
      awaited = true;
      simulation.after(1_000_000_000L, "apiserver/syncApiServices", TYPE, this::round);
    }
  }

  private void sync() {
    Map<String, KubeObject> wanted = wanted(true);
    for (KubeObject found : server.list(TYPE)) {
      boolean always = ALWAYS.equals(found.labels().get(MANAGED));
      KubeObject custom = wanted.remove(found.name());
      if (always && custom == null) {
        server.delete(found.key(TYPE), DeleteOptions.BACKGROUND);
      } else if (always && !found.spec().equals(custom.spec())) {
        server.update(TYPE, found.withSpec(custom.spec()));
      }
    }
    wanted.forEach((name, service) -> server.create(TYPE, service));
    for (KubeObject found : server.list(TYPE)) {
      tell(found);
    }
  }

  /** The APIServices of the groups and versions that are custom, or of those that are not. */
  private Map<String, KubeObject> wanted(boolean custom) {
    Map<String, KubeObject> wanted = new LinkedHashMap<>();
    for (ResourceType type : server.served().served()) {
      boolean registered = type.group().equals(TYPE.group());
      if ((type.custom() != null) == custom && !registered) {
        KubeObject service = service(type.group(), type.version(), custom);
        wanted.putIfAbsent(service.name(), service);
      }
    }
    return wanted;
  }

  private static KubeObject service(String group, String version, boolean custom) {
    KubeMap spec = KubeMap.of("group", group.isEmpty() ? null : group);
    spec = spec.with("groupPriorityMinimum", GroupPriorities.ofGroup(group));
    spec = spec.with("version", version);
    spec =
        spec.with(
            "versionPriority", custom ? CUSTOM_VERSION : GroupPriorities.ofVersion(group, version));
    KubeMap labels = KubeMap.of(MANAGED, custom ? ALWAYS : "onstart");
    KubeMap metadata = KubeMap.of("name", version + "." + group, "labels", labels);
    return KubeObject.of(TYPE, metadata).withSpec(spec);
  }

  private void tell(KubeObject service) {
    Availability now = availability(service.spec());
    KubeMap told = Conditions.find(service.status(), AVAILABLE);
    boolean same =
        told != null
            && told.string("reason", "").equals(now.reason)
            && told.string("message", "").equals(now.message);
    if (!same) {
      KubeMap condition =
          KubeMap.of(
              "lastTransitionTime",
              server.timestamp(),
              "message",
              now.message,
              "reason",
              now.reason,
              "status",
              now.available ? "True" : "False",
              "type",
              AVAILABLE);
      KubeMap status = Conditions.with(service.status(), condition);
      server.updateStatus(TYPE, service.withStatus(status));
    }
  }

  /** Nothing is forwarded: an APIService that is not local is there when its types are. */
  private Availability availability(KubeMap spec) {
    KubeMap reference = spec.map("service");
    if (reference == null) {
      return LOCAL;
    }
    String name = reference.string("name", "");
    String namespace = reference.string("namespace", "");
    String qualified = "service/" + name + " in \"" + namespace + "\"";
    KubeObject service = server.find(ObjectKey.of(ResourceType.SERVICES, namespace, name));
    if (service == null) {
      return new Availability(false, "ServiceNotFound", qualified + " is not present");
    }
    long port = reference.number("port", 443);
    for (KubeMap known : service.spec().listOrEmpty("ports").maps()) {
      if (known.number("port", 0) == port) {
        if (computed(spec.string("group", ""), spec.string("version", ""))) {
          return new Availability(true, "Passed", "all checks passed");
        }
        return new Availability(
            false,
            "FailedDiscoveryCheck",
            "failing or missing response from https://"
                + service.spec().string("clusterIP", "")
                + ":"
                + port
                + ": requests are not forwarded to other API servers");
      }
    }
    return new Availability(
        false, "ServicePortError", qualified + " is not listening on port " + port);
  }

  private boolean computed(String group, String version) {
    for (ResourceType type : server.served().served()) {
      if (type.group().equals(group)
          && type.version().equals(version)
          && server.served().computed(type) != null) {
        return true;
      }
    }
    return false;
  }
}
