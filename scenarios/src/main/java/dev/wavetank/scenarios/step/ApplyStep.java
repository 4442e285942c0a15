package dev.wavetank.scenarios.step;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.api.ManifestException;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.scenarios.cluster.AppliedManifests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies manifests, as files beside the scenario or written in it. They are checked when the
 * scenario is read: a wrong one is an error of the scenario, before anything runs.
 */
record ApplyStep(String commandLine, String stdin, PrintedText expected) implements Step {

  static Step read(FileFields fields, StepFiles files) {
    if (!fields.isList("apply") && fields.text("apply").contains("\n")) {
      String text = fields.text("apply");
      check(fields.place("apply").file(), inPlace(fields, text).getBytes(StandardCharsets.UTF_8));
      return new ApplyStep("apply -f -", text, PrintedText.read(fields));
    }
    List<String> words = new ArrayList<>();
    for (String path : fields.texts("apply")) {
      check(path, files.read(fields, "apply", path));
      words.add("-f " + path);
    }
    if (words.isEmpty()) {
      throw fields.wrong("apply", "expected a file or a manifest");
    }
    return new ApplyStep("apply " + String.join(" ", words), "", PrintedText.read(fields));
  }

  /** The text with as many lines before it as there are in the file. */
  private static String inPlace(FileFields fields, String text) {
    return "\n".repeat(fields.place("apply").line()) + text;
  }

  private static void check(String file, byte[] bytes) {
    ImmutableList<ManifestException.Problem> problems = AppliedManifests.problems(file, bytes);
    if (!problems.isEmpty()) {
      ManifestException.Problem first = problems.get(0);
      throw new ScenarioException(
          first.place().file(),
          first.place().line(),
          first.place().column(),
          (first.path().isEmpty() ? "" : first.path() + ": ") + first.message());
    }
  }

  @Override
  public String words() {
    return "kubectl " + commandLine;
  }

  @Override
  public @Nullable String run(StepContext context) {
    return new KubectlStep(commandLine, stdin, 0, expected).run(context);
  }
}
