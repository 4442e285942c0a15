package dev.wavetank.core.apiserver.admission;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Admission;
import org.jspecify.annotations.Nullable;

/**
 * A new node takes no pods until the node controller has found it ready.
 *
 * <p>Follows plugin/pkg/admission/nodetaint/admission.go (v1.36).
 */
public final class TaintNodesByCondition implements Admission {

  private static final String KEY = "node.kubernetes.io/not-ready";
  private static final String EFFECT = "NoSchedule";

  @Override
  public KubeObject admit(ResourceType type, KubeObject node, @Nullable KubeObject before) {
    if (before != null || !type.equals(ResourceType.NODES)) {
      return node;
    }
    KubeList taints = node.spec().listOrEmpty("taints");
    for (KubeMap taint : taints.maps()) {
      if (KEY.equals(taint.get("key")) && EFFECT.equals(taint.get("effect"))) {
        return node;
      }
    }
    KubeMap taint = KubeMap.of("key", KEY, "effect", EFFECT);
    return node.withSpec(node.spec().with("taints", taints.plus(taint)));
  }
}
