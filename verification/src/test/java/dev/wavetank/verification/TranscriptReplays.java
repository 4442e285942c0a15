package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.verification.KubectlTranscript.Match;
import dev.wavetank.verification.KubectlTranscript.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Recorded stories of kubectl beside how they go here. Of what a command printed the standard
 * streams are compared after the published normalisers, and the exit code; of commands whose output
 * varied between two recordings only the exit code, and which streams have anything.
 */
final class TranscriptReplays {

  /**
   * Normalisers of one's own.
   *
   * @param recorded applied to what was recorded, before the published ones
   * @param both applied to both sides, after the published ones
   */
  record Own(UnaryOperator<String> recorded, UnaryOperator<String> both) {}

  /** What is said of kinds, commands and flags that there are none of here. */
  private static final Pattern ABSENT =
      Pattern.compile(
          "is absent from this simulation"
              + "|the server doesn't have a resource type"
              + "|no matches for kind"
              + "|this simulation has no users"
              + "|unknown flag"
              + "|unknown command");

  private final Map<String, KubectlTranscript> stories;
  private final TranscriptNormaliser normaliser;
  private final Own own;
  private final Function<KubectlTranscript, List<Output>> replay;
  private final Map<String, List<Output>> outputs = new LinkedHashMap<>();
  private final Map<String, int[]> scores = new LinkedHashMap<>();

  private TranscriptReplays(
      Map<String, KubectlTranscript> stories,
      TranscriptNormaliser normaliser,
      Own own,
      Function<KubectlTranscript, List<Output>> replay) {
    this.stories = stories;
    this.normaliser = normaliser;
    this.own = own;
    this.replay = replay;
  }

  /**
   * Replays all stories, and prints and keeps their score.
   *
   * @param area where they are counted
   * @param own what is changed before the comparison, beside the published normalisers
   * @param replay plays a story and gives what each of its commands printed; called once for each
   */
  static void score(String area, Own own, Function<KubectlTranscript, List<Output>> replay) {
    Path[] recordings = new Path[1];
    Map<String, KubectlTranscript> stories = new LinkedHashMap<>();
    GoldenCases cases =
        GoldenCases.recordings(
            area,
            directory -> {
              recordings[0] = directory;
              KubectlTranscript.readAll(directory)
                  .forEach(story -> stories.put(story.name(), story));
              return cases(stories);
            });
    TranscriptReplays replays =
        new TranscriptReplays(stories, TranscriptNormaliser.read(recordings[0]), own, replay);
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

  private void check(JsonNode recorded) {
    String name = recorded.get("story").asText();
    KubectlTranscript story = stories.get(name);
    if (story == null) {
      throw new IllegalStateException("no story " + name);
    }
    int index = recorded.get("step").asInt();
    Step step = story.steps().get(index);
    Output output = outputs.computeIfAbsent(name, any -> replay.apply(story)).get(index);
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
    same("stderr", step.match(), step.stderr(), output.stderr());
    same("stdout", step.match(), step.stdout(), output.stdout());
  }

  private List<String> normalised(Match match, String text) {
    return own.both().apply(normaliser.normalised(text, match)).lines().toList();
  }

  private void same(String stream, Match match, String recorded, String ours) {
    List<String> expected = normalised(match, own.recorded().apply(recorded));
    List<String> actual = normalised(match, ours);
    int start = 0;
    int shorter = Math.min(expected.size(), actual.size());
    while (start < shorter && expected.get(start).equals(actual.get(start))) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && expected.get(expected.size() - 1 - end).equals(actual.get(actual.size() - 1 - end))) {
      end++;
    }
    assertThat(String.join("\n", actual.subList(start, actual.size() - end)))
        .as("%s from line %d", stream, start + 1)
        .isEqualTo(String.join("\n", expected.subList(start, expected.size() - end)));
    assertThat(ours.endsWith("\n")).isEqualTo(recorded.endsWith("\n"));
  }

  private void print() {
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
