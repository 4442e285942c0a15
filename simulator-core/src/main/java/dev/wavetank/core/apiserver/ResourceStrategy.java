package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;

/**
 * What the API server does with the objects of one type before it stores them: defaults, what a
 * client may not set, validation, graceful deletion. Objects come in complete trees and go out as
 * new ones; nothing is stored here.
 *
 * <p>Follows the strategies of pkg/registry and staging/src/k8s.io/apiserver/pkg/registry/rest
 * (v1.36).
 */
public interface ResourceStrategy {

  /** A type without rules of its own. */
  ResourceStrategy PLAIN = new ResourceStrategy() {};

  /** Fills in the defaults of the version. */
  default KubeObject defaults(KubeObject object) {
    return object;
  }

  /** Drops or sets what a client may not choose on create, status included. */
  default KubeObject prepareForCreate(KubeObject object) {
    return object;
  }

  /** Drops or restores what a client may not change by an update of the main resource. */
  default KubeObject prepareForUpdate(KubeObject next, KubeObject old) {
    return next;
  }

  default void validateCreate(KubeObject object, FieldErrors errors) {}

  default void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {}

  /** Whether the type has a status subresource: then the main resource cannot write status. */
  default boolean statusSubresource() {
    return false;
  }

  /** Whether {@code metadata.generation} counts changes of this type's spec. */
  default boolean generation() {
    return statusSubresource();
  }

  /**
   * The grace period of a delete, in seconds; 0 removes the object at once.
   *
   * @param asked what the client asked for, or -1 when it said nothing
   */
  default long graceSeconds(KubeObject object, long asked) {
    return 0;
  }

  /** Called after the object was committed for the first time, to keep allocations. */
  default KubeObject allocate(KubeObject object, boolean dryRun) {
    return object;
  }

  /** Adjusts allocations on update, before validation of what was allocated. */
  default KubeObject reallocate(KubeObject next, KubeObject old, boolean dryRun) {
    return next;
  }

  /** Gives back what {@link #allocate} took. */
  default void release(KubeObject object) {}
}
