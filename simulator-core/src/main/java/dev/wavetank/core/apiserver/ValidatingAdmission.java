package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import org.jspecify.annotations.Nullable;

/** A step that changes nothing: it only refuses, behind validation. */
public interface ValidatingAdmission extends Admission {

  @Override
  default KubeObject admit(ResourceType type, KubeObject object, @Nullable KubeObject before) {
    return object;
  }
}
