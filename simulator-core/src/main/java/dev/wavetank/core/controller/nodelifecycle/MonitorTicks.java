package dev.wavetank.core.controller.nodelifecycle;

/** The instants at which a periodic loop runs, counted from its start. */
record MonitorTicks(long startNanos, long periodNanos) {

  /** The first tick later than that time. */
  long after(long nanos) {
    if (nanos < startNanos) {
      return startNanos;
    }
    return startNanos + ((nanos - startNanos) / periodNanos + 1) * periodNanos;
  }

  /** The first tick not earlier than that time. */
  long atOrAfter(long nanos) {
    return nanos <= startNanos ? startNanos : after(nanos - 1);
  }
}
