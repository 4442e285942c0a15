package dev.wavetank.core.controller.nodelifecycle;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When the monitor last saw a sign of life of one node. What counts is the pass that saw it, not
 * the time that the kubelet wrote: a renewed Lease, or a Ready condition with another heartbeat.
 *
 * <p>Follows tryUpdateNodeHealth of pkg/controller/nodelifecycle/node_lifecycle_controller.go
 * (v1.36).
 */
final class NodeHealth {

  private static final long NEVER = -1;

  private final MonitorTicks ticks;
  private final long firstPassNanos;
  private long probeNanos;
  private @Nullable KubeMap savedReady;

  /**
   * The last pass that saw a new heartbeat in the status: unless it also saw a renewed Lease, it
   * forgets the Lease that it knew and the next pass takes the same Lease for a renewed one.
   */
  private long statusPassNanos = NEVER;

  /**
   * The health of a node that a pass sees for the first time.
   *
   * @param start the instant from which nanoseconds count
   */
  NodeHealth(MonitorTicks ticks, KubeObject node, long passNanos, Instant start) {
    this.ticks = ticks;
    this.firstPassNanos = passNanos;
    this.savedReady = Conditions.find(node.status(), "Ready");
    this.probeNanos = savedReady == null ? creationNanos(node, passNanos, start) : passNanos;
  }

  private static long creationNanos(KubeObject node, long otherwise, Instant start) {
    Instant created = Timestamps.parse(node.creationTimestamp());
    return created == null ? otherwise : Duration.between(start, created).toNanos();
  }

  /** The Ready condition that the monitor knows; null for none. */
  @Nullable KubeMap savedReady() {
    return savedReady;
  }

  /** A pass sees the node's status. */
  void observe(KubeObject node, long passNanos) {
    KubeMap ready = Conditions.find(node.status(), "Ready");
    if (!Objects.equals(heartbeat(savedReady), heartbeat(ready))) {
      savedReady = ready;
      probeNanos = Math.max(probeNanos, passNanos);
      statusPassNanos = passNanos == firstPassNanos ? NEVER : passNanos;
    }
  }

  /** What tells one heartbeat from the next; a condition that comes or goes is one too. */
  private static @Nullable Object heartbeat(@Nullable KubeMap ready) {
    return ready == null ? null : ready.string("lastHeartbeatTime", "");
  }

  /** The monitor has written that condition itself. */
  void written(@Nullable KubeMap ready) {
    savedReady = ready;
  }

  /** Counts as a sign of life seen by that pass. */
  void excuse(long passNanos) {
    probeNanos = Math.max(probeNanos, passNanos);
  }

  /**
   * The last pass not after {@code untilNanos} that saw a sign of life.
   *
   * @param lastRenewNanos last renewal of the Lease; -1 for none
   */
  long probeNanos(long lastRenewNanos, long untilNanos) {
    if (lastRenewNanos < 0) {
      return probeNanos;
    }
    long probe = probeNanos;
    long seen = Math.max(ticks.after(lastRenewNanos), firstPassNanos);
    if (seen <= untilNanos) {
      probe = Math.max(probe, seen);
    }
    if (statusPassNanos != NEVER && seen != statusPassNanos) {
      long again = statusPassNanos + ticks.periodNanos();
      if (again <= untilNanos) {
        probe = Math.max(probe, again);
      }
    }
    return probe;
  }
}
