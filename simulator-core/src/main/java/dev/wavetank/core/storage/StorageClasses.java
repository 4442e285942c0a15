package dev.wavetank.core.storage;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.MarkedClasses;
import org.jspecify.annotations.Nullable;

/**
 * The StorageClasses of a cluster: which one claims get that say nothing of one.
 *
 * <p>Follows pkg/volume/util/storageclass.go (v1.36).
 */
public final class StorageClasses {

  /** The annotation that makes a class the default, when its value is {@code true}. */
  public static final String DEFAULT_ANNOTATION = "storageclass.kubernetes.io/is-default-class";

  private static final String BETA_ANNOTATION = "storageclass.beta.kubernetes.io/is-default-class";

  private StorageClasses() {}

  /** The newest class that is marked as default, of several the first by name; null for none. */
  public static @Nullable KubeObject defaultOf(Iterable<KubeObject> classes) {
    return MarkedClasses.newest(classes, DEFAULT_ANNOTATION, BETA_ANNOTATION);
  }
}
