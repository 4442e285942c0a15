package dev.wavetank.core.cloudprovider;

/**
 * What a load balancer believes of one node: it asks at equal intervals, and believes another
 * answer when it has heard it several times in a row.
 *
 * <p>Nothing happens while nothing changes: since when the node answers as it does is known, so
 * what the checks have found by now is computed when someone looks.
 */
final class HealthCheck {

  /** Time between two checks. */
  static final long INTERVAL_NANOS = 5_000_000_000L;

  /** So many answers in a row are believed. */
  static final int THRESHOLD = 2;

  private final long phaseNanos;
  private boolean answers;
  private long sinceNanos;
  private boolean believedBefore;

  /**
   * A check that begins with what it finds.
   *
   * @param phaseNanos when checks happen: at this time, and whole intervals before and after it
   */
  HealthCheck(long phaseNanos, boolean answers, long nowNanos) {
    this.phaseNanos = phaseNanos;
    this.answers = answers;
    this.sinceNanos = nowNanos;
    this.believedBefore = answers;
  }

  /** The node answers so from now on. */
  void answers(boolean well, long nowNanos) {
    if (well != answers) {
      believedBefore = healthy(nowNanos);
      answers = well;
      sinceNanos = nowNanos;
    }
  }

  /** Whether the node is believed to be healthy. */
  boolean healthy(long nowNanos) {
    long checks = checksUntil(nowNanos) - checksUntil(sinceNanos);
    return checks >= THRESHOLD ? answers : believedBefore;
  }

  private long checksUntil(long nanos) {
    return Math.floorDiv(nanos - phaseNanos, INTERVAL_NANOS);
  }
}
