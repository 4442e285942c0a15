package dev.wavetank.core.sim;

import org.jspecify.annotations.Nullable;

/** A pending event of a {@link Simulation}, kept by who may want to cancel it. */
public final class Timer {

  final long timeNanos;
  final long sequence;
  final long cause;
  final String what;
  final Object subject;
  @Nullable Runnable action;

  /** The next event of the same slot; see {@link EventQueue}. */
  @Nullable Timer next;

  Timer(long timeNanos, long sequence, long cause, String what, Object subject, Runnable action) {
    this.timeNanos = timeNanos;
    this.sequence = sequence;
    this.cause = cause;
    this.what = what;
    this.subject = subject;
    this.action = action;
  }

  /** When the event is due, in nanoseconds since the start of the simulation. */
  public long timeNanos() {
    return timeNanos;
  }

  /** Whether it will still happen: neither cancelled nor already run. */
  public boolean pending() {
    return action != null;
  }

  /** Takes the event back; without effect when it has run or was cancelled before. */
  public void cancel() {
    action = null;
  }
}
