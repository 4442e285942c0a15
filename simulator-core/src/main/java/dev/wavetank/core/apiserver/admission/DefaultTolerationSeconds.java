package dev.wavetank.core.apiserver.admission;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.Memo;
import org.jspecify.annotations.Nullable;

/**
 * A pod stays five minutes on a node that is not ready or not reachable, unless it says otherwise.
 *
 * <p>Follows plugin/pkg/admission/defaulttolerationseconds/admission.go (v1.36).
 */
public final class DefaultTolerationSeconds implements Admission {

  private static final String NOT_READY = "node.kubernetes.io/not-ready";
  private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  private static final long SECONDS = 300;

  private final Memo<KubeMap> tolerating = new Memo<>(DefaultTolerationSeconds::tolerating);

  @Override
  public KubeObject admit(ResourceType type, KubeObject pod, @Nullable KubeObject before) {
    if (!type.equals(ResourceType.PODS) || (before != null && before.spec() == pod.spec())) {
      return pod;
    }
    return pod.withSpec(tolerating.of(pod.spec()));
  }

  private static KubeMap tolerating(KubeMap spec) {
    KubeList tolerations = spec.listOrEmpty("tolerations");
    boolean notReady = false;
    boolean unreachable = false;
    for (KubeMap toleration : tolerations.maps()) {
      String effect = toleration.string("effect", "");
      if (effect.isEmpty() || effect.equals("NoExecute")) {
        String key = toleration.string("key", "");
        notReady |= key.isEmpty() || key.equals(NOT_READY);
        unreachable |= key.isEmpty() || key.equals(UNREACHABLE);
      }
    }
    KubeList all = tolerations;
    all = notReady ? all : all.plus(toleration(NOT_READY));
    all = unreachable ? all : all.plus(toleration(UNREACHABLE));
    return all == tolerations ? spec : spec.with("tolerations", all);
  }

  private static KubeMap toleration(String key) {
    return KubeMap.of(
        "key", key, "operator", "Exists", "effect", "NoExecute", "tolerationSeconds", SECONDS);
  }
}
