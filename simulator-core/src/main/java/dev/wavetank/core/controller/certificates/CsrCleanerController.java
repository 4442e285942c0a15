package dev.wavetank.core.controller.certificates;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.certificates.Certificates;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Reconciler;
import dev.wavetank.core.informer.Result;
import dev.wavetank.core.sim.Simulation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Deletes CertificateSigningRequests that are old: an hour after they were decided, a day after
 * they were made when nothing came of them, and when their certificate has expired. Like upstream's
 * it looks once an hour, though here only when something is due.
 *
 * <p>Follows pkg/controller/certificates/cleaner/cleaner.go (v1.36).
 */
public final class CsrCleanerController implements Reconciler<ObjectKey> {

  private static final String NAME = "csrcleaner";
  private static final Duration POLLING_INTERVAL = Duration.ofHours(1);
  private static final Duration APPROVED_EXPIRATION = Duration.ofHours(1);
  private static final Duration DENIED_EXPIRATION = Duration.ofHours(1);
  private static final Duration PENDING_EXPIRATION = Duration.ofHours(24);

  private final Simulation simulation;
  private final ApiClient client;
  private final Controller<ObjectKey> controller;
  private final Informer requests;
  private final Instant firstPoll;

  /** A cleaner that looks first now. */
  public CsrCleanerController(ApiServer server) {
    this.simulation = server.simulation();
    this.client = new ApiClient(server, NAME);
    this.firstPoll = simulation.instant();
    this.controller =
        new Controller<>(
            NAME, 1, client, RateLimiter.controllerDefault(), Controller.RETRIES_UNBOUNDED, this);
    this.requests =
        Informer.of(server, ResourceType.CERTIFICATE_SIGNING_REQUESTS, NAME, this::changed);
    requests.replay();
  }

  private void changed(@Nullable KubeObject before, @Nullable KubeObject after) {
    Instant due = after == null ? null : due(after);
    if (after != null && due != null) {
      controller.enqueueAfter(
          after.key(ResourceType.CERTIFICATE_SIGNING_REQUESTS), untilPollAfter(due));
    }
  }

  /** Nanoseconds until the first look later than that, which is not before now. */
  private long untilPollAfter(Instant due) {
    Instant now = simulation.instant();
    long interval = POLLING_INTERVAL.toNanos();
    long past = Duration.between(firstPoll, due.isBefore(now) ? now : due).toNanos();
    Instant poll = firstPoll.plusNanos((past / interval + 1) * interval);
    return Duration.between(now, poll).toNanos();
  }

  @Override
  public Result reconcile(ObjectKey key) {
    KubeObject request = requests.view().get(key);
    Instant due = request == null ? null : due(request);
    if (due == null) {
      return Result.done();
    }
    if (!simulation.instant().isAfter(due)) {
      return Result.after(untilPollAfter(due));
    }
    try {
      client.delete(key, DeleteOptions.BACKGROUND);
    } catch (ApiException e) {
      return Result.after(untilPollAfter(simulation.instant()));
    }
    return Result.done();
  }

  /** After when a request is deleted; null for never, as it is. */
  private static @Nullable Instant due(KubeObject request) {
    KubeMap status = request.status();
    if (status.listOrEmpty("conditions").isEmpty()) {
      return later(request.metadata().get("creationTimestamp"), PENDING_EXPIRATION);
    }
    boolean issued = CertificateController.issued(request);
    Instant first = null;
    for (KubeMap condition : status.listOrEmpty("conditions").maps()) {
      String type = condition.string("type", "");
      Object updated = condition.get("lastUpdateTime");
      if (type.equals("Denied") || type.equals("Failed")) {
        first = earlier(first, later(updated, DENIED_EXPIRATION));
      } else if (type.equals("Approved")) {
        first = earlier(first, later(updated, issued ? APPROVED_EXPIRATION : PENDING_EXPIRATION));
        first = issued ? earlier(first, expiry(status)) : first;
      }
    }
    return first;
  }

  private static @Nullable Instant expiry(KubeMap status) {
    byte[] pem = Base64.getMimeDecoder().decode(status.string("certificate", ""));
    return Certificates.notAfter(new String(pem, StandardCharsets.ISO_8859_1));
  }

  private static @Nullable Instant later(@Nullable Object time, Duration by) {
    Instant from = Timestamps.parse(time);
    return from == null ? null : from.plus(by);
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }
}
