package dev.wavetank.scenarios.expect;

import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;

/** A field of an object: a text to equal, or a number or bound; {@code absent} for no value. */
record FieldValue(ObjectReference object, FieldPath path, String expected) implements Expectation {

  private static final String ABSENT = "absent";

  @Override
  public String words() {
    return object + " has " + path.text() + ": " + expected;
  }

  @Override
  public @Nullable String unmet(ExpectationContext context) {
    KubeObject found = context.cluster().api().find(object.key(context.namespace()));
    if (found == null) {
      return object + " does not exist";
    }
    Object value = path.in(found.root());
    if (holds(value)) {
      return null;
    }
    String is = value == null ? ABSENT : value.toString();
    return object + " has " + path.text() + ": " + is + ", expected " + expected;
  }

  private boolean holds(@Nullable Object value) {
    if (value == null) {
      return expected.equals(ABSENT);
    }
    if (value instanceof Long number) {
      try {
        return NumberBound.parse(expected).holds(number);
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return expected.equals(value.toString());
  }
}
