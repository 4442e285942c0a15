package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import org.jspecify.annotations.Nullable;

/** One change of one object: what the store calls a revision. */
public final class Commit {

  final Store.Cell cell;
  private final long revision;
  private final long timeNanos;
  private final @Nullable KubeObject before;
  private final @Nullable KubeObject after;

  /** Watches that have not delivered it yet. */
  int undelivered;

  Commit(
      Store.Cell cell,
      long revision,
      long timeNanos,
      @Nullable KubeObject before,
      @Nullable KubeObject after) {
    this.cell = cell;
    this.revision = revision;
    this.timeNanos = timeNanos;
    this.before = before;
    this.after = after;
  }

  public ObjectKey key() {
    return cell.key;
  }

  public long revision() {
    return revision;
  }

  /** When it was committed, in nanoseconds of the simulation. */
  public long timeNanos() {
    return timeNanos;
  }

  /** The object before; null when this commit created it. */
  public @Nullable KubeObject before() {
    return before;
  }

  /** The object after; null when this commit deleted it. */
  public @Nullable KubeObject after() {
    return after;
  }

  /** The object after, or the last one before its deletion. */
  public KubeObject object() {
    KubeObject object = after != null ? after : before;
    if (object == null) {
      throw new IllegalStateException("a commit of nothing");
    }
    return object;
  }
}
