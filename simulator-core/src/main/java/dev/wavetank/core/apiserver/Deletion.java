package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.sim.Simulation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Deletes objects: grace period, finalizers and the finalizer of the chosen propagation.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/registry/rest/delete.go and
 * pkg/registry/generic/registry/store.go (v1.36).
 */
final class Deletion {

  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";

  private final ApiServer server;
  private final Simulation simulation;

  Deletion(ApiServer server, Simulation simulation) {
    this.server = server;
    this.simulation = simulation;
  }

  KubeObject delete(ObjectKey key, DeleteOptions options) {
    ResourceType type = key.type();
    KubeObject old = server.get(key);
    requirePreconditions(type, old, options);
    KubeList finalizers = finalizers(old, options);
    long grace = server.strategy(type).graceSeconds(old, options.graceSeconds());
    boolean specFinalizers = !old.spec().listOrEmpty("finalizers").isEmpty();
    if (grace <= 0 && finalizers.isEmpty() && !specFinalizers) {
      server.remove(key, old);
      return old;
    }
    if (old.terminating() && !shortens(old, grace)) {
      return server.store(key, withFinalizers(old, finalizers), old);
    }
    KubeMap metadata =
        withFinalizers(old, finalizers)
            .metadata()
            .with("deletionTimestamp", deletionTimestamp(old, grace))
            .with("deletionGracePeriodSeconds", Math.max(grace, 0));
    if (old.generation() > 0 && !old.terminating()) {
      metadata = metadata.with("generation", old.generation() + 1);
    }
    KubeObject next = old.withMetadata(metadata);
    if (specFinalizers && type.equals(ResourceType.NAMESPACES)) {
      next = next.with("Terminating", "status", "phase");
    }
    return server.store(key, next, old);
  }

  /** The end of the grace period; a shorter one counts from the first request on. */
  private String deletionTimestamp(KubeObject old, long grace) {
    Instant planned = Timestamps.parse(old.deletionTimestamp());
    Instant asked =
        planned == null
            ? simulation.instant()
            : planned.minusSeconds(old.metadata().number("deletionGracePeriodSeconds", 0));
    return Timestamps.seconds(asked.plusSeconds(Math.max(grace, 0)));
  }

  /** Removes an object whose deletion waited only for finalizers that an update took out. */
  KubeObject finishIfPossible(ResourceType type, KubeObject object) {
    Object grace = object.metadata().get("deletionGracePeriodSeconds");
    if (object.terminating()
        && (grace == null || grace.equals(0L))
        && object.finalizers().isEmpty()
        && object.spec().listOrEmpty("finalizers").isEmpty()) {
      server.remove(object.key(type), object);
    }
    return object;
  }

  private boolean shortens(KubeObject old, long grace) {
    return grace < old.metadata().number("deletionGracePeriodSeconds", 0);
  }

  private static KubeObject withFinalizers(KubeObject object, KubeList finalizers) {
    return object.withMetadata(
        object.metadata().with("finalizers", finalizers.isEmpty() ? null : finalizers));
  }

  private static KubeList finalizers(KubeObject object, DeleteOptions options) {
    KubeList finalizers = object.finalizers();
    @Nullable String wanted =
        switch (options.propagation()) {
          case FOREGROUND -> FOREGROUND;
          case ORPHAN -> ORPHAN;
          case BACKGROUND -> null;
        };
    KubeList result = KubeList.EMPTY;
    for (Object finalizer : finalizers) {
      boolean propagation = finalizer.equals(FOREGROUND) || finalizer.equals(ORPHAN);
      if (!propagation || finalizer.equals(wanted)) {
        result = result.plus(finalizer);
      }
    }
    return wanted == null || result.contains(wanted) ? result : result.plus(wanted);
  }

  private static void requirePreconditions(
      ResourceType type, KubeObject object, DeleteOptions options) {
    if (!options.uid().isEmpty() && !options.uid().equals(object.uid())) {
      throw new ApiException(
          Status.conflict(
              type,
              object.name(),
              "Precondition failed: UID in precondition: "
                  + options.uid()
                  + ", UID in object meta: "
                  + object.uid()));
    }
    if (!options.resourceVersion().isEmpty()
        && !options.resourceVersion().equals(object.resourceVersion())) {
      throw new ApiException(
          Status.conflict(
              type,
              object.name(),
              "Precondition failed: ResourceVersion in precondition: "
                  + options.resourceVersion()
                  + ", ResourceVersion in object meta: "
                  + object.resourceVersion()));
    }
  }
}
