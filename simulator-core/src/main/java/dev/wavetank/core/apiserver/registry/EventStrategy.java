package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.util.List;
import java.util.Objects;

/**
 * Events, which are about something in their own namespace. Those of {@code events.k8s.io} are
 * checked more strictly: they have none of the older fields, and little of them changes.
 *
 * <p>Follows pkg/apis/core/validation/events.go (v1.36).
 */
final class EventStrategy implements ResourceStrategy {

  private static final int REASON_LENGTH_MAX = 128;
  private static final int NOTE_LENGTH_MAX = 1024;
  private static final ImmutableList<String> IMMUTABLE =
      ImmutableList.of(
          "involvedObject",
          "reason",
          "message",
          "source",
          "firstTimestamp",
          "lastTimestamp",
          "count",
          "type",
          "eventTime",
          "action",
          "related",
          "reportingComponent",
          "reportingInstance");

  private final boolean strict;
  private final String controllerField;

  /**
   * The strategy of one version.
   *
   * @param strict whether it is that of {@code events.k8s.io}
   */
  EventStrategy(boolean strict) {
    this.strict = strict;
    this.controllerField = strict ? "reportingController" : "reportingComponent";
  }

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
    KubeMap root = ResourceType.EVENTS.view(object).root();
    common(object, root, errors);
    if (strict) {
      series(root, errors);
      strict(root, errors);
    }
  }

  private static void strict(KubeMap root, FieldErrors errors) {
    if (root.string("eventTime", "").isEmpty()) {
      errors.required("eventTime", "");
    }
    String type = root.string("type", "");
    if (!type.equals("Normal") && !type.equals("Warning")) {
      errors.invalid("type", "", "has invalid value: " + type);
    }
    for (String field : ImmutableList.of("firstTimestamp", "lastTimestamp", "count", "source")) {
      Object value = root.get(field);
      boolean unset =
          value == null
              || value == KubeNull.NULL
              || value.equals(0L)
              || value.equals(KubeMap.EMPTY);
      if (!unset) {
        errors.invalid(field, "", "needs to be unset");
      }
    }
  }

  private static void series(KubeMap root, FieldErrors errors) {
    KubeMap series = root.map("series");
    if (series != null && series.number("count", 0) < 2) {
      errors.invalid("series.count", "", "should be at least 2");
    }
    if (series != null && series.string("lastObservedTime", "").isEmpty()) {
      errors.required("series.lastObservedTime", "");
    }
  }

  private void common(KubeObject object, KubeMap root, FieldErrors errors) {
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

  private void newStyle(KubeMap root, FieldErrors errors) {
    String controller = root.string("reportingComponent", "");
    if (controller.isEmpty()) {
      errors.required(controllerField, "");
    }
    errors.invalid(controllerField, controller, Formats.qualifiedName(controller));
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
    KubeMap root = ResourceType.EVENTS.view(next).root();
    common(next, root, errors);
    if (!strict) {
      return;
    }
    KubeMap before = ResourceType.EVENTS.view(old).root();
    if (!Objects.equals(root.get("series"), before.get("series"))) {
      series(root, errors);
    }
    for (String field : IMMUTABLE) {
      if (!Objects.equals(root.get(field), before.get(field))) {
        boolean controller = field.equals("reportingComponent");
        errors.invalid(controller ? controllerField : field, root.get(field), "field is immutable");
      }
    }
  }
}
