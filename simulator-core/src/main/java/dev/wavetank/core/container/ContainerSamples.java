package dev.wavetank.core.container;

/** What containers have used as it was at whole quarters of a minute, for who samples it. */
public final class ContainerSamples {

  /** What a container used can be asked for at the last two whole multiples of this. */
  public static final long INTERVAL_NANOS = 15_000_000_000L;

  private ContainerSamples() {}

  /**
   * {@link Container#cpuNanos()} as it was; 0 before the container's start.
   *
   * @param nanos one of the last two whole multiples of the interval, or the container's start
   */
  public static double cpuNanos(Container container, long nanos) {
    long age = nanos - container.startedNanos();
    if (container.startedNanos() < 0 || age <= 0) {
      return 0;
    }
    return container.behavior().cpuNanosUntil(age)
        + container.requestCpuNanosBefore(nanos / INTERVAL_NANOS);
  }

  /** Memory that was in use, in bytes, as far as the image says so; 0 before its start. */
  public static long memoryBytes(Container container, long nanos) {
    long age = nanos - container.startedNanos();
    return container.startedNanos() < 0 || age < 0 ? 0 : container.behavior().memoryBytes(age);
  }
}
