package dev.wavetank.core.sim;

/**
 * A broken promise of the simulator itself, never of its user. When it leaves a running {@link
 * Simulation} its message ends with the event during which it happened.
 */
public final class SimulationBug extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public SimulationBug(String message) {
    super(message);
  }

  public SimulationBug(String message, Throwable cause) {
    super(message, cause);
  }

  /** Throws a {@code SimulationBug} with that message unless {@code condition} holds. */
  public static void check(boolean condition, String message) {
    if (!condition) {
      throw new SimulationBug(message);
    }
  }
}
