package dev.wavetank.core.controller.servicecidrs;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Marks ServiceCIDRs as ready and holds them by a finalizer. A deleted one is let go 10 s after its
 * deletion, and not before every IPAddress that is managed is in another one too.
 *
 * <p>An IPAddress that comes or goes matters only to a ServiceCIDR that is being deleted, so
 * nothing happens otherwise.
 *
 * <p>Follows pkg/controller/servicecidrs/servicecidrs_controller.go (v1.36).
 */
public final class ServiceCidrController implements Reconciler<ObjectKey> {

  /** What keeps a ServiceCIDR from going. */
  public static final String FINALIZER = "networking.k8s.io/service-cidr-finalizer";

  private static final String NAME = "service-cidr-controller";
  private static final int RETRIES_MAX = 15;
  private static final Duration DELETION_GRACE = Duration.ofSeconds(10);
  private static final ResourceType TYPE = ResourceType.SERVICE_CIDRS;
  private static final String READY = "Ready";

  private final ApiServer server;
  private final ApiClient client;
  private final Controller<ObjectKey> controller;
  private final Informer serviceCidrs;
  private final Informer addresses;

  /** A controller that watches from now on and knows what exists. */
  public ServiceCidrController(ApiServer server) {
    this.server = server;
    this.client = new ApiClient(server, NAME);
    this.controller =
        new Controller<>(NAME, 1, client, RateLimiter.controllerDefault(), RETRIES_MAX, this);
    this.serviceCidrs = Informer.of(server, TYPE, NAME, this::serviceCidrChanged);
    this.addresses =
        Informer.of(
            server, ResourceType.IP_ADDRESSES, NAME, this::matters, (before, after) -> retry());
    serviceCidrs.replay();
  }

  /** The client, for who wants to hear of the controller's writes. */
  public ApiClient client() {
    return client;
  }

  private void serviceCidrChanged(@Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject changed = after == null ? before : after;
    if (changed != null) {
      controller.enqueue(changed.key(TYPE));
    }
    if (before == null) {
      retry();
    }
  }

  private boolean matters(Commit commit) {
    return server.list(TYPE).stream().anyMatch(KubeObject::terminating);
  }

  /** What is being deleted may now go. */
  private void retry() {
    for (KubeObject serviceCidr : serviceCidrs.view().list(TYPE)) {
      if (serviceCidr.terminating()) {
        controller.enqueue(serviceCidr.key(TYPE));
      }
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject serviceCidr = serviceCidrs.view().get(key);
    if (serviceCidr == null) {
      return Result.done();
    }
    KubeList finalizers = serviceCidr.finalizers();
    if (serviceCidr.terminating()) {
      return terminate(serviceCidr, finalizers.indexOf(FINALIZER));
    }
    if (!finalizers.contains(FINALIZER)) {
      client.patch(
          key,
          newest -> newest.with(newest.finalizers().plus(FINALIZER), "metadata", "finalizers"));
    }
    setReady(serviceCidr, "True", "", "Kubernetes Service CIDR is ready");
    return Result.done();
  }

  private Result terminate(KubeObject serviceCidr, int finalizer) {
    if (!canGo(serviceCidr)) {
      setReady(
          serviceCidr,
          "False",
          "Terminating",
          "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a"
              + " new ServiceCIDR");
      return Result.done();
    }
    Instant deleted = Timestamps.parse(serviceCidr.deletionTimestamp());
    if (deleted != null) {
      Duration since = Duration.between(deleted, server.simulation().instant());
      Duration left = DELETION_GRACE.minus(since);
      if (left.compareTo(Duration.ZERO) > 0) {
        return Result.after(left.toNanos());
      }
    }
    if (finalizer >= 0) {
      KubeList others = serviceCidr.finalizers().without(finalizer);
      client.update(
          TYPE, serviceCidr.with(others.isEmpty() ? null : others, "metadata", "finalizers"));
    }
    return Result.done();
  }

  private void setReady(KubeObject serviceCidr, String status, String reason, String message) {
    KubeMap condition = Conditions.find(serviceCidr.status(), READY);
    boolean same =
        condition != null
            && condition.string("status", "").equals(status)
            && condition.string("reason", "").equals(reason)
            && condition.string("message", "").equals(message);
    if (!same) {
      KubeMap next =
          KubeMap.of(
              "type", READY,
              "status", status,
              "lastTransitionTime", server.timestamp(),
              "reason", reason,
              "message", message);
      client.patchStatus(serviceCidr.key(TYPE), before -> Conditions.with(before, next));
    }
  }

  /** Whether every managed address of it is in another ServiceCIDR too. */
  private boolean canGo(KubeObject serviceCidr) {
    for (KubeObject address : addresses.view().list(ResourceType.IP_ADDRESSES)) {
      IpAddress ip = IpAddress.parse(address.name());
      boolean managed =
          "ipallocator.k8s.io".equals(address.labels().get("ipaddress.kubernetes.io/managed-by"));
      if (managed && contains(serviceCidr, ip) && !inAnother(serviceCidr, ip)) {
        return false;
      }
    }
    return true;
  }

  private boolean inAnother(KubeObject serviceCidr, IpAddress ip) {
    for (KubeObject other : serviceCidrs.view().list(TYPE)) {
      if (!other.name().equals(serviceCidr.name()) && contains(other, ip)) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(KubeObject serviceCidr, IpAddress ip) {
    for (Object cidr : serviceCidr.spec().listOrEmpty("cidrs")) {
      IpBlock block = IpBlock.parseOrNull(cidr.toString());
      if (block != null && block.contains(ip)) {
        return true;
      }
    }
    return false;
  }
}
