package dev.wavetank.scenarios.traffic;

import dev.wavetank.core.sim.ChoiceStream;

/**
 * What a client does about a request that failed.
 *
 * @param attemptsMax how often a request is sent at most; 1 for never again
 * @param backOffNanos wait before the second attempt; twice as long before each further one, of
 *     which a random half is left out, so that clients do not come back together
 * @param budgetPercent so many retries for 100 requests at most, counted from the beginning
 */
public record Retries(int attemptsMax, long backOffNanos, int budgetPercent) {

  public static final Retries NONE = new Retries(1, 0, 100);

  private static final int DOUBLINGS_MAX = 20;
  private static final int PERCENT = 100;

  boolean allowed(int attempts, long sent, long retried) {
    return attempts < attemptsMax && (retried + 1) * PERCENT <= sent * budgetPercent;
  }

  long waitNanos(int attempts, ChoiceStream choices) {
    long full = backOffNanos << Math.min(attempts - 1, DOUBLINGS_MAX);
    return full == 0 ? 0 : choices.between(full / 2, full);
  }
}
