package dev.wavetank.core.gateway;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Snapshot;
import dev.wavetank.core.httpproxy.TlsSecret;
import dev.wavetank.core.informer.Informer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A program's view of the kinds of the Gateway API, each from the moment on at which its
 * CustomResourceDefinition is served, of the namespaces and Services that routes need, and of the
 * Secrets with the listeners' certificates.
 */
final class GatewayInformers implements GatewayObjects {

  private final ApiServer api;
  private final String watcher;
  private final Runnable changed;
  private final Supplier<Snapshot> services;
  private final Informer definitions;
  private final Informer namespaces;
  private final Informer secrets;
  private final Map<String, Informer> informers = new LinkedHashMap<>();
  private final Map<String, ResourceType> types = new LinkedHashMap<>();

  /**
   * A view that is kept from now on.
   *
   * @param watcher name of the program
   * @param services seen of Services; who keeps that view tells of its changes
   * @param changed runs after each change that may change what Gateways do
   */
  GatewayInformers(ApiServer api, String watcher, Supplier<Snapshot> services, Runnable changed) {
    this.api = api;
    this.watcher = watcher;
    this.changed = changed;
    this.services = services;
    this.definitions =
        Informer.of(
            api,
            ResourceType.CUSTOM_RESOURCE_DEFINITIONS,
            watcher,
            (before, after) -> watchServed());
    this.namespaces =
        Informer.of(
            api,
            ResourceType.NAMESPACES,
            watcher,
            (before, after) -> {
              if (before == null || after == null || !before.labels().equals(after.labels())) {
                changed.run();
              }
            });
    this.secrets =
        Informer.of(
            api,
            ResourceType.SECRETS,
            watcher,
            GatewayInformers::hasCertificate,
            (before, after) -> changed.run());
    watchServed();
  }

  private static boolean hasCertificate(Commit commit) {
    KubeObject object = commit.after() == null ? commit.before() : commit.after();
    return object != null && TlsSecret.TYPE.equals(object.root().string("type", ""));
  }

  void stop() {
    definitions.stop();
    secrets.stop();
    namespaces.stop();
    informers.values().forEach(Informer::stop);
  }

  private void watchServed() {
    for (String kind : List.of("GatewayClass", "Gateway", "HTTPRoute", "ReferenceGrant")) {
      ResourceType type = served(kind);
      if (type != null && !type.equals(types.put(kind, type))) {
        Informer old = informers.put(kind, Informer.of(api, type, watcher, this::objectChanged));
        if (old != null) {
          old.stop();
        }
        changed.run();
      }
    }
  }

  private @Nullable ResourceType served(String kind) {
    ResourceType type = api.typeOf(GROUP + "/v1", kind);
    if (type == null) {
      type = api.typeOf(GROUP + "/v1beta1", kind);
    }
    return type == null ? null : type.stored();
  }

  private void objectChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    boolean statusOnly =
        before != null && after != null && Objects.equals(before.spec(), after.spec());
    if (!statusOnly) {
      changed.run();
    }
  }

  /** The type of a kind, once it is served. */
  @Nullable ResourceType type(String kind) {
    return types.get(kind);
  }

  private List<KubeObject> list(String kind) {
    Informer informer = informers.get(kind);
    ResourceType type = types.get(kind);
    return informer == null || type == null ? List.of() : informer.view().list(type);
  }

  @Override
  public List<KubeObject> classes() {
    return list("GatewayClass");
  }

  @Override
  public List<KubeObject> gateways() {
    return list("Gateway");
  }

  @Override
  public List<KubeObject> routes() {
    return list("HTTPRoute");
  }

  @Override
  public List<KubeObject> grants() {
    return list("ReferenceGrant");
  }

  @Override
  public KubeMap namespaceLabels(String namespace) {
    KubeObject found = namespaces.view().get(ObjectKey.of(ResourceType.NAMESPACES, "", namespace));
    return found == null ? KubeMap.EMPTY : found.labels();
  }

  @Override
  public @Nullable KubeObject service(String namespace, String name) {
    return services.get().get(ObjectKey.of(ResourceType.SERVICES, namespace, name));
  }

  @Override
  public @Nullable KubeObject secret(String namespace, String name) {
    return secrets.view().get(ObjectKey.of(ResourceType.SECRETS, namespace, name));
  }
}
