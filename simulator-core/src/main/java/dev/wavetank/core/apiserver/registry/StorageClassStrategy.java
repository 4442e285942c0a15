package dev.wavetank.core.apiserver.registry;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;

/**
 * StorageClasses: what volumes they make never changes.
 *
 * <p>Follows pkg/apis/storage/validation/validation.go and pkg/apis/storage/v1/defaults.go (v1.36).
 */
final class StorageClassStrategy implements ResourceStrategy {

  private static final ImmutableList<String> RECLAIM_POLICIES =
      ImmutableList.of("Delete", "Retain");
  private static final ImmutableList<String> BINDING_MODES =
      ImmutableList.of("Immediate", "WaitForFirstConsumer");
  private static final ImmutableList<String> IMMUTABLE =
      ImmutableList.of("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode");

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap root = object.root();
    root = root.withDefault("reclaimPolicy", "Delete");
    return KubeObject.of(root.withDefault("volumeBindingMode", "Immediate"));
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    String provisioner = object.root().string("provisioner", "");
    if (provisioner.isEmpty()) {
      errors.required("provisioner", "");
    } else {
      Checks.qualifiedName(Ascii.toLowerCase(provisioner), "provisioner", errors);
    }
    String policy = object.root().string("reclaimPolicy", "");
    if (!policy.isEmpty() && !RECLAIM_POLICIES.contains(policy)) {
      errors.unsupported("reclaimPolicy", policy, RECLAIM_POLICIES);
    }
    String mode = object.root().string("volumeBindingMode", "");
    if (!BINDING_MODES.contains(mode)) {
      errors.unsupported("volumeBindingMode", mode, BINDING_MODES);
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
    for (String field : IMMUTABLE) {
      Checks.immutable(next.root().get(field), old.root().get(field), field, errors);
    }
  }
}
