package dev.wavetank.core.controller.serviceaccount;

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
 * Creates the ServiceAccount {@code default} of every active namespace, again when it was deleted.
 *
 * <p>Follows pkg/controller/serviceaccount/serviceaccounts_controller.go (v1.36).
 */
public final class ServiceAccountsController implements Reconciler<ObjectKey> {

  private static final String NAME = "service-account-controller";
  private static final String ACCOUNT = "default";

  private final ApiClient client;
  private final Controller<ObjectKey> controller;
  private final Informer namespaces;
  private final Informer serviceAccounts;

  /** A controller that watches from now on and knows what exists. */
  public ServiceAccountsController(ApiServer server) {
    this.client = new ApiClient(server, NAME);
    this.controller =
        new Controller<>(
            NAME, 1, client, RateLimiter.controllerDefault(), Controller.RETRIES_UNBOUNDED, this);
    this.serviceAccounts =
        Informer.of(
            server,
            ResourceType.SERVICE_ACCOUNTS,
            NAME,
            ServiceAccountsController::named,
            this::serviceAccountChanged);
    this.namespaces = Informer.of(server, ResourceType.NAMESPACES, NAME, this::namespaceChanged);
    namespaces.replay();
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  private static boolean named(Commit commit) {
    return commit.key().name().equals(ACCOUNT);
  }

  private void namespaceChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after != null) {
      controller.enqueue(after.key(ResourceType.NAMESPACES));
    }
  }

  private void serviceAccountChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null && before != null) {
      controller.enqueue(ObjectKey.of(ResourceType.NAMESPACES, "", before.namespace()));
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject namespace = namespaces.view().get(key);
    ObjectKey account = ObjectKey.of(ResourceType.SERVICE_ACCOUNTS, key.name(), ACCOUNT);
    if (namespace == null
        || !"Active".equals(namespace.status().get("phase"))
        || serviceAccounts.view().get(account) != null) {
      return Result.done();
    }
    KubeMap metadata = KubeMap.of("name", ACCOUNT, "namespace", key.name());
    try {
      client.create(
          ResourceType.SERVICE_ACCOUNTS, KubeObject.of(ResourceType.SERVICE_ACCOUNTS, metadata));
    } catch (ApiException e) {
      if (!e.alreadyExists() && !PodControl.namespaceTerminating(e)) {
        throw e;
      }
    }
    return Result.done();
  }
}
