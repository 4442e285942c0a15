package dev.wavetank.core.controller.resourcequota;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.quota.QuotaScopes;
import dev.wavetank.core.apiserver.quota.QuotaUsage;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code status} of ResourceQuotas: what is allowed, and what the objects of the namespace
 * use. It counts when a quota is new or changed, and when something that counts goes or needs less.
 * Until there is a quota it watches nothing else.
 *
 * <p>Follows pkg/controller/resourcequota/resource_quota_controller.go and
 * resource_quota_monitor.go (v1.36).
 */
public final class ResourceQuotaController implements Reconciler<ObjectKey> {

  private static final String NAME = "resource-quota-controller";
  private static final int WORKERS = 5;

  private final ApiServer server;
  private final ApiClient client;
  private final Controller<ObjectKey> controller;
  private final Informer quotas;
  private final Map<ResourceType, Informer> monitors = new LinkedHashMap<>();

  /** A controller that watches from now on and knows what exists. */
  public ResourceQuotaController(ApiServer server) {
    this.server = server;
    this.client = new ApiClient(server, NAME);
    this.controller =
        new Controller<>(
            NAME,
            WORKERS,
            client,
            RateLimiter.controllerDefault(),
            Controller.RETRIES_UNBOUNDED,
            this);
    this.quotas = Informer.of(server, ResourceType.RESOURCE_QUOTAS, NAME, this::quotaChanged);
    quotas.replay();
    server.served().listen(this::typesChanged);
  }

  private void typesChanged() {
    if (!monitors.isEmpty()) {
      monitor();
    }
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  private void quotaChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    if (after == null) {
      return;
    }
    monitor();
    boolean counted = !after.status().mapOrEmpty("hard").isEmpty();
    boolean same = before != null && counted && before.spec().equals(after.spec());
    if (!same) {
      controller.enqueue(after.key(ResourceType.RESOURCE_QUOTAS));
    }
  }

  /** Watches what counts, types that are served since the last call included. */
  private void monitor() {
    for (ResourceType type : server.types()) {
      if (QuotaUsage.counts(type) && !monitors.containsKey(type)) {
        monitors.put(
            type,
            Informer.of(
                server,
                type,
                NAME,
                commit -> gives(type, commit),
                (before, after) -> changed(before, after)));
      }
    }
  }

  /** Whether less may be used than before. */
  private static boolean gives(ResourceType type, Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    if (before == null) {
      return false;
    }
    if (after == null) {
      return true;
    }
    if (type.equals(ResourceType.PODS)) {
      return isAlive(before) && !isAlive(after);
    }
    boolean sized =
        type.equals(ResourceType.SERVICES) || type.equals(ResourceType.PERSISTENT_VOLUME_CLAIMS);
    return sized && !before.spec().equals(after.spec());
  }

  private static boolean isAlive(KubeObject pod) {
    String phase = pod.status().string("phase", "");
    return !phase.equals("Failed") && !phase.equals("Succeeded");
  }

  private void changed(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject object = after != null ? after : before;
    if (object == null) {
      return;
    }
    for (KubeObject quota : client.list(ResourceType.RESOURCE_QUOTAS, object.namespace())) {
      controller.enqueue(quota.key(ResourceType.RESOURCE_QUOTAS));
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject quota = quotas.view().get(key);
    if (quota == null) {
      return Result.done();
    }
    KubeMap hard = quota.spec().mapOrEmpty("hard");
    KubeMap used = KubeMap.EMPTY;
    Map<String, Quantity> counted = counted(quota, hard);
    for (String name : hard.keys()) {
      used = used.with(name, counted.getOrDefault(name, Quantity.ZERO).toString());
    }
    KubeMap status = KubeMap.of("hard", hard, "used", used);
    if (!status.equals(quota.status())) {
      client.updateStatus(ResourceType.RESOURCE_QUOTAS, quota.withStatus(status));
    }
    return Result.done();
  }

  private Map<String, Quantity> counted(KubeObject quota, KubeMap hard) {
    Instant now = server.simulation().instant();
    Map<String, Quantity> sum = new TreeMap<>();
    for (ResourceType type : server.types()) {
      Set<String> limited =
          QuotaUsage.counts(type)
              ? QuotaUsage.matching(type, hard.keys())
              : ImmutableSet.<String>of();
      if (limited.isEmpty()) {
        continue;
      }
      for (KubeObject object : client.list(type, quota.namespace())) {
        if (QuotaScopes.match(quota, type, object)) {
          QuotaUsage.of(type, object, now)
              .forEach(
                  (name, amount) -> {
                    if (limited.contains(name)) {
                      sum.merge(name, amount, Quantity::add);
                    }
                  });
        }
      }
    }
    return sum;
  }
}
