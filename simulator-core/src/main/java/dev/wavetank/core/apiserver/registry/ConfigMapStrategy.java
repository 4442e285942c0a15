package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import org.jspecify.annotations.Nullable;

/**
 * ConfigMaps: keys that can be file names, at most 1 MiB, and none of it changes once immutable.
 *
 * <p>Follows pkg/apis/core/validation/validation.go (v1.36).
 */
final class ConfigMapStrategy implements ResourceStrategy {

  static final int BYTES_MAX = 1024 * 1024;

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap data = object.root().mapOrEmpty("data");
    KubeMap binary = object.root().mapOrEmpty("binaryData");
    long bytes = keys(data, "data", binary, errors) + keys(binary, "binaryData", null, errors);
    if (bytes > BYTES_MAX) {
      errors.tooLong("", BYTES_MAX);
    }
  }

  /** Checks the keys; the size of the values. */
  static long keys(KubeMap data, String path, @Nullable KubeMap other, FieldErrors errors) {
    long bytes = 0;
    for (int i = 0; i < data.size(); i++) {
      String key = data.keyAt(i);
      errors.invalid(path + "[" + key + "]", key, Formats.configMapKey(key));
      if (other != null && other.has(key)) {
        errors.invalid(path + "[" + key + "]", key, "duplicate of key present in binaryData");
      }
      bytes += data.valueAt(i).toString().length();
    }
    return bytes;
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    immutable(next, old, errors, "data", "binaryData");
    validateCreate(next, errors);
  }

  static void immutable(KubeObject next, KubeObject old, FieldErrors errors, String... fields) {
    if (!old.root().bool("immutable", false)) {
      return;
    }
    String text = "field is immutable when `immutable` is set";
    if (!next.root().bool("immutable", false)) {
      errors.forbidden("immutable", text);
    }
    for (String field : fields) {
      if (!next.root().mapOrEmpty(field).equals(old.root().mapOrEmpty(field))) {
        errors.forbidden(field, text);
      }
    }
  }
}
