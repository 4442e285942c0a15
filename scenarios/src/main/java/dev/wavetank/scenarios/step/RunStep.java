package dev.wavetank.scenarios.step;

import dev.wavetank.core.api.FileFields;
import org.jspecify.annotations.Nullable;

/** Lets time pass. */
record RunStep(String text, long nanos) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    return new RunStep(fields.text("run"), fields.nanos("run", 0));
  }

  @Override
  public String words() {
    return "let " + text + " pass";
  }

  @Override
  public @Nullable String run(StepContext context) {
    context.runUntil(() -> false, nanos);
    return null;
  }
}
