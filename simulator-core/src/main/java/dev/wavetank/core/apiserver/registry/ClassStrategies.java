package dev.wavetank.core.apiserver.registry;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * The strategies of classes that administrators make once: RuntimeClasses and
 * VolumeAttributesClasses. What one stands for never changes.
 *
 * <p>Follows pkg/apis/node/validation/validation.go and pkg/apis/storage/validation/validation.go
 * (v1.36); the amounts of an overhead are not checked.
 */
final class ClassStrategies {

  private ClassStrategies() {}

  static ResourceStrategy ofRuntimes() {
    return new ResourceStrategy() {
      @Override
      public void validateCreate(KubeObject object, FieldErrors errors) {
        String handler = object.root().string("handler", "");
        if (handler.isEmpty()) {
          errors.required("handler", "");
        } else {
          Checks.dnsLabel(handler, "handler", errors);
        }
        scheduling(object.root().mapOrEmpty("scheduling"), errors);
      }

      @Override
      public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
        Checks.immutable(next.root().get("handler"), old.root().get("handler"), "handler", errors);
      }
    };
  }

  private static void scheduling(KubeMap scheduling, FieldErrors errors) {
    Formats.labels(scheduling.mapOrEmpty("nodeSelector"), "scheduling.nodeSelector", errors);
    KubeList tolerations = scheduling.listOrEmpty("tolerations");
    Set<KubeMap> seen = new LinkedHashSet<>();
    for (int i = 0; i < tolerations.size(); i++) {
      if (!seen.add(tolerations.map(i).without("tolerationSeconds"))) {
        errors.duplicate("scheduling.tolerations[" + i + "]", tolerations.map(i));
      }
    }
  }

  static ResourceStrategy ofVolumeAttributes() {
    return new ResourceStrategy() {
      @Override
      public void validateCreate(KubeObject object, FieldErrors errors) {
        String driver = object.root().string("driverName", "");
        if (driver.isEmpty()) {
          errors.required("driverName", "");
        } else {
          Checks.qualifiedName(Ascii.toLowerCase(driver), "driverName", errors);
        }
        if (object.root().mapOrEmpty("parameters").isEmpty()) {
          errors.required("parameters", "must contain at least one key/value pair");
        }
      }

      @Override
      public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
        for (String field : ImmutableList.of("driverName", "parameters")) {
          if (!Objects.equals(next.root().get(field), old.root().get(field))) {
            errors.forbidden(field, "updates to " + field + " are forbidden.");
          }
        }
        validateCreate(next, errors);
      }
    };
  }
}
