package dev.wavetank.core.container.awk;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A variable of {@code awk}: a value, an array, or neither before it is used. */
class AwkCell {

  private Object value = AwkValues.NOTHING;
  private @Nullable Map<String, AwkCell> array;

  /** The caller's variable that a parameter stands for while neither has been used. */
  private @Nullable AwkCell origin;

  /** The parameter for an argument that is a variable of the caller. */
  static AwkCell parameter(AwkCell argument) {
    AwkCell cell = new AwkCell();
    cell.array = argument.array;
    cell.value = argument.value;
    cell.origin = argument;
    return cell;
  }

  static AwkCell of(Object value) {
    AwkCell cell = new AwkCell();
    cell.value = value;
    return cell;
  }

  Object value() {
    if (array != null) {
      throw new AwkFailure("can't use an array as a value");
    }
    return value;
  }

  void set(Object newValue) {
    if (array != null) {
      throw new AwkFailure("can't assign to an array");
    }
    value = newValue;
  }

  boolean isArray() {
    return array != null;
  }

  /** Its elements; it becomes an array if it was nothing before. */
  Map<String, AwkCell> array() {
    Map<String, AwkCell> known = array;
    if (known != null) {
      return known;
    }
    if (value != AwkValues.NOTHING) {
      throw new AwkFailure("can't use a value as an array");
    }
    Map<String, AwkCell> made = origin != null ? origin.array() : new LinkedHashMap<>();
    array = made;
    return made;
  }
}
