package dev.wavetank.scenarios.step;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/** Steps that are written as one. */
record StepList(ImmutableList<Step> steps) implements Step {

  @Override
  public String words() {
    return String.join(", ", steps.stream().map(Step::words).toList());
  }

  @Override
  public @Nullable String run(StepContext context) {
    for (Step step : steps) {
      String failure = step.run(context);
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }
}
