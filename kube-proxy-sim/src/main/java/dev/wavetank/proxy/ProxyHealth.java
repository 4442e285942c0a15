package dev.wavetank.proxy;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;

/**
 * What kube-proxy tells of itself at port 10256: whether what it has heard of is in the kernel in
 * time and, at {@code /healthz} only, whether load balancers should still use its node.
 *
 * <p>Both families' rules are written by the same sync here, so they are as healthy as each other.
 * Follows pkg/proxy/healthcheck/proxy_health.go (v1.36).
 */
final class ProxyHealth {

  /** Where it listens, on all addresses of the node. */
  static final int PORT = 10256;

  /** A change that has waited so long makes it unhealthy. */
  private static final long TIMEOUT_NANOS = 2 * KubeProxies.SYNC_PERIOD_NANOS;

  private static final String TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

  /** As Go writes times: fractions of a second without zeros at the end. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendLiteral('Z')
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final long NEVER = -1;

  private long updatedNanos = NEVER;
  private long oldestPendingNanos = NEVER;
  private boolean eligible;

  /** Of a kube-proxy that has not synced yet. */
  ProxyHealth(KubeObject node) {
    this.eligible = eligible(node);
  }

  /**
   * Whether load balancers may use a node: neither its deletion nor the autoscaler is under way.
   */
  static boolean eligible(KubeObject node) {
    for (KubeMap taint : node.spec().listOrEmpty("taints").maps()) {
      if (taint.string("key", "").equals(TO_BE_DELETED)) {
        return false;
      }
    }
    return !node.terminating();
  }

  /** What it knows of its node from now on. */
  void eligible(boolean now) {
    eligible = now;
  }

  boolean eligible() {
    return eligible;
  }

  /** It hears of a change at that time. */
  void queued(long nanos) {
    if (updatedNanos != NEVER && oldestPendingNanos == NEVER) {
      oldestPendingNanos = nanos;
    }
  }

  /** All that it has heard of is in the kernel. */
  void updated(long nanos) {
    updatedNanos = nanos;
    oldestPendingNanos = NEVER;
  }

  private boolean healthy(long nowNanos) {
    return oldestPendingNanos == NEVER || nowNanos - oldestPendingNanos < TIMEOUT_NANOS;
  }

  /**
   * The answer to a request.
   *
   * @param start when virtual time began
   * @param nowNanos since then
   */
  ServiceHealth answer(String path, Instant start, long nowNanos) {
    return switch (path) {
      case "/healthz" -> answer(true, healthy(nowNanos) && eligible, start, nowNanos);
      case "/livez" -> answer(false, healthy(nowNanos), start, nowNanos);
      default ->
          new ServiceHealth(
              404,
              ImmutableMap.of(
                  "Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff"),
              "404 page not found\n");
    };
  }

  private ServiceHealth answer(boolean ofNode, boolean good, Instant start, long nowNanos) {
    String now = TIME.format(start.plusNanos(nowNanos));
    boolean never = updatedNanos == NEVER;
    String updated = never ? "0001-01-01T00:00:00Z" : TIME.format(start.plusNanos(updatedNanos));
    boolean healthy = healthy(nowNanos);
    KubeMap family = KubeMap.of("lastUpdated", updated, "healthy", healthy);
    KubeMap body =
        KubeMap.of(
            "lastUpdated", good ? now : updated,
            "currentTime", now,
            "nodeEligible", ofNode ? eligible : null,
            "healthy", healthy,
            "status", never ? null : KubeMap.of("IPv4", family, "IPv6", family));
    return new ServiceHealth(
        good ? 200 : 503,
        ImmutableMap.of("Content-Type", "application/json", "X-Content-Type-Options", "nosniff"),
        Json.write(body));
  }
}
