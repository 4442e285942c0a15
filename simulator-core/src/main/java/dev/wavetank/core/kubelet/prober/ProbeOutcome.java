package dev.wavetank.core.kubelet.prober;

import org.jspecify.annotations.Nullable;

/**
 * How one run of a probe ended.
 *
 * @param result null when the prober itself failed: the run does not count
 * @param constantUntilNanos virtual time before which another run gives the same, silently; 0 when
 *     nothing is known
 */
public record ProbeOutcome(@Nullable ProbeResult result, long constantUntilNanos) {

  static final ProbeOutcome FAILURE = new ProbeOutcome(ProbeResult.FAILURE, 0);
  static final ProbeOutcome SUCCESS = new ProbeOutcome(ProbeResult.SUCCESS, 0);
  static final ProbeOutcome ERROR = new ProbeOutcome(null, 0);
}
