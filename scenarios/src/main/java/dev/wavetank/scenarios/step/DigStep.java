package dev.wavetank.scenarios.step;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import org.jspecify.annotations.Nullable;

/** Runs dig somewhere and shows what it prints. */
record DigStep(String from, String arguments, PrintedText expected) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    FileFields dig = fields.requiredMap("dig").known(ImmutableList.of("from", "name"));
    return new DigStep(Target.from(dig), dig.text("name"), PrintedText.read(fields));
  }

  @Override
  public String words() {
    return "dig " + arguments + " from " + from;
  }

  @Override
  public boolean expects() {
    return expected.output() != null || !expected.contains().isEmpty();
  }

  @Override
  public @Nullable String run(StepContext context) {
    String[] words =
        Splitter.on(' ').omitEmptyStrings().splitToList(arguments).toArray(new String[0]);
    String printed = context.cluster().dig(from, words);
    context.tellCommand("dig " + arguments + "   # in " + from, printed);
    return expected.unmet(printed);
  }
}
