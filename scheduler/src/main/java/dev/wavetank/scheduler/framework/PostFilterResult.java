package dev.wavetank.scheduler.framework;

import org.jspecify.annotations.Nullable;

/**
 * A post-filter plugin's answer.
 *
 * @param status success when the pod may fit later because of what was done
 * @param nominatedNodeName the node that the pod is nominated to; empty to take a nomination back,
 *     null to leave it as it is
 */
public record PostFilterResult(Status status, @Nullable String nominatedNodeName) {

  /** An answer that leaves the nomination as it is. */
  public static PostFilterResult of(Status status) {
    return new PostFilterResult(status, null);
  }
}
