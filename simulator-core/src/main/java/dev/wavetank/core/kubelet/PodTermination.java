package dev.wavetank.core.kubelet;

import dev.wavetank.core.container.Container;
import dev.wavetank.core.kubelet.PodActions.KillReason;
import java.util.ArrayList;
import java.util.List;

/**
 * Stops all containers of a pod: the regular ones at once, sidecars in reverse order after them.
 *
 * <p>Follows killPodWithSyncResult of pkg/kubelet/kuberuntime/kuberuntime_manager.go and
 * kuberuntime_termination_order.go (v1.36).
 */
final class PodTermination {

  private final ObservedPod worker;
  private final long graceSeconds;
  private final Runnable then;
  private final List<ContainerKill> kills = new ArrayList<>(1);
  private int left;
  private boolean begun;

  /**
   * A termination that has not begun.
   *
   * @param graceSeconds -1 for what each container says
   */
  PodTermination(ObservedPod worker, long graceSeconds, Runnable then) {
    this.worker = worker;
    this.graceSeconds = graceSeconds;
    this.then = then;
  }

  void run() {
    ContainerRecord[] records = worker.records();
    for (int i = 0; i < records.length; i++) {
      if (records[i].running()) {
        left++;
        kills.add(
            new ContainerKill(
                worker,
                records[i],
                "",
                KillReason.NONE,
                graceSeconds,
                records[i].sidecar() ? after(records, i) : List.of(),
                this::killed));
      }
    }
    for (ContainerKill kill : new ArrayList<>(kills)) {
      kill.run();
    }
    begun = true;
    if (left == 0) {
      then.run();
    }
  }

  /** Whom a sidecar waits for: the regular containers and the next sidecar. */
  private static List<ContainerRecord> after(ContainerRecord[] records, int position) {
    List<ContainerRecord> later = new ArrayList<>();
    boolean next = true;
    for (int i = position + 1; i < records.length; i++) {
      if (!records[i].init() || (next && records[i].sidecar())) {
        later.add(records[i]);
        next &= !records[i].sidecar();
      }
    }
    return later;
  }

  private void killed() {
    left--;
    if (left == 0 && begun) {
      then.run();
    }
  }

  void exited(Container container) {
    for (ContainerKill kill : new ArrayList<>(kills)) {
      kill.exited(container);
    }
  }

  /** The node is down: nothing is waited for any more. */
  void crash() {
    kills.forEach(ContainerKill::crash);
  }
}
