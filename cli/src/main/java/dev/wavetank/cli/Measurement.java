package dev.wavetank.cli;

import dev.wavetank.scenarios.bench.Workload;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.function.Supplier;

/**
 * What a piece of work cost.
 *
 * @param cpuSeconds of all threads of the process
 * @param peakHeapMebibytes most heap in use during the work, garbage included
 */
record Measurement(
    Workload.Done done, double wallSeconds, double cpuSeconds, long peakHeapMebibytes) {

  private static final double SECOND = 1e9;
  private static final int MEBI_BITS = 20;

  /** Does the work and measures it. */
  static Measurement of(Supplier<Workload.Done> work) {
    System.gc();
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      pool.resetPeakUsage();
    }
    long cpu = cpuNanos();
    long wall = System.nanoTime();
    Workload.Done done = work.get();
    double wallSeconds = (System.nanoTime() - wall) / SECOND;
    double cpuSeconds = (cpuNanos() - cpu) / SECOND;
    return new Measurement(done, wallSeconds, cpuSeconds, peakHeap() >> MEBI_BITS);
  }

  private static long peakHeap() {
    long peak = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP) {
        peak += pool.getPeakUsage().getUsed();
      }
    }
    return peak;
  }

  private static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean process
        ? process.getProcessCpuTime()
        : System.nanoTime();
  }
}
