package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes every Event when an hour has passed since it was last written.
 *
 * <p>As in etcd, up to 1000 writes within 60 s share one lease, so an Event lives for 3600 to 3660
 * s and all of one lease go at once; one timer waits for the oldest lease. A write moves an Event
 * to a newer lease. Removal asks nobody: finalizers do not matter.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/storage/etcd3/lease_manager.go and
 * pkg/controlplane/apiserver/options/options.go (v1.36).
 */
public final class EventExpiry {

  /** The time to live of an Event, {@code --event-ttl}. */
  public static final long TTL_NANOS = 3_600_000_000_000L;

  private static final long REUSE_NANOS = 60_000_000_000L;
  private static final int LEASE_OBJECTS_MAX = 1000;
  private static final String LABEL = "apiserver/expire";

  private static final class Lease {
    final long expiryNanos;
    final List<ObjectKey> keys = new ArrayList<>(4);
    long[] revisions = new long[4];

    Lease(long expiryNanos) {
      this.expiryNanos = expiryNanos;
    }

    void attach(ObjectKey key, long revision) {
      if (keys.size() == revisions.length) {
        revisions = Arrays.copyOf(revisions, revisions.length * 2);
      }
      revisions[keys.size()] = revision;
      keys.add(key);
    }
  }

  private final ApiServer server;
  private final Simulation simulation;
  private final ArrayDeque<Lease> leases = new ArrayDeque<>();

  /** Expires the Events of that server from now on. */
  public EventExpiry(ApiServer server) {
    this.server = server;
    this.simulation = server.simulation();
    server.listen(this::committed);
  }

  private void committed(Commit commit) {
    ObjectKey key = commit.key();
    if (!key.type().equals(ResourceType.EVENTS) || commit.after() == null) {
      return;
    }
    long now = simulation.now();
    Lease last = leases.peekLast();
    if (last == null || !reusable(last, now)) {
      last = new Lease(now + TTL_NANOS + REUSE_NANOS);
      leases.addLast(last);
      if (leases.size() == 1) {
        await(last);
      }
    }
    last.attach(key, commit.revision());
  }

  private static boolean reusable(Lease lease, long nowNanos) {
    return nowNanos + TTL_NANOS < lease.expiryNanos && lease.keys.size() < LEASE_OBJECTS_MAX;
  }

  private void await(Lease oldest) {
    simulation.at(oldest.expiryNanos, LABEL, "events", this::expire);
  }

  private void expire() {
    Lease oldest = leases.peekFirst();
    while (oldest != null && oldest.expiryNanos <= simulation.now()) {
      leases.removeFirst();
      for (int i = 0; i < oldest.keys.size(); i++) {
        remove(oldest.keys.get(i), oldest.revisions[i]);
      }
      oldest = leases.peekFirst();
    }
    if (oldest != null) {
      await(oldest);
    }
  }

  private void remove(ObjectKey key, long revision) {
    @Nullable KubeObject event = server.find(key);
    if (event != null && Long.parseLong(event.resourceVersion()) == revision) {
      server.remove(key, event);
    }
  }
}
