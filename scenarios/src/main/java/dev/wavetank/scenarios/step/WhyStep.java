package dev.wavetank.scenarios.step;

import dev.wavetank.core.api.FileFields;
import dev.wavetank.scenarios.expect.ObjectReference;
import org.jspecify.annotations.Nullable;

/** Tells how an object came to be as it is. */
record WhyStep(ObjectReference object, PrintedText expected) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    try {
      return new WhyStep(ObjectReference.parse(fields.text("why")), PrintedText.read(fields));
    } catch (IllegalArgumentException e) {
      throw fields.wrong("why", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String words() {
    return "why " + object;
  }

  @Override
  public @Nullable String run(StepContext context) {
    String printed = context.cluster().why(object.key(context.namespace()));
    context.tellCommand("wavetank why " + object, printed);
    return expected.unmet(printed);
  }
}
