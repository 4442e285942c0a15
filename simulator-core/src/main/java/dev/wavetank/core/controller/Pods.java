package dev.wavetank.core.controller;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.Conditions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What controllers ask of a pod.
 *
 * <p>Follows pkg/api/v1/pod/util.go and pkg/controller/controller_utils.go (v1.36).
 */
public final class Pods {

  private static final long SECOND = 1_000_000_000L;

  private Pods() {}

  /** Whether all containers stopped and none will start again. */
  public static boolean terminal(KubeObject pod) {
    String phase = pod.status().string("phase", "");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** Whether it counts as a replica: neither terminal nor being deleted. */
  public static boolean active(KubeObject pod) {
    return !pod.terminating() && !terminal(pod);
  }

  /** Whether it is being deleted and may still run. */
  public static boolean terminating(KubeObject pod) {
    return pod.terminating() && !terminal(pod);
  }

  /** Whether its condition {@code Ready} is True. */
  public static boolean ready(KubeObject pod) {
    return Conditions.isTrue(pod.status(), "Ready");
  }

  /** When {@code Ready} last became True; null when it is not, or has no time. */
  public static @Nullable Instant readySince(KubeObject pod) {
    KubeMap ready = Conditions.find(pod.status(), "Ready");
    if (ready == null || !"True".equals(ready.get("status"))) {
      return null;
    }
    return Timestamps.parse(ready.get("lastTransitionTime"));
  }

  /** Whether it is ready and has been for that long. */
  public static boolean available(KubeObject pod, long minReadySeconds, Instant now) {
    if (!ready(pod)) {
      return false;
    }
    if (minReadySeconds == 0) {
      return true;
    }
    Instant since = readySince(pod);
    return since != null && !since.plusSeconds(minReadySeconds).isAfter(now);
  }

  /** Nanoseconds until a ready pod becomes available; -1 when it is, or is not ready. */
  public static long availableInNanos(KubeObject pod, long minReadySeconds, Instant now) {
    Instant since = minReadySeconds <= 0 ? null : readySince(pod);
    if (since == null) {
      return -1;
    }
    Instant due = since.plusSeconds(minReadySeconds);
    long nanos = (due.getEpochSecond() - now.getEpochSecond()) * SECOND + due.getNano();
    nanos -= now.getNano();
    return nanos > 0 ? nanos : -1;
  }
}
