package dev.wavetank.core.metricsserver;

import dev.wavetank.core.api.GoDuration;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerSamples;
import dev.wavetank.core.sim.Simulation;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What was read at the last two looks at the kubelets, the later of which was at most a resolution
 * ago.
 *
 * <p>Follows pkg/storage/pod.go and pkg/storage/types.go of metrics-server (v0.8).
 *
 * @param lastNanos virtual time of the last look
 */
record Scrape(long lastNanos) {

  /** Default of {@code --metric-resolution} in metrics-server's manifests. */
  static final long RESOLUTION_NANOS = ContainerSamples.INTERVAL_NANOS;

  /** A container that is younger at its first look is seen at its second only. */
  private static final long FRESH_NANOS_MIN = 10_000_000_000L;

  private static final int NANO_DIGITS = 9;

  static Scrape last(Simulation simulation) {
    return new Scrape(simulation.now() / RESOLUTION_NANOS * RESOLUTION_NANOS);
  }

  long previousNanos() {
    return lastNanos - RESOLUTION_NANOS;
  }

  /**
   * What something uses.
   *
   * @param windowNanos for how long it was looked at
   * @param cpuNanos per second
   */
  record Usage(long windowNanos, long cpuNanos, long memoryBytes) {

    static final Usage NONE = new Usage(RESOLUTION_NANOS, 0, 0);

    Usage plus(Usage other) {
      return new Usage(windowNanos, cpuNanos + other.cpuNanos, memoryBytes + other.memoryBytes);
    }

    String window() {
      return GoDuration.of(windowNanos);
    }

    /** In the units of metrics-server: billionths of a core, and powers of two of bytes. */
    KubeMap tree() {
      Quantity cpu =
          cpuNanos == 0
              ? Quantity.ZERO
              : Quantity.parse(BigDecimal.valueOf(cpuNanos, NANO_DIGITS).toPlainString());
      return KubeMap.of(
          "cpu",
          cpu.toString(),
          "memory",
          Quantity.of(memoryBytes, Quantity.Format.BINARY_SI).toString());
    }
  }

  /** Whether a container ran already at the last look. */
  boolean saw(Container container) {
    return container.startedNanos() >= 0 && container.startedNanos() < lastNanos;
  }

  /** What a container uses; null when it was seen once only. */
  @Nullable Usage usage(Container container) {
    long from = previousNanos();
    long age = lastNanos - container.startedNanos();
    if (age < RESOLUTION_NANOS) {
      if (age < FRESH_NANOS_MIN) {
        return null;
      }
      from = container.startedNanos();
    } else if (container.startedNanos() >= from) {
      return null;
    }
    return between(container, from);
  }

  /** Of a node it counts what has run only for a part of the window, too. */
  Usage usageOfNode(Container container) {
    return between(container, previousNanos());
  }

  private Usage between(Container container, long from) {
    double used =
        ContainerSamples.cpuNanos(container, lastNanos)
            - ContainerSamples.cpuNanos(container, from);
    long window = lastNanos - from;
    long perSecond = (long) (used * 1e9 / window);
    return new Usage(window, perSecond, ContainerSamples.memoryBytes(container, lastNanos));
  }
}
