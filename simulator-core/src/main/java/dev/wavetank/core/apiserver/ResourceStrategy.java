package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /**
   * The fields of an object that a custom resource does not know, such as {@code unknown field
   * "spec.app"}; of built-in kinds the schema tells them.
   */
  default List<String> unknownFields(KubeObject object) {
    return List.of();
  }

  /** Drops or sets what a client may not choose on create, status included. */
  default KubeObject prepareForCreate(KubeObject object) {
    return object;
  }

  /** Drops or restores what a client may not change by an update of the main resource. */
  default KubeObject prepareForUpdate(KubeObject next, KubeObject old) {
    return next;
  }

  /**
   * What is wrong with a name, in upstream's words.
   *
   * @param name the name, or a generateName whose last dash is masked
   */
  default List<String> nameErrors(String name) {
    return Formats.dnsSubdomain(name);
  }

  default void validateCreate(KubeObject object, FieldErrors errors) {}

  default void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {}

  /**
   * What the client of an accepted write is told, without {@code Warning: }.
   *
   * @param created whether the object is new
   */
  default List<String> warnings(KubeObject object, boolean created) {
    return List.of();
  }

  /** Whether the type has a status subresource: then the main resource cannot write status. */
  default boolean statusSubresource() {
    return false;
  }

  /** Drops or restores what a client may not change by an update of the status. */
  default KubeObject prepareForStatusUpdate(KubeObject next, KubeObject old) {
    return next;
  }

  default void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {}

  /**
   * Whether {@code metadata.generation} is kept: 1 on create, one more for a change that counts.
   */
  default boolean generation() {
    return statusSubresource();
  }

  /** Whether an update counts: by default when anything but metadata and status changed. */
  default boolean raisesGeneration(KubeObject next, KubeObject old) {
    return Metadata.changedBeyondMetadata(next, old);
  }

  /**
   * The grace period of a delete, in seconds: 0 marks the object and removes it at once, -1 is the
   * answer of a type that is not deleted gracefully.
   *
   * @param asked what the client asked for, or -1 when it said nothing
   */
  default long graceSeconds(KubeObject object, long asked) {
    return -1;
  }

  /** Whether the garbage collector cares for objects of the type and their dependents. */
  default boolean garbageCollected() {
    return true;
  }

  /** Whether a delete that names no propagation leaves the dependents alone. */
  default boolean orphansDependents() {
    return false;
  }

  /** A finalizer that every object gets when its deletion begins; empty for none. */
  default String deletionFinalizer() {
    return "";
  }

  /** Whether an update of an object that does not exist creates it. */
  default boolean createOnUpdate() {
    return false;
  }

  /** Whether an update without a resourceVersion overwrites whatever is stored. */
  default boolean unconditionalUpdate() {
    return true;
  }

  /** Restores what a write to the status may not change of the metadata. */
  default KubeMap statusMetadata(KubeMap next, KubeMap old) {
    return next;
  }

  /**
   * Takes what the object needs from the cluster's pools, before its validation.
   *
   * @param dryRun the answer looks the same, but nothing is taken
   * @throws dev.wavetank.core.api.ApiException when that is impossible; then nothing is taken
   */
  default KubeObject allocate(KubeObject object, boolean dryRun) {
    return object;
  }

  /**
   * Takes what an update needs in addition.
   *
   * @throws dev.wavetank.core.api.ApiException when that is impossible; then nothing is taken
   */
  default KubeObject reallocate(KubeObject next, KubeObject old, boolean dryRun) {
    return next;
  }

  /**
   * Gives back what one version of an object holds and another does not.
   *
   * @param object the version that goes
   * @param kept the version that stays, or null when the object goes as a whole
   */
  default void release(KubeObject object, @Nullable KubeObject kept) {}
}
