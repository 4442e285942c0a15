package dev.wavetank.core.controller.rootcacertpublisher;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.controller.PodControl;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the ConfigMap {@code kube-root-ca.crt} in every active namespace: creates it, and restores
 * it when somebody changed or deleted it.
 *
 * <p>Follows pkg/controller/certificates/rootcacertpublisher/publisher.go (v1.36).
 */
public final class RootCaCertPublisher implements Reconciler<ObjectKey> {

  /** Name of the ConfigMap. */
  public static final String CONFIG_MAP_NAME = "kube-root-ca.crt";

  /** What stands for the certificate of the cluster's authority; the same in every cluster. */
  public static final String SIMULATED_ROOT_CA =
      """
      -----BEGIN CERTIFICATE-----
      U2ltdWxhdGVkIGNlcnRpZmljYXRlIGF1dGhvcml0eSBvZiBhIFdhdmV0YW5rIGNs
      dXN0ZXIuIEl0IGhhcyBubyBrZXkgYW5kIHNpZ25zIG5vdGhpbmcu
      -----END CERTIFICATE-----
      """;

  private static final String NAME = "root-ca-cert-publisher";
  private static final String DESCRIPTION_ANNOTATION = "kubernetes.io/description";
  private static final String DESCRIPTION =
      "Contains a CA bundle that can be used to verify the kube-apiserver when using internal"
          + " endpoints such as the internal service IP or kubernetes.default.svc. No other usage"
          + " is guaranteed across distributions of Kubernetes clusters.";

  private final ApiClient client;
  private final KubeMap data;
  private final Controller<ObjectKey> controller;
  private final Informer configMaps;
  private final Informer namespaces;

  /**
   * A publisher that watches from now on and knows what exists.
   *
   * @param rootCa the certificate, in PEM
   */
  public RootCaCertPublisher(ApiServer server, String rootCa) {
    this.client = new ApiClient(server, NAME);
    this.data = KubeMap.of("ca.crt", rootCa);
    this.controller =
        new Controller<>(
            NAME, 1, client, RateLimiter.controllerDefault(), Controller.RETRIES_UNBOUNDED, this);
    this.configMaps =
        Informer.of(
            server,
            ResourceType.CONFIG_MAPS,
            NAME,
            RootCaCertPublisher::named,
            this::configMapChanged);
    this.namespaces = Informer.of(server, ResourceType.NAMESPACES, NAME, this::namespaceChanged);
    namespaces.replay();
  }

  /** The client, for who wants to hear of the publisher's writes. */
  public ApiClient client() {
    return client;
  }

  private static boolean named(Commit commit) {
    return commit.key().name().equals(CONFIG_MAP_NAME);
  }

  private void configMapChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (before != null) {
      controller.enqueue(ObjectKey.of(ResourceType.NAMESPACES, "", before.namespace()));
    }
  }

  private void namespaceChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after != null && (before == null || "Active".equals(after.status().string("phase", "")))) {
      controller.enqueue(after.key(ResourceType.NAMESPACES));
    }
  }

  @Override
  public Result reconcile(ObjectKey namespace) {
    ObjectKey key = ObjectKey.of(ResourceType.CONFIG_MAPS, namespace.name(), CONFIG_MAP_NAME);
    KubeObject known = configMaps.view().get(key);
    if (known == null) {
      create(key);
    } else if (!data.equals(known.root().get("data"))
        || known.annotations().string(DESCRIPTION_ANNOTATION, "").isEmpty()) {
      client.update(ResourceType.CONFIG_MAPS, described(known).with(data, "data"));
    }
    return Result.done();
  }

  private static KubeObject described(KubeObject configMap) {
    KubeMap annotations = configMap.annotations().with(DESCRIPTION_ANNOTATION, DESCRIPTION);
    return configMap.with(annotations, "metadata", "annotations");
  }

  private void create(ObjectKey key) {
    KubeObject configMap =
        KubeObject.of(
            ResourceType.CONFIG_MAPS, KubeMap.of("name", key.name(), "namespace", key.namespace()));
    try {
      client.create(ResourceType.CONFIG_MAPS, described(configMap).with(data, "data"));
    } catch (ApiException e) {
      if (!e.notFound() && !PodControl.namespaceTerminating(e)) {
        throw e;
      }
    }
  }
}
