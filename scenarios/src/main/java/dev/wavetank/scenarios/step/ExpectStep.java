package dev.wavetank.scenarios.step;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.scenarios.expect.Expectation;
import dev.wavetank.scenarios.expect.Expectations;
import org.jspecify.annotations.Nullable;

/** States what must hold now. */
record ExpectStep(ImmutableList<Expectation> expectations) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    return new ExpectStep(Expectations.read(fields.requiredMap("expect").known(Expectations.KEYS)));
  }

  @Override
  public String words() {
    return WaitStep.words(expectations);
  }

  @Override
  public boolean expects() {
    return true;
  }

  @Override
  public @Nullable String run(StepContext context) {
    for (Expectation expectation : expectations) {
      String unmet = expectation.unmet(context);
      if (unmet != null) {
        return unmet;
      }
    }
    context.tell("ok: " + words());
    return null;
  }
}
