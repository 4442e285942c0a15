package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet says about the resize of a pod: that it waits, that it is under way, or both, of
 * one generation each.
 *
 * <p>Follows podResizeConditions of pkg/kubelet/status/status_manager.go (v1.36).
 */
final class ResizeConditions {

  private static final String DEFERRED = "Deferred";
  private static final String INFEASIBLE = "Infeasible";

  private @Nullable KubeMap pending;
  private @Nullable KubeMap inProgress;

  /** In the order of the status. */
  void addTo(List<Object> conditions) {
    if (pending != null) {
      conditions.add(pending);
    }
    if (inProgress != null) {
      conditions.add(inProgress);
    }
  }

  boolean deferred() {
    return pending != null && DEFERRED.equals(pending.get("reason"));
  }

  boolean infeasible() {
    return pending != null && INFEASIBLE.equals(pending.get("reason"));
  }

  /**
   * The resize waits.
   *
   * @return whether that is news
   */
  boolean pending(String reason, String message, long generation, String now) {
    KubeMap before = pending;
    String known = reason.equals(INFEASIBLE) ? INFEASIBLE : DEFERRED;
    pending = condition("PodResizePending", before, known, message, generation, now);
    return before == null
        || !known.equals(before.get("reason"))
        || before.number("observedGeneration", 0) != generation;
  }

  /**
   * The resize is under way; what was said of its generation, reason and message stays.
   *
   * @return whether anything but the time has changed
   */
  boolean inProgress(String reason, String message, long generation, String now) {
    KubeMap before = inProgress;
    boolean keep = before != null && reason.isEmpty() && message.isEmpty();
    inProgress =
        condition(
            "PodResizeInProgress",
            before,
            before != null && keep ? before.string("reason", "") : reason,
            before != null && keep ? before.string("message", "") : message,
            before == null ? generation : before.number("observedGeneration", 0),
            now);
    return before == null
        || !before.string("reason", "").equals(inProgress.string("reason", ""))
        || !before.string("message", "").equals(inProgress.string("message", ""));
  }

  /** The resize waits no more; whether it did. */
  boolean clearPending() {
    boolean was = pending != null;
    pending = null;
    return was;
  }

  /** The resize is over; its generation, or -1 when there was none. */
  long clearInProgress() {
    long generation = inProgress == null ? -1 : inProgress.number("observedGeneration", 0);
    inProgress = null;
    return generation;
  }

  /** Generation of the resize under way; 0 for none. */
  long generationInProgress() {
    return inProgress == null ? 0 : inProgress.number("observedGeneration", 0);
  }

  private static KubeMap condition(
      String type,
      @Nullable KubeMap before,
      String reason,
      String message,
      long generation,
      String now) {
    boolean same = before != null && before.string("reason", "").equals(reason);
    return KubeMap.of(
        "type",
        type,
        "observedGeneration",
        generation == 0 ? null : generation,
        "status",
        "True",
        "lastProbeTime",
        now,
        "lastTransitionTime",
        before != null && same ? before.get("lastTransitionTime") : now,
        "reason",
        reason.isEmpty() ? null : reason,
        "message",
        message.isEmpty() ? null : message);
  }
}
