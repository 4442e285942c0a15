package dev.wavetank.core.controller.namespace;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what is in a namespace that is being deleted, and then lets the namespace go. It waits 5
 * s after each change of such a namespace, and while something remains for half the time that this
 * is estimated to take and a second more.
 *
 * <p>Follows pkg/controller/namespace/namespace_controller.go (v1.36).
 */
public final class NamespaceController implements Reconciler<ObjectKey> {

  /** How long the controller waits, so that no server still takes the namespace for active. */
  public static final long DELETION_GRACE_PERIOD_NANOS = 5_000_000_000L;

  private static final String NAME = "namespace-controller";
  private static final int WORKERS = 10;
  private static final long SECOND = 1_000_000_000L;
  private static final long BACKOFF_NANOS_MIN = 5_000_000L;
  private static final long BACKOFF_NANOS_MAX = 60 * SECOND;

  private final ApiClient client;
  private final NamespacedResourcesDeleter deleter;
  private final Controller<ObjectKey> controller;
  private final Informer namespaces;

  /** A controller that watches from now on and knows what exists. */
  public NamespaceController(ApiServer server) {
    this.client = new ApiClient(server, NAME);
    this.deleter =
        new NamespacedResourcesDeleter(
            client, server.simulation().choices().stream(NAME + "/order"));
    this.controller =
        new Controller<>(
            NAME,
            WORKERS,
            client,
            new RateLimiter(BACKOFF_NANOS_MIN, BACKOFF_NANOS_MAX, 10, 100),
            Controller.RETRIES_UNBOUNDED,
            this);
    this.namespaces =
        Informer.of(
            server,
            ResourceType.NAMESPACES,
            NAME,
            NamespaceController::matters,
            this::namespaceChanged);
    namespaces.replay();
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  private static boolean matters(Commit commit) {
    return commit.object().terminating();
  }

  private void namespaceChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after != null && after.terminating()) {
      controller.enqueueAfter(after.key(ResourceType.NAMESPACES), DELETION_GRACE_PERIOD_NANOS);
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    if (namespaces.view().get(key) == null) {
      return Result.done();
    }
    long estimateSeconds = deleter.delete(key);
    return estimateSeconds == 0
        ? Result.done()
        : Result.remaining((estimateSeconds / 2 + 1) * SECOND);
  }
}
