package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;

/**
 * CSIDrivers.
 *
 * <p>Follows pkg/apis/storage/v1/defaults.go and {@code ValidateCSIDriver} of
 * pkg/apis/storage/validation/validation.go (v1.36).
 */
final class CsiDriverStrategy implements ResourceStrategy {

  /** What is off unless it is set. */
  private static final ImmutableList<String> OFF =
      ImmutableList.of("podInfoOnMount", "storageCapacity", "requiresRepublish", "seLinuxMount");

  private static final ImmutableList<String> FS_GROUP_POLICIES =
      ImmutableList.of("File", "None", "ReadWriteOnceWithFSType");
  private static final ImmutableList<String> LIFECYCLE_MODES =
      ImmutableList.of("Ephemeral", "Persistent");

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap spec = object.spec();
    spec = spec.withDefault("attachRequired", true);
    for (String flag : OFF) {
      spec = spec.withDefault(flag, false);
    }
    spec = PodDefaults.unlessSet(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
    if (spec.listOrEmpty("volumeLifecycleModes").isEmpty()) {
      spec = spec.with("volumeLifecycleModes", KubeList.of("Persistent"));
    }
    return object.withSpec(spec);
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    errors.oneOf(object.spec(), "fsGroupPolicy", FS_GROUP_POLICIES, "spec");
    KubeList modes = object.spec().listOrEmpty("volumeLifecycleModes");
    for (Object mode : modes) {
      if (!LIFECYCLE_MODES.contains(mode.toString())) {
        errors.unsupported("spec.volumeLifecycleModes", mode, LIFECYCLE_MODES);
      }
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
    // The path is upstream's.
    Checks.immutable(
        next.spec().get("attachRequired"),
        old.spec().get("attachRequired"),
        "spec.attachedRequired",
        errors);
    Checks.immutable(
        next.spec().get("volumeLifecycleModes"),
        old.spec().get("volumeLifecycleModes"),
        "spec.volumeLifecycleModes",
        errors);
  }
}
