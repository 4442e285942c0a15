package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.util.Objects;

/**
 * ControllerRevisions: what a controller made its pods of, which never changes.
 *
 * <p>Follows pkg/registry/apps/controllerrevision/strategy.go and
 * pkg/apis/apps/validation/validation.go (v1.36).
 */
final class ControllerRevisionStrategy implements ResourceStrategy {

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    revision(object, errors);
    Object data = object.root().get("data");
    if (data == null) {
      errors.required("data", "data is mandatory");
    } else if (!(data instanceof KubeMap)) {
      errors.required("data", "data must be a valid JSON object");
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    revision(next, errors);
    Object data = next.root().get("data");
    if (!Objects.equals(data, old.root().get("data"))) {
      String text = data == null ? "null" : Json.write(data);
      errors.invalidText("data", text, "field is immutable");
    }
  }

  private static void revision(KubeObject object, FieldErrors errors) {
    long revision = object.root().number("revision", 0);
    if (revision < 0) {
      errors.invalid("revision", revision, Checks.NEGATIVE);
    }
  }
}
