package dev.wavetank.scheduler.bench;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.scheduler.bench.PerfObjects.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What is scheduled in a workload, named and sized as in upstream's scheduler_perf where it exists
 * there.
 *
 * <p>Follows the files performance-config.yaml below test/integration/scheduler_perf (v1.36).
 */
public enum SchedulingCase {
  BASIC("SchedulingBasic", 5000, 1000, 10000, Zones.NONE, Kind.DEFAULT, Kind.DEFAULT),
  NODE_AFFINITY(
      "SchedulingNodeAffinity",
      5000,
      5000,
      10000,
      Zones.ONE,
      Kind.NODE_AFFINITY,
      Kind.NODE_AFFINITY),
  DAEMON_SET("SchedulingDaemonset", 15000, 0, 30000, Zones.NONE, Kind.DEFAULT, Kind.DAEMON),
  SPREAD("TopologySpreading", 5000, 5000, 5000, Zones.THREE, Kind.DEFAULT, Kind.SPREAD),
  PREFERRED_SPREAD(
      "PreferredTopologySpreading",
      5000,
      5000,
      5000,
      Zones.THREE,
      Kind.DEFAULT,
      Kind.PREFERRED_SPREAD),
  DEFAULT_SPREAD(
      "DefaultTopologySpreading", 5000, 5000, 5000, Zones.THREE, Kind.DEFAULT, Kind.SERVED),
  AFFINITY("SchedulingPodAffinity", 5000, 5000, 5000, Zones.ONE, Kind.AFFINITY, Kind.AFFINITY),
  ANTI_AFFINITY(
      "SchedulingPodAntiAffinity",
      5000,
      1000,
      2000,
      Zones.NONE,
      Kind.ANTI_AFFINITY,
      Kind.ANTI_AFFINITY),
  MATCHING_ANTI_AFFINITY(
      "SchedulingPodMatchingAntiAffinity",
      5000,
      1000,
      5000,
      Zones.NONE,
      Kind.ANTI_AFFINITY,
      Kind.GREEN),
  PREFERRED_AFFINITY(
      "SchedulingPreferredPodAffinity",
      5000,
      5000,
      5000,
      Zones.NONE,
      Kind.PREFERRED_AFFINITY,
      Kind.PREFERRED_AFFINITY),
  PREFERRED_ANTI_AFFINITY(
      "SchedulingPreferredPodAntiAffinity",
      5000,
      5000,
      5000,
      Zones.NONE,
      Kind.PREFERRED_ANTI_AFFINITY,
      Kind.PREFERRED_ANTI_AFFINITY),
  /** The last 2,000 of each kind before the measured ones. */
  MIXED("MixedSchedulingBasePod", 5000, 10000, 5000, Zones.ONE, null, Kind.DEFAULT),
  /** Four pods of low priority a node; three of them must go for each measured pod. */
  PREEMPTION("PreemptionAsync", 5000, 20000, 5000, Zones.NONE, Kind.LOW_PRIORITY, Kind.PREEMPTING),
  /** A pod that fits nowhere comes every 200 milliseconds. */
  UNSCHEDULABLE("Unschedulable", 5000, 100, 10000, Zones.NONE, Kind.DEFAULT, Kind.DEFAULT);

  /** Values of {@code topology.kubernetes.io/zone} that the nodes take in turn. */
  enum Zones {
    NONE(),
    ONE("zone1"),
    THREE("moon-1", "moon-2", "moon-3");

    final ImmutableList<String> names;

    Zones(String... names) {
      this.names = ImmutableList.copyOf(names);
    }
  }

  private static final ImmutableList<Kind> MIXTURE =
      ImmutableList.of(
          Kind.DEFAULT,
          Kind.AFFINITY,
          Kind.ANTI_AFFINITY,
          Kind.PREFERRED_AFFINITY,
          Kind.PREFERRED_ANTI_AFFINITY);

  private final String title;
  private final int nodes;
  private final int initPods;
  private final int measurePods;
  private final Zones zones;
  private final @Nullable Kind initKind;
  private final Kind measureKind;

  SchedulingCase(
      String title,
      int nodes,
      int initPods,
      int measurePods,
      Zones zones,
      @Nullable Kind initKind,
      Kind measureKind) {
    this.title = title;
    this.nodes = nodes;
    this.initPods = initPods;
    this.measurePods = measurePods;
    this.zones = zones;
    this.initKind = initKind;
    this.measureKind = measureKind;
  }

  /** Its name in scheduler_perf. */
  public String title() {
    return title;
  }

  /** How many nodes its largest published workload has; the same for the other sizes. */
  public int nodes() {
    return nodes;
  }

  /** How many pods are scheduled before the measurement. */
  public int initPods() {
    return initPods;
  }

  /** How many pods are measured. */
  public int measurePods() {
    return measurePods;
  }

  /** The word for it on a command line, such as {@code node-affinity}. */
  public String word() {
    return Ascii.toLowerCase(name()).replace('_', '-');
  }

  /** The case of that {@link #word} or {@link #title}; null when there is none. */
  public static @Nullable SchedulingCase find(String name) {
    for (SchedulingCase candidate : values()) {
      if (candidate.title.equals(name) || candidate.word().equals(name)) {
        return candidate;
      }
    }
    return null;
  }

  KubeMap node(int number) {
    String zone = zones.names.isEmpty() ? "" : zones.names.get(number % zones.names.size());
    return this == DAEMON_SET && number == 0
        ? PerfObjects.node("scheduler-perf-node", zone, 90_000)
        : PerfObjects.node("scheduler-perf-" + number, zone, 110);
  }

  KubeMap initPod(int number, int of) {
    Kind kind = initKind;
    if (kind == null) {
      kind = MIXTURE.get((int) ((long) number * MIXTURE.size() / of));
    }
    return PerfObjects.pod("init-" + number, "sched-0", kind);
  }

  KubeMap measuredPod(int number) {
    return PerfObjects.pod("pod-" + number, "sched-1", measureKind);
  }
}
