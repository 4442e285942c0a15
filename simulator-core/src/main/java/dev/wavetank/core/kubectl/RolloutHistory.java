package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.PodTemplates;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl rollout history}: the revisions that a Deployment's ReplicaSets remember.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/polymorphichelpers/history.go (v1.36).
 */
public final class RolloutHistory {

  private static final String REVISION = "deployment.kubernetes.io/revision";
  private static final String CHANGE_CAUSE = "kubernetes.io/change-cause";
  private static final int COLUMN_GAP = 2;

  private RolloutHistory() {}

  /** The revision that an object carries: 0 without annotation, null when it is no number. */
  static @Nullable Long revision(KubeObject object) {
    String text = object.annotations().string(REVISION);
    try {
      return text == null ? (Long) 0L : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** The table of revisions and their change causes. */
  public static String table(ApiServer server, KubeObject deployment) {
    Map<Long, KubeObject> revisions = revisions(server, deployment);
    if (revisions.isEmpty()) {
      return "No rollout history found.";
    }
    int width = width(revisions);
    StringBuilder out = new StringBuilder();
    row(out, width, "REVISION", "CHANGE-CAUSE");
    revisions.forEach(
        (revision, replicaSet) -> {
          String cause = cause(replicaSet);
          row(out, width, revision.toString(), cause.isEmpty() ? "<none>" : cause);
        });
    return out.toString();
  }

  private static int width(Map<Long, KubeObject> revisions) {
    int width = "REVISION".length();
    for (Long revision : revisions.keySet()) {
      width = Math.max(width, revision.toString().length());
    }
    return width;
  }

  private static void row(StringBuilder out, int width, String first, String second) {
    out.append(first);
    out.append(" ".repeat(width - first.length() + COLUMN_GAP)).append(second).append('\n');
  }

  private static String cause(KubeObject replicaSet) {
    String own = replicaSet.annotations().string(CHANGE_CAUSE, "");
    return own.isEmpty() && template(replicaSet).at("metadata", "annotations") instanceof KubeMap a
        ? a.string(CHANGE_CAUSE, "")
        : own;
  }

  private static KubeMap template(KubeObject replicaSet) {
    return replicaSet.spec().mapOrEmpty("template");
  }

  /**
   * The pod template of one revision with its change cause, to be described; null where kubectl
   * says {@code unable to find the specified revision}.
   */
  public static @Nullable KubeMap template(ApiServer server, KubeObject deployment, long revision) {
    KubeObject replicaSet = revisions(server, deployment).get(revision);
    if (replicaSet == null) {
      return null;
    }
    String cause = cause(replicaSet);
    return cause.isEmpty()
        ? template(replicaSet)
        : template(replicaSet).withPath(cause, "metadata", "annotations", CHANGE_CAUSE);
  }

  /** The ReplicaSets by revision, the lowest first. */
  public static Map<Long, KubeObject> revisions(ApiServer server, KubeObject deployment) {
    Map<Long, KubeObject> revisions = new TreeMap<>();
    for (KubeObject replicaSet : replicaSets(server, deployment)) {
      Long revision = revision(replicaSet);
      if (revision != null) {
        revisions.put(revision, replicaSet);
      }
    }
    return revisions;
  }

  /** The Deployment's ReplicaSets, the oldest first and the one with its template last. */
  static List<KubeObject> replicaSets(ApiServer server, KubeObject deployment) {
    LabelSelector selector = LabelSelector.of(deployment.spec().map("selector"));
    List<KubeObject> found = new ArrayList<>();
    for (KubeObject replicaSet :
        server.head().ownedBy(ResourceType.REPLICA_SETS, deployment.uid())) {
      if (replicaSet.controlledBy(deployment.uid()) && selector.matches(replicaSet.labels())) {
        found.add(replicaSet);
      }
    }
    found.sort(Comparator.comparing(KubeObject::creationTimestamp).thenComparing(KubeObject::name));
    KubeMap current = deployment.spec().mapOrEmpty("template");
    for (int i = 0; i < found.size(); i++) {
      if (PodTemplates.equalIgnoreHash(template(found.get(i)), current)) {
        found.add(found.remove(i));
        break;
      }
    }
    return found;
  }
}
