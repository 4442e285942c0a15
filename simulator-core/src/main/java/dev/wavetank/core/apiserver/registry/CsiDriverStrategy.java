package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.ResourceStrategy;

/**
 * CSIDrivers.
 *
 * <p>Follows pkg/apis/storage/v1/defaults.go (v1.36).
 */
final class CsiDriverStrategy implements ResourceStrategy {

  /** What is off unless it is set. */
  private static final ImmutableList<String> OFF =
      ImmutableList.of("podInfoOnMount", "storageCapacity", "requiresRepublish", "seLinuxMount");

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap spec = object.spec();
    spec = spec.has("attachRequired") ? spec : spec.with("attachRequired", true);
    for (String flag : OFF) {
      spec = spec.has(flag) ? spec : spec.with(flag, false);
    }
    spec = PodDefaults.unlessSet(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
    if (spec.listOrEmpty("volumeLifecycleModes").isEmpty()) {
      spec = spec.with("volumeLifecycleModes", KubeList.of("Persistent"));
    }
    return object.withSpec(spec);
  }
}
