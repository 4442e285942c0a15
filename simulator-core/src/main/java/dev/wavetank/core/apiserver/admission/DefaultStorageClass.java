package dev.wavetank.core.apiserver.admission;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.storage.PersistentVolumes;
import dev.wavetank.core.storage.StorageClasses;
import org.jspecify.annotations.Nullable;

/**
 * A new PersistentVolumeClaim that says nothing of a StorageClass gets the default one, if there is
 * one.
 *
 * <p>Follows plugin/pkg/admission/storage/storageclass/setdefault/admission.go (v1.36).
 */
public final class DefaultStorageClass implements Admission {

  private final ApiServer server;

  /** The step of a server, in which it finds the classes. */
  public DefaultStorageClass(ApiServer server) {
    this.server = server;
  }

  @Override
  public KubeObject admit(ResourceType type, KubeObject object, @Nullable KubeObject before) {
    if (before != null
        || !type.equals(ResourceType.PERSISTENT_VOLUME_CLAIMS)
        || PersistentVolumes.hasStorageClass(object)) {
      return object;
    }
    KubeObject found = StorageClasses.defaultOf(server.head().list(ResourceType.STORAGE_CLASSES));
    return found == null
        ? object
        : object.withSpec(object.spec().with("storageClassName", found.name()));
  }
}
