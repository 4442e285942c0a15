package dev.wavetank.core.controller.volumeprotection;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeObject;

/**
 * One finalizer of an object.
 *
 * <p>Follows pkg/controller/volume/protectionutil/utils.go (v1.36).
 */
final class Finalizers {

  private Finalizers() {}

  /** Whether the object waits for nothing but that somebody takes the finalizer off. */
  static boolean isDeletionCandidate(KubeObject object, String finalizer) {
    return object.terminating() && object.finalizers().contains(finalizer);
  }

  /** Whether the object was created before the finalizer was usual. */
  static boolean needToAdd(KubeObject object, String finalizer) {
    return !object.terminating() && !object.finalizers().contains(finalizer);
  }

  static KubeObject with(KubeObject object, String finalizer) {
    return set(object, object.finalizers().plus(finalizer));
  }

  static KubeObject without(KubeObject object, String finalizer) {
    KubeList all = object.finalizers();
    KubeList left = all.without(all.indexOf(finalizer));
    return set(object, left);
  }

  private static KubeObject set(KubeObject object, KubeList finalizers) {
    return object.withMetadata(
        object.metadata().with("finalizers", finalizers.isEmpty() ? null : finalizers));
  }
}
