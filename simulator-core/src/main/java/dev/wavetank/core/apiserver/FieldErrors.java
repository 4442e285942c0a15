package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    add("FieldValueRequired", field, "Required value", detail);
  }

  /** The value is wrong; null is an absent one. */
  public void invalid(String field, @Nullable Object value, String detail) {
    add("FieldValueInvalid", field, "Invalid value: " + text(value), detail);
  }

  /** The value, which is not shown, is wrong. */
  public void invalid(String field, String detail) {
    add("FieldValueInvalid", field, "Invalid value", detail);
  }

  /** The value is of a wrong type; null is an absent one. */
  public void typeInvalid(String field, @Nullable Object value, String detail) {
    add("FieldValueTypeInvalid", field, "Invalid value: " + text(value), detail);
  }

  /** The value is wrong in a way that has words of its own: the detail is all that is said. */
  public void add(String reason, String field, String message) {
    causes.add(new Status.Cause(reason, message, field));
  }

  /** The value is wrong, once for each detail; none is no error. */
  public void invalid(String field, @Nullable Object value, List<String> details) {
    for (String detail : details) {
      invalid(field, value, detail);
    }
  }

  /** The value is wrong; its text is given, as upstream prints structures of its own. */
  public void invalidText(String field, String valueText, String detail) {
    add("FieldValueInvalid", field, "Invalid value: " + valueText, detail);
  }

  public void forbidden(String field, String detail) {
    add("FieldValueForbidden", field, "Forbidden", detail);
  }

  public void duplicate(String field, Object value) {
    add("FieldValueDuplicate", field, "Duplicate value: " + text(value), "");
  }

  /** The value occurs twice; its text is given, as upstream prints structures of its own. */
  public void duplicateText(String field, String valueText, String detail) {
    add("FieldValueDuplicate", field, "Duplicate value: " + valueText, detail);
  }

  public void notFound(String field, Object value) {
    add("FieldValueNotFound", field, "Not found: " + text(value), "");
  }

  /** The value has more than that many bytes. */
  public void tooLong(String field, int bytesMax) {
    add("FieldValueTooLong", field, "Too long", "may not be more than " + bytesMax + " bytes");
  }

  /** The list has more than that many elements. */
  public void tooMany(String field, int size, int sizeMax) {
    String items = sizeMax == 1 ? " item" : " items";
    add("FieldValueTooMany", field, "Too many: " + size, "must have at most " + sizeMax + items);
  }

  /** A field must be one of the words, and not empty. */
  public void oneOf(KubeMap map, String key, ImmutableList<String> words, String path) {
    String value = map.string(key, "");
    if (value.isEmpty()) {
      required(path + "." + key, "");
    } else if (!words.contains(value)) {
      unsupported(path + "." + key, value, words);
    }
  }

  /** The value is none of the supported ones, which are listed in that order. */
  public void unsupported(String field, @Nullable Object value, List<String> supported) {
    unsupportedText(field, text(value), supported);
  }

  /** As {@link #unsupported}, with the value's text given. */
  public void unsupportedText(String field, String valueText, List<String> supported) {
    StringBuilder detail = new StringBuilder();
    for (int i = 0; i < supported.size(); i++) {
      detail.append(i == 0 ? "supported values: " : ", ");
      detail.append('"').append(supported.get(i)).append('"');
    }
    add("FieldValueNotSupported", field, "Unsupported value: " + valueText, detail.toString());
  }

  private void add(String reason, String field, String text, String detail) {
    String message = detail.isEmpty() ? text : text + ": " + detail;
    causes.add(new Status.Cause(reason, message, field));
  }

  /** A value as the messages show it: maps with sorted keys, as Go prints them. */
  private static String text(@Nullable Object value) {
    if (value == null || value == KubeNull.NULL) {
      return "null";
    }
    return Json.write(value instanceof KubeMap map ? sorted(map) : value);
  }

  private static KubeMap sorted(KubeMap map) {
    List<String> keys = new ArrayList<>();
    map.keys().forEach(keys::add);
    keys.sort(null);
    KubeMap.Builder result = KubeMap.builder();
    for (String key : keys) {
      Object value = map.get(key);
      result.put(key, value instanceof KubeMap child ? sorted(child) : value);
    }
    return result.build();
  }

  /** The causes found so far, in order. */
  public List<Status.Cause> causes() {
    return ImmutableList.copyOf(causes);
  }

  /** Adds another object's errors behind these. */
  public void addAll(FieldErrors others) {
    causes.addAll(others.causes);
  }

  /** The refusal of an object of that type and name, code 422; equal texts are printed once. */
  public Status status(ResourceType type, String name) {
    Set<String> texts = new LinkedHashSet<>();
    for (Status.Cause cause : causes) {
      texts.add(cause.field() + ": " + cause.message());
    }
    String qualified = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    String joined = String.join(", ", texts);
    String text =
        qualified
            + " \""
            + name
            + "\" is invalid: "
            + (texts.size() > 1 ? "[" + joined + "]" : joined);
    return new Status(422, "Invalid", text, type, name, ImmutableList.copyOf(causes));
  }
}
