package dev.wavetank.cli;

import dev.wavetank.scenarios.bench.Workload;
import java.lang.management.CompilationMXBean;
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
  private static final int COMPILER_WAITS_MAX = 100;
  private static final long COMPILER_WAIT_MILLIS = 200;

  /** Does the work and measures it. */
  static Measurement of(Supplier<Workload.Done> work) {
    System.gc();
    awaitCompiler();
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

  /** What was done before may still be on its way through the compiler; it is not this work's. */
  private static void awaitCompiler() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    if (compiler == null || !compiler.isCompilationTimeMonitoringSupported()) {
      return;
    }
    long before = -1;
    for (int i = 0; i < COMPILER_WAITS_MAX && compiler.getTotalCompilationTime() != before; i++) {
      before = compiler.getTotalCompilationTime();
      try {
        Thread.sleep(COMPILER_WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
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
