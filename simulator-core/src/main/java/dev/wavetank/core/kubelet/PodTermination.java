package dev.wavetank.core.kubelet;

import dev.wavetank.core.container.Container;
import dev.wavetank.core.kubelet.PodActions.KillReason;
import java.util.ArrayList;
import java.util.List;

/**
 * Stops all containers of a pod: the regular ones at once, sidecars in reverse order after them.
 */
final class PodTermination {

  private final PodWorker worker;
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
  PodTermination(PodWorker worker, long graceSeconds, Runnable then) {
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

  /** Whom a sidecar waits for: the regular containers and the sidecars after it. */
  private static List<ContainerRecord> after(ContainerRecord[] records, int position) {
    List<ContainerRecord> later = new ArrayList<>();
    for (int i = 0; i < records.length; i++) {
      if (!records[i].init() || (i > position && records[i].sidecar())) {
        later.add(records[i]);
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

  void shorten(long seconds) {
    for (ContainerKill kill : new ArrayList<>(kills)) {
      kill.shorten(seconds);
    }
  }
}
