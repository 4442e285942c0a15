package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;

/**
 * How an object is written.
 *
 * @param dryRun everything but the store and the allocations
 * @param tracking counts what is changed as its writer's
 */
public record Write(boolean dryRun, FieldTracking tracking) {

  /** Counts the fields that a write changes as its writer's, before admission changes more. */
  @FunctionalInterface
  public interface FieldTracking {

    /**
     * The next version of an object, with the account of its fields' owners.
     *
     * @param live the version before; null on create
     * @param next the next version, with its defaults
     */
    KubeObject track(@Nullable KubeObject live, KubeObject next);
  }

  private static final Write REAL = new Write(false, (live, next) -> next);
  private static final Write DRY = new Write(true, (live, next) -> next);

  /** A write that leaves the account of owners as it is. */
  public static Write untracked(boolean dryRun) {
    return dryRun ? DRY : REAL;
  }
}
