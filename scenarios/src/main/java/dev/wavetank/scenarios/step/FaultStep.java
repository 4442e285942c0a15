package dev.wavetank.scenarios.step;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.scenarios.fault.Fault;
import dev.wavetank.scenarios.fault.Faults;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets something go wrong. */
record FaultStep(ImmutableList<Fault> faults) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    return new FaultStep(
        Faults.read(
            fields.requiredMap("fault"),
            (named, key, path) -> new String(files.read(named, key, path), UTF_8)));
  }

  @Override
  public String words() {
    return "fault: " + String.join(", ", faults.stream().map(Fault::words).toList());
  }

  @Override
  public @Nullable String run(StepContext context) {
    for (Fault fault : faults) {
      context.tell("fault: " + fault.words());
      Optional<String> failure = fault.inject(context.cluster(), context.namespace());
      if (failure.isPresent()) {
        return failure.get();
      }
    }
    return null;
  }
}
