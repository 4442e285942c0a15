package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wavetank.core.kubectl.Kubectl;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.resource.FileSource;
import dev.wavetank.verification.KubectlTranscript.Match;
import dev.wavetank.verification.KubectlTranscript.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * kubectl in this JVM against stories recorded with the real kubectl and a real control plane.
 *
 * <p>Each story runs on a cluster of its own. Of what it printed the standard streams are compared
 * after the published normalisers, and the exit code; of commands whose output varied between two
 * recordings only the exit code, and which streams have anything.
 */
class GoldenKubectlTest {

  /** What is said of kinds, commands and flags that there are none of here. */
  private static final Pattern ABSENT =
      Pattern.compile(
          "is absent from this simulation"
              + "|the server doesn't have a resource type"
              + "|no matches for kind"
              + "|this simulation has no users"
              + "|unknown flag"
              + "|unknown command");

  /** kubectl 1.36 has no such line, and the recordings are of 1.35. */
  private static final Pattern OLD_LINE = Pattern.compile("(?m)^ *Kube-Proxy Version:.*\n");

  @Test
  void lab() {
    Path[] recordings = new Path[1];
    Map<String, KubectlTranscript> stories = new LinkedHashMap<>();
    GoldenCases cases =
        GoldenCases.recordings(
            "kubectl/labs",
            directory -> {
              recordings[0] = directory;
              KubectlTranscript.readAll(directory)
                  .forEach(story -> stories.put(story.name(), story));
              return cases(stories);
            });
    Replays replays = new Replays(stories, TranscriptNormaliser.read(recordings[0]));
    cases.every(replays::check).score();
    replays.print();
  }

  private static List<GoldenCase> cases(Map<String, KubectlTranscript> stories) {
    List<GoldenCase> cases = new ArrayList<>();
    for (KubectlTranscript story : stories.values()) {
      for (int i = 0; i < story.steps().size(); i++) {
        ObjectNode json = GoldenLedger.JSON.createObjectNode();
        json.put("story", story.name()).put("step", i);
        cases.add(new GoldenCase(String.format(Locale.ROOT, "%s-%03d", story.name(), i + 1), json));
      }
    }
    return cases;
  }

  /** The stories as they went here, each run once. */
  private static final class Replays {
    private final Map<String, KubectlTranscript> stories;
    private final TranscriptNormaliser normaliser;
    private final Map<String, List<Output>> outputs = new LinkedHashMap<>();
    private final Map<String, int[]> scores = new LinkedHashMap<>();

    Replays(Map<String, KubectlTranscript> stories, TranscriptNormaliser normaliser) {
      this.stories = stories;
      this.normaliser = normaliser;
    }

    void check(JsonNode recorded) {
      String name = recorded.get("story").asText();
      KubectlTranscript story = stories.get(name);
      if (story == null) {
        throw new IllegalStateException("no story " + name);
      }
      int index = recorded.get("step").asInt();
      Step step = story.steps().get(index);
      Output output = outputs.computeIfAbsent(name, any -> replay(story)).get(index);
      int[] score = scores.computeIfAbsent(name, any -> new int[4]);
      score[3]++;
      if (ABSENT.matcher(output.stderr()).find() && !ABSENT.matcher(step.stderr()).find()) {
        score[2]++;
        throw new AssertionError("not built: " + step.commandLine() + ": " + output.stderr());
      }
      try {
        compare(step, output);
        score[0]++;
      } catch (AssertionError e) {
        score[1]++;
        throw new AssertionError(step.commandLine() + e.getMessage(), e);
      }
    }

    private void compare(Step step, Output output) {
      assertThat(output.exitCode()).as(output.stderr()).isEqualTo(step.exitCode());
      if (step.match() == Match.VARIES || step.match() == Match.ONCE) {
        assertThat(output.stdout().isEmpty()).isEqualTo(step.stdout().isEmpty());
        assertThat(output.stderr().isEmpty()).isEqualTo(step.stderr().isEmpty());
        return;
      }
      assertThat(normaliser.normalised(output.stderr(), step.match()))
          .isEqualTo(normaliser.normalised(step.stderr(), step.match()));
      String expected = OLD_LINE.matcher(step.stdout()).replaceAll("");
      assertThat(normaliser.normalised(output.stdout(), step.match()))
          .isEqualTo(normaliser.normalised(expected, step.match()));
    }

    void print() {
      scores.forEach(
          (name, score) ->
              System.out.printf(
                  Locale.ROOT,
                  "  %-24s %d/%d passed, %d not built, %d differ%n",
                  name,
                  score[0],
                  score[3],
                  score[2],
                  score[1]));
    }
  }

  private static List<Output> replay(KubectlTranscript story) {
    LabCluster cluster = new LabCluster();
    Kubectl kubectl =
        Kubectl.builder(cluster.server)
            .clock(cluster.simulation::runUntil)
            .files(new Directory(story.files()))
            .context("lab", "default")
            .serverAddress("https://127.0.0.1:37210")
            .build();
    LabShell shell = new LabShell(kubectl::run);
    List<Output> outputs = new ArrayList<>();
    for (Step step : story.steps()) {
      cluster.advance(step.advanceNanos());
      if (step.settled()) {
        cluster.settle();
      }
      outputs.add(run(shell, step));
    }
    return outputs;
  }

  private static Output run(LabShell shell, Step step) {
    try {
      return shell.run(step.commandLine(), step.stdin());
    } catch (RuntimeException | StackOverflowError e) {
      return new Output("", "thrown: " + e, -1);
    }
  }

  /** The files of a story, which no command changes. */
  private record Directory(Path root) implements FileSource {
    @Override
    public byte @Nullable [] read(String path) {
      Path file = root.resolve(path);
      if (!Files.isRegularFile(file)) {
        return null;
      }
      try {
        return Files.readAllBytes(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public @Nullable List<String> list(String path) {
      Path directory = root.resolve(path);
      if (!Files.isDirectory(directory)) {
        return null;
      }
      try (Stream<Path> files = Files.list(directory)) {
        return files.map(file -> file.getFileName().toString()).sorted().toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
