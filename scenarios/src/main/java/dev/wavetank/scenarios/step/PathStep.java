package dev.wavetank.scenarios.step;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import org.jspecify.annotations.Nullable;

/** Shows each step of a connection's way. */
record PathStep(Target target, PrintedText expected) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    FileFields path = fields.requiredMap("path").known(ImmutableList.of("from", "to"));
    return new PathStep(Target.read(path), PrintedText.read(fields));
  }

  @Override
  public String words() {
    return "path to " + target;
  }

  @Override
  public @Nullable String run(StepContext context) {
    String printed = context.cluster().path(target.from(), target.host(), target.port()).text();
    context.tellCommand(
        "wavetank path --from " + target.from() + " --to " + target.host() + ":" + target.port(),
        printed);
    return expected.unmet(printed);
  }
}
