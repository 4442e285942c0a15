package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.sim.Simulation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Deletes objects: grace period, finalizers and the finalizer of the chosen propagation.
 *
 * <p>A type that is deleted gracefully is marked first, even when its grace period is nothing, and
 * removed then; other types are marked only when a finalizer keeps them.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/registry/rest/delete.go,
 * pkg/registry/generic/registry/store.go and pkg/registry/core/namespace/storage/storage.go
 * (v1.36).
 */
final class Deletion {

  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";
  private static final String TIMESTAMP = "deletionTimestamp";
  private static final String GRACE = "deletionGracePeriodSeconds";

  private final ApiServer server;
  private final Simulation simulation;

  Deletion(ApiServer server, Simulation simulation) {
    this.server = server;
    this.simulation = simulation;
  }

  KubeObject delete(ObjectKey key, DeleteOptions options, boolean dryRun) {
    KubeObject old = server.get(key);
    Preconditions.require(key.type(), old, options);
    if (key.type().equals(ResourceType.NAMESPACES)) {
      if (!old.terminating()) {
        return store(key, terminatingNamespace(old, options), old, dryRun);
      }
      if (hasSpecFinalizers(old)) {
        return old;
      }
    }
    ResourceStrategy strategy = server.strategy(key.type());
    long grace = strategy.graceSeconds(old, options.graceSeconds());
    if (grace < 0) {
      return ungraceful(key, old, strategy, options, dryRun);
    }
    if (!old.terminating()) {
      return graceful(key, marked(old, grace), old, options, dryRun);
    }
    long granted = Math.max(old.metadata().number(GRACE, 0), 0);
    if (granted == 0) {
      return ungraceful(key, old, strategy, options, dryRun);
    }
    if (options.graceSeconds() < 0 || grace >= granted) {
      return old;
    }
    return graceful(key, shortened(old, granted, grace), old, options, dryRun);
  }

  /** Marks the object, and removes it when it has neither grace nor finalizers. */
  private KubeObject graceful(
      ObjectKey key, KubeObject marked, KubeObject old, DeleteOptions options, boolean dryRun) {
    KubeList finalizers = finalizers(server.strategy(key.type()), old, options);
    KubeObject next = store(key, withFinalizers(marked, finalizers), old, dryRun);
    boolean over = next.metadata().number(GRACE, 0) == 0 && finalizers.isEmpty();
    if (over && !dryRun) {
      server.remove(key, next);
    }
    return next;
  }

  private KubeObject ungraceful(
      ObjectKey key,
      KubeObject old,
      ResourceStrategy strategy,
      DeleteOptions options,
      boolean dryRun) {
    KubeList finalizers = finalizers(strategy, old, options);
    if (!finalizers.isEmpty()) {
      KubeObject marked = old.terminating() ? old : marked(old, 0);
      return store(key, withFinalizers(marked, finalizers), old, dryRun);
    }
    if (!dryRun) {
      server.remove(key, old);
    }
    return old;
  }

  private KubeObject store(ObjectKey key, KubeObject next, KubeObject old, boolean dryRun) {
    return dryRun ? next : server.store(key, next, old);
  }

  private KubeObject marked(KubeObject object, long grace) {
    KubeMap metadata =
        object
            .metadata()
            .with(TIMESTAMP, Timestamps.seconds(simulation.instant().plusSeconds(grace)))
            .with(GRACE, grace);
    if (object.generation() > 0) {
      metadata = metadata.with("generation", object.generation() + 1);
    }
    return object.withMetadata(metadata);
  }

  /** A shorter grace period counts from the first request on, but does not end in the past. */
  private KubeObject shortened(KubeObject object, long granted, long asked) {
    Instant planned = Timestamps.parse(object.deletionTimestamp());
    Instant now = simulation.instant();
    Instant end = planned == null ? now : planned.minusSeconds(granted).plusSeconds(asked);
    boolean past = end.isBefore(now);
    long grace = past ? Math.min(asked, 1) : asked;
    return object.withMetadata(
        object.metadata().with(TIMESTAMP, Timestamps.seconds(past ? now : end)).with(GRACE, grace));
  }

  private KubeObject terminatingNamespace(KubeObject namespace, DeleteOptions options) {
    KubeObject next =
        namespace
            .withMetadata(
                namespace.metadata().with(TIMESTAMP, Timestamps.seconds(simulation.instant())))
            .with("Terminating", "status", "phase");
    KubeList finalizers = finalizers(server.strategy(ResourceType.NAMESPACES), namespace, options);
    return withFinalizers(next, finalizers);
  }

  /** Whether an update takes out the last finalizer that an asked for deletion waited for. */
  boolean finishes(KubeObject next, KubeObject old) {
    return old.terminating()
        && old.metadata().number(GRACE, 0) == 0
        && next.finalizers().isEmpty()
        && !hasSpecFinalizers(next);
  }

  private static boolean hasSpecFinalizers(KubeObject object) {
    return !object.spec().listOrEmpty("finalizers").isEmpty();
  }

  private static KubeObject withFinalizers(KubeObject object, KubeList finalizers) {
    return object.withMetadata(
        object.metadata().with("finalizers", finalizers.isEmpty() ? null : finalizers));
  }

  /** The object's finalizers with those of the propagation that the client or the kind wants. */
  private static KubeList finalizers(
      ResourceStrategy strategy, KubeObject object, DeleteOptions options) {
    @Nullable String wanted = propagation(strategy, object.finalizers(), options.propagation());
    KubeList result = object.finalizers();
    String own = object.terminating() ? "" : strategy.deletionFinalizer();
    if (!own.isEmpty() && !result.contains(own)) {
      result = result.plus(own);
    }
    for (String other : new String[] {FOREGROUND, ORPHAN}) {
      int at = result.indexOf(other);
      if (at >= 0 && !other.equals(wanted)) {
        result = result.without(at);
      }
    }
    return wanted == null || result.contains(wanted) ? result : result.plus(wanted);
  }

  private static @Nullable String propagation(
      ResourceStrategy strategy, KubeList finalizers, DeleteOptions.Propagation asked) {
    if (!strategy.garbageCollected()) {
      return null;
    }
    return switch (asked) {
      case FOREGROUND -> FOREGROUND;
      case ORPHAN -> ORPHAN;
      case BACKGROUND -> null;
      case DEFAULT -> {
        if (finalizers.contains(ORPHAN)) {
          yield ORPHAN;
        }
        if (finalizers.contains(FOREGROUND)) {
          yield FOREGROUND;
        }
        yield strategy.orphansDependents() ? ORPHAN : null;
      }
    };
  }
}
