package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableSet;
import org.jspecify.annotations.Nullable;

/** A pre-filter plugin's answer: a status, and the only nodes that are worth filtering. */
public final class PreFilterResult {

  public static final PreFilterResult SUCCESS = new PreFilterResult(Status.SUCCESS, null);
  public static final PreFilterResult SKIP = new PreFilterResult(Status.SKIP, null);

  private final Status status;
  private final @Nullable ImmutableSet<String> nodeNames;

  private PreFilterResult(Status status, @Nullable ImmutableSet<String> nodeNames) {
    this.status = status;
    this.nodeNames = nodeNames;
  }

  public static PreFilterResult of(Status status) {
    return new PreFilterResult(status, null);
  }

  /** Success, and only these nodes can pass. */
  public static PreFilterResult nodes(ImmutableSet<String> nodeNames) {
    return new PreFilterResult(Status.SUCCESS, nodeNames);
  }

  public Status status() {
    return status;
  }

  /** The nodes to filter; null for all. */
  public @Nullable ImmutableSet<String> nodeNames() {
    return nodeNames;
  }
}
