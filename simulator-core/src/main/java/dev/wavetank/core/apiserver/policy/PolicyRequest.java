package dev.wavetank.core.apiserver.policy;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.UserInfo;
import org.jspecify.annotations.Nullable;

/**
 * A write that policies judge.
 *
 * @param operation {@code CREATE}, {@code UPDATE} or {@code DELETE}
 * @param object as it would be stored; null for a delete
 * @param before null for a create
 */
record PolicyRequest(
    ResourceType type,
    String operation,
    @Nullable KubeObject object,
    @Nullable KubeObject before,
    boolean dryRun) {

  private KubeObject any() {
    KubeObject found = object != null ? object : before;
    return found == null ? KubeObject.of(KubeMap.EMPTY) : found;
  }

  String name() {
    return any().name();
  }

  String namespace() {
    return type.namespaced() ? any().namespace() : "";
  }

  /** The variable {@code request}. */
  KubeMap tree(UserInfo user) {
    KubeMap kind =
        KubeMap.of("group", type.group(), "version", type.version(), "kind", type.kind());
    KubeMap resource =
        KubeMap.of("group", type.group(), "version", type.version(), "resource", type.plural());
    return KubeMap.builder()
        .put("kind", kind)
        .put("resource", resource)
        .put("subResource", "")
        .put("requestKind", kind)
        .put("requestResource", resource)
        .put("requestSubResource", "")
        .put("name", name())
        .put("namespace", namespace())
        .put("operation", operation)
        .put("userInfo", user.tree())
        .put("dryRun", dryRun)
        .build();
  }
}
