package dev.wavetank.scenarios.step;

import dev.wavetank.core.kubectl.Output;
import dev.wavetank.scenarios.expect.ExpectationContext;
import dev.wavetank.scenarios.traffic.Traffic;
import java.util.function.BooleanSupplier;

/** What steps act on. */
public interface StepContext extends ExpectationContext {

  /** Writes a line of the story; a line break is added. */
  void tell(String line);

  /** Writes a command line and what it printed. */
  void tellCommand(String commandLine, String output);

  /**
   * Runs a kubectl command line, without the word kubectl.
   *
   * @param stdin what {@code -f -} reads
   */
  Output kubectl(String commandLine, String stdin);

  /**
   * Lets time pass until the condition holds, an invariant breaks or the limit is reached.
   *
   * @return whether the condition holds
   */
  boolean runUntil(BooleanSupplier condition, long limitNanos);

  /** Begins a traffic source. */
  void start(Traffic traffic);
}
