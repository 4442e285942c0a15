package dev.wavetank.scheduler.bench;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.apiserver.controlplane.Bootstrap;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.core.trace.Trace;
import dev.wavetank.scheduler.Scheduler;

/**
 * An API server with nodes that nobody runs and a scheduler that has to place pods on them. It is
 * prepared first, then run once; only the run is worth measuring.
 */
public final class SchedulerWorkload {

  private static final long SECOND = 1_000_000_000L;
  private static final long NANOS_MAX = 24L * 3600 * SECOND;
  private static final long CHURN_NANOS = SECOND / 5;
  private static final int TRACE_KEPT = 1 << 10;

  /**
   * What came of a run.
   *
   * @param pods how many measured pods got their node
   * @param attempts how many scheduling attempts there were
   * @param virtualNanos how much time passed
   */
  public record Result(int pods, long attempts, long virtualNanos) {}

  private final SchedulingCase schedulingCase;
  private final int measurePods;
  private final Simulation simulation;
  private final ApiServer server;
  private final Scheduler scheduler;
  private final Trace trace;
  private int bound;
  private long attempts;
  private int churned;

  private SchedulerWorkload(
      SchedulingCase schedulingCase, int nodes, int initPods, int measurePods, long seed) {
    this.schedulingCase = schedulingCase;
    this.measurePods = measurePods;
    this.simulation = new Simulation(Choices.seeded(seed));
    this.trace = new Trace(simulation, TRACE_KEPT);
    this.server = new ApiServer(simulation, Latencies.DEFAULT);
    ApiServerConfiguration configuration = ApiServerConfiguration.at(IpAddress.parse("192.0.2.1"));
    configuration.install(server);
    new Bootstrap(server, configuration).create();
    this.scheduler = new Scheduler(server);
    for (String namespace : PerfObjects.NAMESPACES) {
      create(ResourceType.NAMESPACES, PerfObjects.namespace(namespace));
    }
    create(ResourceType.PRIORITY_CLASSES, PerfObjects.priorityClass());
    if (schedulingCase == SchedulingCase.DEFAULT_SPREAD) {
      create(ResourceType.SERVICES, PerfObjects.service("sched-1"));
    }
    for (int i = 0; i < nodes; i++) {
      KubeObject node = create(ResourceType.NODES, schedulingCase.node(i));
      // Nobody reports these nodes ready, so nobody would take their taint away.
      server.patch(
          ResourceType.NODES,
          node.key(ResourceType.NODES),
          created -> created.withSpec(created.spec().without("taints")));
    }
    server.listen(this::committed);
    scheduler.start();
    simulation.runUntil(simulation.now() + SECOND);
    for (int i = 0; i < initPods; i++) {
      create(ResourceType.PODS, schedulingCase.initPod(i, initPods));
    }
    runUntilBound(initPods);
    simulation.runUntil(simulation.now() + SECOND);
    for (int i = 0; i < measurePods; i++) {
      create(ResourceType.PODS, schedulingCase.measuredPod(i));
    }
  }

  /**
   * Makes the nodes and the pods that are there before, places those, and creates the pods that are
   * to be measured.
   *
   * @param nodes at least 1
   */
  public static SchedulerWorkload prepare(
      SchedulingCase schedulingCase, int nodes, int initPods, int measurePods, long seed) {
    return new SchedulerWorkload(schedulingCase, nodes, initPods, measurePods, seed);
  }

  private KubeObject create(ResourceType type, KubeMap object) {
    return server.create(type, KubeObject.of(object));
  }

  private void committed(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    trace.fact("apiserver/commit", commit.key(), commit, after == null ? 0 : after.hashCode());
    if (commit.key().type().equals(ResourceType.PODS)
        && before != null
        && after != null
        && !before.spec().has("nodeName")
        && after.spec().has("nodeName")) {
      bound++;
    }
  }

  private void runUntilBound(int pods) {
    bound = 0;
    long limit = simulation.now() + NANOS_MAX;
    while (bound < pods) {
      boolean more = simulation.step();
      SimulationBug.check(more && simulation.now() < limit, "every pod gets a node");
    }
  }

  /** Schedules the pods, the binding at the API server and the events about it included. */
  public Result run() {
    long start = simulation.now();
    scheduler.listen(attempt -> attempts++);
    if (schedulingCase == SchedulingCase.UNSCHEDULABLE) {
      simulation.after(CHURN_NANOS, "bench/churn", "pods", this::churn);
    }
    runUntilBound(measurePods);
    return new Result(bound, attempts, simulation.now() - start);
  }

  private void churn() {
    create(
        ResourceType.PODS,
        PerfObjects.pod("churn-" + churned++, "sched-0", PerfObjects.Kind.TOO_LARGE));
    simulation.after(CHURN_NANOS, "bench/churn", "pods", this::churn);
  }

  /** The trace of all commits; its hash is worth comparing. */
  public Trace trace() {
    return trace;
  }

  /** The simulation, for its time and the number of its events. */
  public Simulation simulation() {
    return simulation;
  }

  /** The API server, for the number of its writes. */
  public ApiServer server() {
    return server;
  }
}
