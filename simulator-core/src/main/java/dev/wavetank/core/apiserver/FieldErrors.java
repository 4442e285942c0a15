package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * The validation errors of one object, in the order found, with the wording of upstream's field
 * errors.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go (v1.36).
 */
public final class FieldErrors {

  private final List<Status.Cause> causes = new ArrayList<>();

  public boolean isEmpty() {
    return causes.isEmpty();
  }

  public int size() {
    return causes.size();
  }

  public void required(String field, String detail) {
    String text = "Required value" + (detail.isEmpty() ? "" : ": " + detail);
    causes.add(new Status.Cause("FieldValueRequired", text, field));
  }

  public void invalid(String field, Object value, String detail) {
    String text = "Invalid value: " + Json.write(value) + (detail.isEmpty() ? "" : ": " + detail);
    causes.add(new Status.Cause("FieldValueInvalid", text, field));
  }

  public void forbidden(String field, String detail) {
    String text = "Forbidden" + (detail.isEmpty() ? "" : ": " + detail);
    causes.add(new Status.Cause("FieldValueForbidden", text, field));
  }

  public void duplicate(String field, Object value) {
    causes.add(
        new Status.Cause("FieldValueDuplicate", "Duplicate value: " + Json.write(value), field));
  }

  public void notFound(String field, Object value) {
    causes.add(new Status.Cause("FieldValueNotFound", "Not found: " + Json.write(value), field));
  }

  /** The value is none of the supported ones, which are listed in that order. */
  public void unsupported(String field, Object value, List<String> supported) {
    StringBuilder text = new StringBuilder("Unsupported value: ").append(Json.write(value));
    text.append(": supported values: ");
    for (int i = 0; i < supported.size(); i++) {
      text.append(i == 0 ? "" : ", ").append('"').append(supported.get(i)).append('"');
    }
    causes.add(new Status.Cause("FieldValueNotSupported", text.toString(), field));
  }

  /** The refusal of an object of that type and name, code 422. */
  public Status status(ResourceType type, String name) {
    StringBuilder text = new StringBuilder();
    String qualified = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    text.append(qualified).append(" \"").append(name).append("\" is invalid: ");
    if (causes.size() > 1) {
      text.append('[');
    }
    for (int i = 0; i < causes.size(); i++) {
      Status.Cause cause = causes.get(i);
      text.append(i == 0 ? "" : ", ").append(cause.field()).append(": ").append(cause.message());
    }
    if (causes.size() > 1) {
      text.append(']');
    }
    return new Status(422, "Invalid", text.toString(), type, name, ImmutableList.copyOf(causes));
  }
}
