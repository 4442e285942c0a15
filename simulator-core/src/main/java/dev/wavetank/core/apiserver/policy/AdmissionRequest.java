package dev.wavetank.core.apiserver.policy;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.UserInfo;
import org.jspecify.annotations.Nullable;

/**
 * A write that policies and webhooks judge.
 *
 * @param operation {@code CREATE}, {@code UPDATE} or {@code DELETE}
 * @param object as it would be stored; null for a delete
 * @param before null for a create
 */
public record AdmissionRequest(
    ResourceType type,
    String operation,
    @Nullable KubeObject object,
    @Nullable KubeObject before,
    boolean dryRun) {

  private KubeObject any() {
    KubeObject found = object != null ? object : before;
    return found == null ? KubeObject.of(KubeMap.EMPTY) : found;
  }

  public String name() {
    return any().name();
  }

  public String namespace() {
    return type.namespaced() ? any().namespace() : "";
  }

  /** The same request, its objects in another of the type's versions. */
  public AdmissionRequest in(ResourceType version) {
    return new AdmissionRequest(
        version,
        operation,
        object == null ? null : version.view(object),
        before == null ? null : version.view(before),
        dryRun);
  }

  /** The variable {@code request}. */
  public KubeMap tree(UserInfo user) {
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
