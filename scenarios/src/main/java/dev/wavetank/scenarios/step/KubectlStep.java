package dev.wavetank.scenarios.step;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.kubectl.Output;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a kubectl command line and shows what it prints. */
record KubectlStep(String commandLine, String stdin, long exitCode, PrintedText expected)
    implements Step {

  static final ImmutableList<String> MORE = ImmutableList.of("output", "contains", "exit", "stdin");

  private static final int EXIT_MAX = 255;
  private static final long REPLICAS_MAX = Integer.MAX_VALUE;

  /** A reader of steps that take the rest of a kubectl command line. */
  static Steps.Reader prefixed(String key, String verb) {
    return (fields, files) ->
        new KubectlStep(
            (verb + " " + fields.text(key)).strip(),
            fields.text("stdin", ""),
            fields.number("exit", 0, 0, EXIT_MAX),
            PrintedText.read(fields));
  }

  static Step scale(FileFields fields, StepFiles files) {
    FileFields sizes = fields.requiredMap("scale");
    List<Step> steps = new ArrayList<>();
    for (String object : sizes.keys()) {
      long replicas = sizes.number(object, 0, 0, REPLICAS_MAX);
      steps.add(
          new KubectlStep(
              "scale " + object + " --replicas=" + replicas, "", 0, PrintedText.read(fields)));
    }
    return several(fields, "scale", steps);
  }

  static Step setImage(FileFields fields, StepFiles files) {
    FileFields objects = fields.requiredMap("set-image");
    List<Step> steps = new ArrayList<>();
    for (String object : objects.keys()) {
      FileFields images = objects.requiredMap(object);
      List<String> words = new ArrayList<>();
      for (String container : images.keys()) {
        words.add(container + "=" + images.text(container));
      }
      steps.add(
          new KubectlStep(
              "set image " + object + " " + Joiner.on(' ').join(words),
              "",
              0,
              PrintedText.read(fields)));
    }
    return several(fields, "set-image", steps);
  }

  private static Step several(FileFields fields, String key, List<Step> steps) {
    if (steps.isEmpty()) {
      throw fields.wrong(key, "expected at least one object, such as deployment/web");
    }
    return steps.size() == 1 ? steps.get(0) : new StepList(ImmutableList.copyOf(steps));
  }

  @Override
  public String words() {
    return "kubectl " + commandLine;
  }

  @Override
  public boolean expects() {
    return expected.output() != null || !expected.contains().isEmpty();
  }

  @Override
  public @Nullable String run(StepContext context) {
    Output output = context.kubectl(commandLine, stdin);
    String printed = output.stdout() + output.stderr();
    context.tellCommand("kubectl " + commandLine, printed);
    if (output.exitCode() != exitCode) {
      return "kubectl "
          + commandLine
          + " ended with code "
          + output.exitCode()
          + (exitCode == 0 ? "" : ", expected " + exitCode)
          + (output.stderr().isBlank() ? "" : ": " + output.stderr().strip());
    }
    return expected.unmet(printed);
  }
}
