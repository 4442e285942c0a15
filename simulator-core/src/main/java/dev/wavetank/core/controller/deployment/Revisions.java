package dev.wavetank.core.controller.deployment;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The annotations by which a Deployment and its ReplicaSets remember revisions and sizes.
 *
 * <p>Follows pkg/controller/deployment/util/deployment_util.go (v1.36).
 */
public final class Revisions {

  public static final String REVISION = "deployment.kubernetes.io/revision";
  static final String REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
  static final String DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
  static final String MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";
  static final String ROLLBACK_TO = "deprecated.deployment.rollback.to";

  /** Longest text of former revisions; the oldest are dropped. */
  static final int HISTORY_CHARS_MAX = 2000;

  private static final ImmutableSet<String> NOT_COPIED =
      ImmutableSet.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          REVISION,
          REVISION_HISTORY,
          DESIRED_REPLICAS,
          MAX_REPLICAS,
          ROLLBACK_TO);

  /** From the oldest to the newest. */
  static final Comparator<KubeObject> BY_CREATION =
      Comparator.comparing(KubeObject::creationTimestamp).thenComparing(KubeObject::name);

  private Revisions() {}

  /** Oldest revision first; by creation where there is no number. */
  static int byRevision(KubeObject one, KubeObject other) {
    Long first = revisionOrNull(one);
    Long second = revisionOrNull(other);
    if (first == null || second == null || first.equals(second)) {
      return BY_CREATION.compare(one, other);
    }
    return Long.compare(first, second);
  }

  /** The revision; 0 when there is no annotation, null when it is no number. */
  public static @Nullable Long revisionOrNull(KubeObject object) {
    String text = object.annotations().string(REVISION);
    return text == null ? (Long) 0L : parse(text);
  }

  private static @Nullable Long parse(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** The greatest revision; 0 when there is none. */
  static long max(List<KubeObject> replicaSets) {
    long max = 0;
    for (KubeObject replicaSet : replicaSets) {
      Long revision = revisionOrNull(replicaSet);
      max = revision == null ? max : Math.max(max, revision);
    }
    return max;
  }

  /** The second greatest revision; 0 when there is none. */
  static long last(List<KubeObject> replicaSets) {
    long max = 0;
    long second = 0;
    for (KubeObject replicaSet : replicaSets) {
      Long revision = revisionOrNull(replicaSet);
      if (revision == null) {
        continue;
      }
      if (revision >= max) {
        second = max;
        max = revision;
      } else if (revision > second) {
        second = revision;
      }
    }
    return second;
  }

  /** A count kept in an annotation; null when it is absent or no number from 0 to 2^31-1. */
  static @Nullable Long count(KubeObject replicaSet, String annotation) {
    String text = replicaSet.annotations().string(annotation);
    if (text == null || text.startsWith("+")) {
      return null;
    }
    Long count = parse(text);
    return count == null || count < 0 || count > Integer.MAX_VALUE ? null : count;
  }

  /**
   * The ReplicaSet with the annotations that the new one of a Deployment carries; itself when
   * nothing changes.
   *
   * @param revision the number that it must at least have
   * @param exists false when it is about to be created
   */
  static KubeObject annotateNew(
      KubeObject deployment, KubeObject replicaSet, long revision, boolean exists) {
    KubeMap annotations = copied(deployment.annotations(), replicaSet.annotations());
    String old = annotations.string(REVISION);
    Long number = old == null || old.isEmpty() ? (Long) 0L : parse(old);
    if (number == null) {
      return annotated(replicaSet, annotations);
    }
    if (number < revision) {
      annotations = annotations.with(REVISION, Long.toString(revision));
      if (old != null) {
        annotations = annotations.with(REVISION_HISTORY, history(annotations, old));
      }
    }
    if (!exists) {
      annotations = sized(deployment, annotations);
    }
    return annotated(replicaSet, annotations);
  }

  private static KubeMap copied(KubeMap from, KubeMap to) {
    KubeMap result = to;
    for (int i = 0; i < from.size(); i++) {
      if (!NOT_COPIED.contains(from.keyAt(i))) {
        result = result.with(from.keyAt(i), from.valueAt(i));
      }
    }
    return result;
  }

  private static @Nullable String history(KubeMap annotations, String old) {
    String history = annotations.string(REVISION_HISTORY, "");
    if (history.isEmpty() || history.startsWith(",")) {
      return old;
    }
    List<String> revisions = new ArrayList<>(Splitter.on(',').splitToList(history));
    int length = history.length() + old.length() + 1;
    int start = 0;
    while (length > HISTORY_CHARS_MAX && start < revisions.size()) {
      length -= revisions.get(start).length() + 1;
      start++;
    }
    if (length > HISTORY_CHARS_MAX) {
      return history;
    }
    revisions.add(old);
    return Joiner.on(',').join(revisions.subList(start, revisions.size()));
  }

  private static KubeMap sized(KubeObject deployment, KubeMap annotations) {
    long desired = Replicas.desired(deployment);
    return annotations
        .with(DESIRED_REPLICAS, Long.toString(desired))
        .with(MAX_REPLICAS, Long.toString(desired + Replicas.maxSurge(deployment)));
  }

  /** The ReplicaSet with the Deployment's present size noted; itself when nothing changes. */
  static KubeObject annotateSize(KubeObject deployment, KubeObject replicaSet) {
    return annotated(replicaSet, sized(deployment, replicaSet.annotations()));
  }

  private static KubeObject annotated(KubeObject object, KubeMap annotations) {
    return object.annotations() == annotations
        ? object
        : object.withMetadata(object.metadata().with("annotations", annotations));
  }

  /** The Deployment with the revision noted; itself when it is already. */
  static KubeObject withRevision(KubeObject deployment, @Nullable String revision) {
    return annotated(deployment, deployment.annotations().with(REVISION, revision));
  }

  /** The Deployment with the annotations of the ReplicaSet that it is rolled back to. */
  static KubeObject withAnnotationsOf(KubeObject deployment, KubeObject replicaSet) {
    KubeMap kept = KubeMap.EMPTY;
    KubeMap own = deployment.annotations();
    for (int i = 0; i < own.size(); i++) {
      if (NOT_COPIED.contains(own.keyAt(i))) {
        kept = kept.with(own.keyAt(i), own.valueAt(i));
      }
    }
    return annotated(deployment, copied(replicaSet.annotations(), kept));
  }
}
