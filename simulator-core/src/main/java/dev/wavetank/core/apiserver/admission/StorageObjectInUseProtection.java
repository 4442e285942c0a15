package dev.wavetank.core.apiserver.admission;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Admission;
import org.jspecify.annotations.Nullable;

/**
 * New volumes and claims get a finalizer, so that none goes while it is in use.
 *
 * <p>Follows plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go (v1.36).
 */
public final class StorageObjectInUseProtection implements Admission {

  /** The finalizer of claims. */
  public static final String CLAIM = "kubernetes.io/pvc-protection";

  /** The finalizer of volumes. */
  public static final String VOLUME = "kubernetes.io/pv-protection";

  @Override
  public KubeObject admit(ResourceType type, KubeObject object, @Nullable KubeObject before) {
    boolean claim = type.equals(ResourceType.PERSISTENT_VOLUME_CLAIMS);
    if (before != null || (!claim && !type.equals(ResourceType.PERSISTENT_VOLUMES))) {
      return object;
    }
    KubeList finalizers = object.finalizers();
    String finalizer = claim ? CLAIM : VOLUME;
    return finalizers.contains(finalizer)
        ? object
        : object.withMetadata(object.metadata().with("finalizers", finalizers.plus(finalizer)));
  }
}
