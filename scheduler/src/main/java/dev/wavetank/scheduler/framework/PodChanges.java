package dev.wavetank.scheduler.framework;

import dev.wavetank.core.sim.SimulationBug;
import org.jspecify.annotations.Nullable;

/**
 * The newest comings and goings of pods on nodes, numbered, so that an index can catch up with what
 * happened since it was last used instead of counting all pods again.
 */
public final class PodChanges {

  /** How many changes are kept. */
  static final int KEPT_MAX = 1 << 14;

  private final @Nullable PodInfo[] pods = new PodInfo[KEPT_MAX];
  private final @Nullable NodeInfo[] nodes = new NodeInfo[KEPT_MAX];
  private final byte[] signs = new byte[KEPT_MAX];
  private long end;

  /** Notes that a pod came to a node (1) or left it (-1). */
  public void add(PodInfo pod, NodeInfo node, int sign) {
    int slot = slot(end++);
    pods[slot] = pod;
    nodes[slot] = node;
    signs[slot] = (byte) sign;
  }

  private static int slot(long number) {
    return (int) (number & (KEPT_MAX - 1));
  }

  /** Number of the next change. */
  public long end() {
    return end;
  }

  /** Whether every change from that number on is still kept. */
  public boolean reachesBackTo(long number) {
    return end - number <= KEPT_MAX;
  }

  public PodInfo pod(long number) {
    PodInfo pod = pods[slot(number)];
    if (pod == null) {
      throw new SimulationBug("a change of pods that is not kept");
    }
    return pod;
  }

  public NodeInfo node(long number) {
    NodeInfo node = nodes[slot(number)];
    if (node == null) {
      throw new SimulationBug("a change of pods that is not kept");
    }
    return node;
  }

  /** 1 when the pod came, -1 when it left. */
  public int sign(long number) {
    return signs[slot(number)];
  }
}
