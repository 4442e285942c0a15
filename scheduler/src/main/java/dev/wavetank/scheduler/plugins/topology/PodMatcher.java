package dev.wavetank.scheduler.plugins.topology;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.scheduler.framework.PodInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides which pods are counted, by their namespace and labels. Pods of one template have equal
 * labels, so the last answers are kept.
 */
public abstract class PodMatcher {

  private static final int KNOWN_MAX = 1024;

  private final Map<KubeMap, Boolean> known = new LinkedHashMap<>();
  private final boolean terminatingToo;
  private @Nullable KubeMap lastLabels;
  private String lastNamespace = "";
  private boolean lastAnswer;

  /**
   * A matcher.
   *
   * @param terminatingToo whether pods that are being deleted are counted
   */
  protected PodMatcher(boolean terminatingToo) {
    this.terminatingToo = terminatingToo;
  }

  /** Whether pods of a namespace are counted at all. */
  protected abstract boolean namespaceMatches(String namespace);

  /** Whether pods with these labels are counted. */
  protected abstract boolean labelsMatch(KubeMap labels);

  /** Whether a pod is counted. */
  public final boolean matches(PodInfo pod) {
    if (pod.terminating() && !terminatingToo) {
      return false;
    }
    KubeMap labels = pod.labels();
    String namespace = pod.key().namespace();
    if (labels == lastLabels && namespace.equals(lastNamespace)) {
      return lastAnswer;
    }
    boolean answer = namespaceMatches(namespace) && labels(labels);
    lastLabels = labels;
    lastNamespace = namespace;
    lastAnswer = answer;
    return answer;
  }

  private boolean labels(KubeMap labels) {
    Boolean answer = known.get(labels);
    if (answer == null) {
      if (known.size() >= KNOWN_MAX) {
        known.clear();
      }
      answer = labelsMatch(labels);
      known.put(labels, answer);
    }
    return answer;
  }
}
