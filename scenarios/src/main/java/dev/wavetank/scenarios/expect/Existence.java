package dev.wavetank.scenarios.expect;

import org.jspecify.annotations.Nullable;

/** Whether an object exists. */
record Existence(ObjectReference object, boolean wanted) implements Expectation {

  @Override
  public String words() {
    return object + (wanted ? " exists" : " does not exist");
  }

  @Override
  public @Nullable String unmet(ExpectationContext context) {
    boolean exists = context.cluster().api().find(object.key(context.namespace())) != null;
    return exists == wanted ? null : object + (exists ? " exists" : " does not exist");
  }
}
