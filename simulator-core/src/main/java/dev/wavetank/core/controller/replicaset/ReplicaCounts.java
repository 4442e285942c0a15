package dev.wavetank.core.controller.replicaset;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.controller.Pods;

/**
 * The pods that one ReplicaSet owns, counted as its status counts them and kept up to date with
 * every change that the informer tells, so that a sync of a large ReplicaSet that has nothing to do
 * looks at no pod.
 */
final class ReplicaCounts {

  private final KubeMap spec;
  private final LabelSelector selector;
  private final KubeMap templateLabels;
  long active;
  long fullyLabeled;
  long ready;
  long terminating;

  /** Active pods that the selector does not select: they are to be released. */
  long strays;

  ReplicaCounts(KubeObject replicaSet, LabelSelector selector) {
    this.spec = replicaSet.spec();
    this.selector = selector;
    this.templateLabels = spec.mapOrEmpty("template").mapOrEmpty("metadata").mapOrEmpty("labels");
  }

  /** Whether the counts are of that ReplicaSet's present spec. */
  boolean countFor(KubeObject replicaSet) {
    return spec == replicaSet.spec();
  }

  void add(KubeObject pod) {
    count(pod, 1);
  }

  void remove(KubeObject pod) {
    count(pod, -1);
  }

  private void count(KubeObject pod, int by) {
    if (Pods.terminal(pod)) {
      return;
    }
    boolean selected = selector.matches(pod.labels());
    if (pod.terminating()) {
      terminating += selected ? by : 0;
      return;
    }
    if (!selected) {
      strays += by;
      return;
    }
    active += by;
    fullyLabeled += carries(pod.labels(), templateLabels) ? by : 0;
    ready += Pods.ready(pod) ? by : 0;
  }

  /** Whether labels contain all of some others. */
  static boolean carries(KubeMap labels, KubeMap wanted) {
    if (labels == wanted) {
      return true;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!wanted.valueAt(i).equals(labels.get(wanted.keyAt(i)))) {
        return false;
      }
    }
    return true;
  }
}
