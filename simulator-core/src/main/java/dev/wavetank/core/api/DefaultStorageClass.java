package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/**
 * The StorageClass of claims that say nothing of one.
 *
 * <p>Follows pkg/volume/util/storageclass.go (v1.36).
 */
public final class DefaultStorageClass {

  /** The annotation that makes a class the default, when its value is {@code true}. */
  public static final String ANNOTATION = "storageclass.kubernetes.io/is-default-class";

  private static final String BETA_ANNOTATION = "storageclass.beta.kubernetes.io/is-default-class";

  private DefaultStorageClass() {}

  private static boolean marked(KubeObject storageClass) {
    KubeMap annotations = storageClass.annotations();
    return "true".equals(annotations.get(ANNOTATION))
        || "true".equals(annotations.get(BETA_ANNOTATION));
  }

  /** The newest class that is marked as default, of several the first by name; null for none. */
  public static @Nullable KubeObject of(Iterable<KubeObject> classes) {
    KubeObject chosen = null;
    for (KubeObject one : classes) {
      if (marked(one) && (chosen == null || before(one, chosen))) {
        chosen = one;
      }
    }
    return chosen;
  }

  private static boolean before(KubeObject one, KubeObject other) {
    int newer = other.creationTimestamp().compareTo(one.creationTimestamp());
    return newer < 0 || (newer == 0 && one.name().compareTo(other.name()) < 0);
  }
}
