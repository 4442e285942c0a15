package dev.wavetank.scenarios.step;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.scenarios.expect.Expectation;
import dev.wavetank.scenarios.expect.Expectations;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets time pass until something holds. */
record WaitStep(ImmutableList<Expectation> expectations, long timeoutNanos) implements Step {

  private static final long TIMEOUT_NANOS = 300_000_000_000L;

  static Step read(FileFields fields, StepFiles files) {
    FileFields wait = fields.requiredMap("wait-for");
    List<String> known = new ArrayList<>(Expectations.KEYS);
    known.add("timeout");
    wait.known(known);
    return new WaitStep(Expectations.read(wait), wait.nanos("timeout", TIMEOUT_NANOS));
  }

  static String words(ImmutableList<Expectation> expectations) {
    List<String> words = new ArrayList<>();
    expectations.forEach(expectation -> words.add(expectation.words()));
    return String.join(", ", words);
  }

  @Override
  public String words() {
    return words(expectations);
  }

  @Override
  public boolean expects() {
    return true;
  }

  @Override
  public @Nullable String run(StepContext context) {
    long began = context.cluster().simulation().now();
    long revision[] = {-1};
    boolean[] holds = new boolean[1];
    context.runUntil(
        () -> {
          // Only a commit can change what expectations look at; traffic is looked at anyway.
          long newest = context.cluster().api().revision();
          if (newest != revision[0] || expectations.stream().anyMatch(WaitStep::volatileOne)) {
            revision[0] = newest;
            holds[0] = unmet(context) == null;
          }
          return holds[0];
        },
        timeoutNanos);
    String unmet = unmet(context);
    long took = context.cluster().simulation().now() - began;
    if (unmet != null) {
      return unmet + " after " + Times.text(took);
    }
    context.tell("after " + Times.text(took) + ": " + words());
    return null;
  }

  private static boolean volatileOne(Expectation expectation) {
    return !expectation.ofObjectsOnly();
  }

  private @Nullable String unmet(StepContext context) {
    for (Expectation expectation : expectations) {
      String unmet = expectation.unmet(context);
      if (unmet != null) {
        return unmet;
      }
    }
    return null;
  }
}
