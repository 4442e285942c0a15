package dev.wavetank.scenarios.bench;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.scheduler.bench.SchedulerWorkload;
import dev.wavetank.scheduler.bench.SchedulingCase;
import org.jspecify.annotations.Nullable;

/** Pods that only have to be scheduled, beside an API server and nothing else. */
public final class SchedulingWorkload implements Workload {

  private final SchedulingCase schedulingCase;
  private final int nodes;
  private final int initPods;
  private final int pods;
  private final long seed;
  private @Nullable SchedulerWorkload prepared;

  /**
   * A workload that is not prepared.
   *
   * @param initPods how many pods are scheduled before the measured ones
   */
  public SchedulingWorkload(
      SchedulingCase schedulingCase, int nodes, int initPods, int pods, long seed) {
    this.schedulingCase = schedulingCase;
    this.nodes = nodes;
    this.initPods = initPods;
    this.pods = pods;
    this.seed = seed;
  }

  /** Makes the cluster and creates the pods; not part of the work. */
  public void prepare() {
    prepared = null;
    prepared = SchedulerWorkload.prepare(schedulingCase, nodes, initPods, pods, seed);
  }

  @Override
  public Done run() {
    SchedulerWorkload workload = prepared;
    if (workload == null) {
      throw new SimulationBug("the scheduling benchmark is prepared before it runs");
    }
    prepared = null;
    long events = workload.simulation().eventNumber();
    long commits = workload.server().revision();
    SchedulerWorkload.Result result = workload.run();
    return new Done(
        ImmutableMap.of("pods", (long) result.pods(), "attempts", result.attempts()),
        ImmutableMap.of(),
        result.virtualNanos(),
        workload.simulation().eventNumber() - events,
        workload.server().revision() - commits,
        workload.trace().hash());
  }
}
