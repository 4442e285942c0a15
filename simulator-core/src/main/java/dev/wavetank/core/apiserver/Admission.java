package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * One step of the ordered list that every write passes twice: between defaulting and validation it
 * may change the object or refuse it, and behind validation only refuse it.
 */
public interface Admission {

  /**
   * Looks at a write.
   *
   * @param before null on create
   * @return the object to go on with
   * @throws ApiException when the write is refused
   */
  KubeObject admit(ResourceType type, KubeObject object, @Nullable KubeObject before);

  /** Looks at a write as the above; steps that may be passed twice are told of the round. */
  default KubeObject admit(
      ResourceType type, KubeObject object, @Nullable KubeObject before, AdmissionRound round) {
    return admit(type, object, before);
  }

  /**
   * Looks at a write once more, when it is valid: the last that may refuse it.
   *
   * @param before null on create
   * @param dryRun nothing may be counted
   * @throws ApiException when the write is refused
   */
  default void validate(
      ResourceType type, KubeObject object, @Nullable KubeObject before, boolean dryRun) {}

  /**
   * Looks at a delete.
   *
   * @throws ApiException when the delete is refused
   */
  default void admitDelete(ResourceType type, KubeObject object) {}

  /** Looks at a delete as the above; nothing may be done outside for a dry run. */
  default void admitDelete(ResourceType type, KubeObject object, boolean dryRun) {
    admitDelete(type, object);
  }
}
