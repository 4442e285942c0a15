package dev.wavetank.scenarios.step;

import com.google.common.base.Splitter;
import dev.wavetank.core.api.FileFields;
import org.jspecify.annotations.Nullable;

/** Words of the story. */
record SayStep(String text) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    return new SayStep(fields.text("say"));
  }

  @Override
  public String words() {
    return "say";
  }

  @Override
  public @Nullable String run(StepContext context) {
    for (String line : Splitter.on('\n').split(text.stripTrailing())) {
      context.tell(line);
    }
    return null;
  }
}
