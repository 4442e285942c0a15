package dev.wavetank.core.kubectl;

import java.util.function.BooleanSupplier;

/**
 * Lets virtual time pass while a command waits. {@code simulation::runUntil} is one; whoever runs
 * commands from inside an event of the simulation needs another.
 */
@FunctionalInterface
public interface VirtualClock {

  /**
   * Lets time pass until the condition holds; it is asked after each event.
   *
   * @param limitNanos latest virtual time, in nanoseconds since the start of the simulation
   * @return whether the condition holds; if not, the clock stands at the limit
   */
  boolean runUntil(BooleanSupplier condition, long limitNanos);
}
