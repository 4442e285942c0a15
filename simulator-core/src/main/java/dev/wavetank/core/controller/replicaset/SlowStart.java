package dev.wavetank.core.controller.replicaset;

import dev.wavetank.core.api.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * Calls in batches of 1, 2, 4 and so on; a batch in which one call fails is the last, and runs to
 * its end.
 *
 * <p>Follows pkg/controller/replicaset/replica_set.go (v1.36).
 *
 * @param successes how many calls succeeded
 * @param failure the first refusal, or null
 */
public record SlowStart(int successes, @Nullable ApiException failure) {

  /** One call; a refusal is an {@link ApiException}. */
  public interface Call {
    void run();
  }

  /**
   * Makes the calls.
   *
   * @param count how many in all
   * @param initialBatchSize size of the first batch
   */
  public static SlowStart batch(int count, int initialBatchSize, Call call) {
    int remaining = count;
    int successes = 0;
    for (int size = Math.min(remaining, initialBatchSize);
        size > 0;
        size = Math.min(2 * size, remaining)) {
      ApiException failure = null;
      for (int i = 0; i < size; i++) {
        try {
          call.run();
          successes++;
        } catch (ApiException e) {
          failure = failure == null ? e : failure;
        }
      }
      if (failure != null) {
        return new SlowStart(successes, failure);
      }
      remaining -= size;
    }
    return new SlowStart(successes, null);
  }
}
