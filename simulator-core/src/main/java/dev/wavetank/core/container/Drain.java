package dev.wavetank.core.container;

/**
 * A server that has closed its ports and ends when nobody is to be answered any more. It looks
 * again and again, first after a millisecond, then after twice as long up to half a second.
 *
 * <p>Follows Server.Shutdown of Go's net/http.
 */
final class Drain {

  private static final long LOOK_NANOS_MIN = 1_000_000L;
  private static final long LOOK_NANOS_MAX = 500_000_000L;

  private final Container container;
  private final Exit exit;
  private long nextNanos = LOOK_NANOS_MIN;

  Drain(Container container, Exit exit) {
    this.container = container;
    this.exit = exit;
  }

  /** Ends the process if it may end. */
  void look() {
    if (!container.running()) {
      return;
    }
    if (container.exchangesPending() == 0 && !container.sandbox().clientsWait()) {
      container.exit(new Exit(0, exit.code(), exit.reason()));
      return;
    }
    container.simulation().after(nextNanos, "container/drain", container.id(), this::look);
    nextNanos = Math.min(2 * nextNanos, LOOK_NANOS_MAX);
  }
}
