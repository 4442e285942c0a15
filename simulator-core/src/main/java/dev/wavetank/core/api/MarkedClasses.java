package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/**
 * Classes of a kind, such as StorageClasses, of which one is marked to be taken where none is
 * named.
 *
 * <p>Follows pkg/volume/util/storageclass.go and
 * plugin/pkg/admission/network/defaultingressclass/admission.go (v1.36).
 */
public final class MarkedClasses {

  private MarkedClasses() {}

  /**
   * The newest class that is marked as default, of several the first by name; null for none.
   *
   * @param annotations of which one makes a class the default, when its value is {@code true}
   */
  public static @Nullable KubeObject newest(Iterable<KubeObject> classes, String... annotations) {
    KubeObject chosen = null;
    for (KubeObject one : classes) {
      if (marked(one, annotations) && (chosen == null || before(one, chosen))) {
        chosen = one;
      }
    }
    return chosen;
  }

  private static boolean marked(KubeObject one, String... annotations) {
    for (String annotation : annotations) {
      if ("true".equals(one.annotations().get(annotation))) {
        return true;
      }
    }
    return false;
  }

  private static boolean before(KubeObject one, KubeObject other) {
    int newer = other.creationTimestamp().compareTo(one.creationTimestamp());
    return newer < 0 || (newer == 0 && one.name().compareTo(other.name()) < 0);
  }
}
