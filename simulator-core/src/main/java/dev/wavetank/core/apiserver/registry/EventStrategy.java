package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.util.List;

/**
 * Events, which are about something in their own namespace.
 *
 * <p>Follows pkg/apis/core/validation/events.go (v1.36).
 */
final class EventStrategy implements ResourceStrategy {

  private static final int REASON_LENGTH_MAX = 128;
  private static final int NOTE_LENGTH_MAX = 1024;

  @Override
  public boolean garbageCollected() {
    return false;
  }

  @Override
  public boolean createOnUpdate() {
    return true;
  }

  @Override
  public List<String> nameErrors(String name) {
    return ImmutableList.of();
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap root = object.root();
    String about = root.mapOrEmpty("involvedObject").string("namespace", "");
    String namespace = object.namespace();
    boolean fits;
    if (root.string("eventTime", "").isEmpty()) {
      fits = about.isEmpty() ? namespace.equals("default") : about.equals(namespace);
    } else {
      fits = !about.isEmpty() || namespace.equals("default") || namespace.equals("kube-system");
      newStyle(root, errors);
    }
    if (!fits) {
      errors.invalid("involvedObject.namespace", about, "does not match event.namespace");
    }
  }

  private static void newStyle(KubeMap root, FieldErrors errors) {
    String controller = root.string("reportingComponent", "");
    if (controller.isEmpty()) {
      errors.required("reportingComponent", "");
    }
    errors.invalid("reportingComponent", controller, Formats.qualifiedName(controller));
    limited(root, "reportingInstance", REASON_LENGTH_MAX, errors);
    limited(root, "action", REASON_LENGTH_MAX, errors);
    limited(root, "reason", REASON_LENGTH_MAX, errors);
    if (root.string("message", "").length() > NOTE_LENGTH_MAX) {
      errors.invalid("message", "", "can have at most " + NOTE_LENGTH_MAX + " characters");
    }
  }

  private static void limited(KubeMap root, String field, int lengthMax, FieldErrors errors) {
    String value = root.string(field, "");
    if (value.isEmpty()) {
      errors.required(field, "");
    } else if (value.length() > lengthMax) {
      errors.invalid(field, "", "can have at most " + lengthMax + " characters");
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
  }
}
