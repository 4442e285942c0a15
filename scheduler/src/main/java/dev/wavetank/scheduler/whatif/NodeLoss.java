package dev.wavetank.scheduler.whatif;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.scheduler.Attempt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the pods of nodes would go when those nodes are drained or lost, and which would go
 * nowhere. Pods of DaemonSets and static pods go with their node; pods that nobody would create
 * again are counted apart.
 *
 * @param moves of pods that a controller creates again, in the order in which they are scheduled
 * @param gone pods that no controller would create again
 * @param staying pods that belong to their node
 */
public record NodeLoss(
    ImmutableList<Move> moves, ImmutableList<ObjectKey> gone, ImmutableList<ObjectKey> staying) {

  private static final String MIRROR = "kubernetes.io/config.mirror";

  /**
   * What becomes of one pod.
   *
   * @param from the node that it was on
   * @param to the node that its successor gets; null when it gets none
   * @param why it gets none, in upstream's words; empty otherwise
   */
  public record Move(ObjectKey pod, String from, @Nullable String to, String why) {}

  /** How many pods would find no node. */
  public int pending() {
    int pending = 0;
    for (Move move : moves) {
      pending += move.to() == null ? 1 : 0;
    }
    return pending;
  }

  /**
   * Cordons nodes and moves their pods elsewhere. The pods stay where they went in the cluster that
   * is given.
   */
  public static NodeLoss drain(DryRun cluster, Set<String> nodes) {
    return of(cluster, nodes, false);
  }

  /** Takes nodes away and moves their pods elsewhere; see {@link #drain}. */
  public static NodeLoss lose(DryRun cluster, Set<String> nodes) {
    return of(cluster, nodes, true);
  }

  private static NodeLoss of(DryRun cluster, Set<String> nodes, boolean lost) {
    List<KubeObject> moving = new ArrayList<>();
    ImmutableList.Builder<ObjectKey> gone = ImmutableList.builder();
    ImmutableList.Builder<ObjectKey> staying = ImmutableList.builder();
    for (KubeObject pod : cluster.view().list(ResourceType.PODS)) {
      if (!nodes.contains(pod.spec().string("nodeName", "")) || DryRun.ended(pod)) {
        continue;
      }
      String owner = controller(pod);
      if (owner.equals("DaemonSet") || pod.annotations().has(MIRROR)) {
        staying.add(pod.key(ResourceType.PODS));
      } else if (owner.isEmpty()) {
        gone.add(pod.key(ResourceType.PODS));
        cluster.remove(pod.key(ResourceType.PODS));
      } else {
        moving.add(pod);
      }
    }
    moving.forEach(pod -> cluster.remove(pod.key(ResourceType.PODS)));
    for (String name : nodes) {
      take(cluster, name, lost);
    }
    moving.sort(
        Comparator.<KubeObject>comparingLong(pod -> -pod.spec().number("priority", 0))
            .thenComparing(KubeObject::creationTimestamp));
    ImmutableList.Builder<Move> moves = ImmutableList.builder();
    for (KubeObject pod : moving) {
      moves.add(move(cluster, pod));
    }
    return new NodeLoss(moves.build(), gone.build(), staying.build());
  }

  private static String controller(KubeObject pod) {
    for (KubeMap owner : pod.metadata().listOrEmpty("ownerReferences").maps()) {
      if (owner.bool("controller", false)) {
        return owner.string("kind", "");
      }
    }
    return "";
  }

  private static void take(DryRun cluster, String name, boolean lost) {
    ObjectKey key = ObjectKey.of(ResourceType.NODES, "", name);
    KubeObject node = cluster.view().find(key);
    if (node != null && lost) {
      cluster.remove(key);
    } else if (node != null) {
      cluster.put(node.with(true, "spec", "unschedulable"));
    }
  }

  private static Move move(DryRun cluster, KubeObject pod) {
    ObjectKey key = pod.key(ResourceType.PODS);
    String from = pod.spec().string("nodeName", "");
    KubeObject waiting =
        pod.withSpec(pod.spec().without("nodeName")).withStatus(KubeMap.of("phase", "Pending"));
    Attempt attempt = cluster.attempt(waiting);
    String to = attempt.node();
    if (to != null) {
      cluster.bind(waiting, to);
    }
    return new Move(key, from, to, to == null ? attempt.message() : "");
  }
}
