package dev.wavetank.scheduler.framework;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Why each node was turned down: a status for a node that was looked at, one for all others.
 * Positions are those of the cycle's {@link SharedLister}.
 *
 * <p>Follows {@code NodeToStatus} of pkg/scheduler/framework/types.go (v1.36).
 */
public final class NodeToStatus {

  private static final Status ABSENT = Status.of(Code.UNSCHEDULABLE_AND_UNRESOLVABLE);

  private @Nullable Status[] statuses = new Status[0];
  private byte[] plugins = new byte[0];
  private int size;
  private int explicit;
  private Status absent = ABSENT;

  /** Forgets everything; for that many nodes. */
  public void reset(int nodes) {
    if (statuses.length < nodes) {
      statuses = new Status[nodes];
      plugins = new byte[nodes];
    } else if (explicit > 0) {
      Arrays.fill(statuses, 0, size, null);
    }
    size = nodes;
    explicit = 0;
    absent = ABSENT;
  }

  /**
   * Sets the status of one node.
   *
   * @param plugin the framework's index of the plugin that turned it down
   */
  public void set(int position, Status status, int plugin) {
    if (statuses[position] == null) {
      explicit++;
    }
    statuses[position] = status;
    plugins[position] = (byte) plugin;
  }

  /** Sets the status of every node that has none of its own. */
  public void absentNodesStatus(Status status) {
    absent = status;
  }

  public Status absentNodesStatus() {
    return absent;
  }

  /** The node's own status, or null. */
  public @Nullable Status explicit(int position) {
    return statuses[position];
  }

  /** Index of the plugin that turned the node down; only for a node with a status of its own. */
  public int plugin(int position) {
    return plugins[position];
  }

  /** The node's status. */
  public Status get(int position) {
    Status status = statuses[position];
    return status == null ? absent : status;
  }

  /** How many nodes there are. */
  public int nodes() {
    return size;
  }

  /** How many nodes have a status of their own. */
  public int size() {
    return explicit;
  }
}
