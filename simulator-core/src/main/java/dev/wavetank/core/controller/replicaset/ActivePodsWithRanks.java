package dev.wavetank.core.controller.replicaset;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.controller.Pods;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which surplus pods are deleted: unassigned, pending, not ready, of lower deletion
 * cost, doubled up on a node, ready for a shorter time, restarted more often, newer. Times are
 * compared by the logarithm of the age, so that pods of about the same age are ordered by uid.
 *
 * <p>Follows pkg/controller/controller_utils.go (v1.36).
 */
public final class ActivePodsWithRanks {

  private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
  private static final double PER_LN_2 = 1 / Math.log(2);
  private static final int INSERTION_MAX = 12;

  private record Ranked(
      KubeObject pod,
      boolean assigned,
      int phase,
      boolean ready,
      int cost,
      int rank,
      @Nullable Instant readySince,
      long restarts,
      long sidecarRestarts,
      @Nullable Instant created) {}

  private final Instant now;

  private ActivePodsWithRanks(Instant now) {
    this.now = now;
  }

  /**
   * The pods, the first to delete first.
   *
   * @param related active pods of these count for doubling up on a node
   */
  public static List<KubeObject> deletionOrder(
      List<KubeObject> pods, List<KubeObject> related, Instant now) {
    Map<String, Integer> onNode = new LinkedHashMap<>();
    for (KubeObject pod : related) {
      if (Pods.active(pod)) {
        onNode.merge(pod.spec().string("nodeName", ""), 1, Integer::sum);
      }
    }
    Ranked[] ranked = new Ranked[pods.size()];
    for (int i = 0; i < ranked.length; i++) {
      ranked[i] = ranked(pods.get(i), onNode);
    }
    new ActivePodsWithRanks(now).sort(ranked, 0, ranked.length);
    List<KubeObject> ordered = new ArrayList<>(ranked.length);
    for (Ranked one : ranked) {
      ordered.add(one.pod);
    }
    return ordered;
  }

  private static Ranked ranked(KubeObject pod, Map<String, Integer> onNode) {
    String node = pod.spec().string("nodeName", "");
    boolean ready = Pods.ready(pod);
    return new Ranked(
        pod,
        !node.isEmpty(),
        phase(pod.status().string("phase", "")),
        ready,
        deletionCost(pod.annotations().string(DELETION_COST, "")),
        onNode.getOrDefault(node, 0),
        ready ? Pods.readySince(pod) : null,
        restarts(pod),
        sidecarRestarts(pod),
        Timestamps.parse(pod.creationTimestamp()));
  }

  private static int phase(String phase) {
    return switch (phase) {
      case "Unknown" -> 1;
      case "Running" -> 2;
      default -> 0;
    };
  }

  /** The annotation's value; 0 when it is no 32-bit number in plain notation. */
  private static int deletionCost(String value) {
    if (value.isEmpty()) {
      return 0;
    }
    char first = value.charAt(0);
    boolean plain = first == '-' || (first >= '1' && first <= '9') || value.equals("0");
    try {
      return plain ? Integer.parseInt(value) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static long restarts(KubeObject pod) {
    long most = 0;
    for (KubeMap container : pod.status().listOrEmpty("containerStatuses").maps()) {
      most = Math.max(most, container.number("restartCount", 0));
    }
    return most;
  }

  private static long sidecarRestarts(KubeObject pod) {
    Set<String> sidecars = new LinkedHashSet<>();
    for (KubeMap container : pod.spec().listOrEmpty("initContainers").maps()) {
      if ("Always".equals(container.get("restartPolicy"))) {
        sidecars.add(container.string("name", ""));
      }
    }
    long most = 0;
    for (KubeMap container : pod.status().listOrEmpty("initContainerStatuses").maps()) {
      if (sidecars.contains(container.string("name", ""))) {
        most = Math.max(most, container.number("restartCount", 0));
      }
    }
    return most;
  }

  /** Sorts without asking that the order be transitive, which logarithmic ages do not give. */
  private void sort(Ranked[] pods, int from, int to) {
    if (to - from <= INSERTION_MAX) {
      for (int i = from + 1; i < to; i++) {
        for (int j = i; j > from && less(pods[j], pods[j - 1]); j--) {
          Ranked swapped = pods[j];
          pods[j] = pods[j - 1];
          pods[j - 1] = swapped;
        }
      }
      return;
    }
    int middle = (from + to) >>> 1;
    sort(pods, from, middle);
    sort(pods, middle, to);
    Ranked[] left = new Ranked[middle - from];
    System.arraycopy(pods, from, left, 0, left.length);
    int right = middle;
    for (int i = 0, out = from; i < left.length; out++) {
      boolean takeRight = right < to && less(pods[right], left[i]);
      pods[out] = takeRight ? pods[right++] : left[i++];
    }
  }

  private boolean less(Ranked a, Ranked b) {
    if (a.assigned != b.assigned) {
      return !a.assigned;
    }
    if (a.phase != b.phase) {
      return a.phase < b.phase;
    }
    if (a.ready != b.ready) {
      return !a.ready;
    }
    if (a.cost != b.cost) {
      return a.cost < b.cost;
    }
    if (a.rank != b.rank) {
      return a.rank > b.rank;
    }
    if (a.ready && !same(a.readySince, b.readySince)) {
      return younger(a, a.readySince, b, b.readySince);
    }
    if (a.restarts != b.restarts) {
      return a.restarts > b.restarts;
    }
    if (a.sidecarRestarts != b.sidecarRestarts) {
      return a.sidecarRestarts > b.sidecarRestarts;
    }
    return !same(a.created, b.created) && younger(a, a.created, b, b.created);
  }

  private static boolean same(@Nullable Instant one, @Nullable Instant other) {
    return one == null ? other == null : one.equals(other);
  }

  private boolean younger(Ranked a, @Nullable Instant one, Ranked b, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null;
    }
    long difference = logarithmicAge(one) - logarithmicAge(other);
    return difference == 0 ? a.pod.uid().compareTo(b.pod.uid()) < 0 : difference < 0;
  }

  /** The whole part of the binary logarithm of the age in nanoseconds; -1 for no age. */
  private long logarithmicAge(Instant time) {
    long age =
        (now.getEpochSecond() - time.getEpochSecond()) * 1_000_000_000L
            + now.getNano()
            - time.getNano();
    if (age <= 0) {
      return -1;
    }
    double value = age;
    int exponent = Math.getExponent(value) + 1;
    double fraction = Math.scalb(value, -exponent);
    return fraction == 0.5 ? exponent - 1 : (long) (exponent + StrictMath.log(fraction) * PER_LN_2);
  }
}
