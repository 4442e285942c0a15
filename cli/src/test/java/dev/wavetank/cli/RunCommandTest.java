package dev.wavetank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code run}, {@code replay} and {@code demo}: what they print, and the codes that scripts read.
 */
class RunCommandTest {

  private static final String GOOD =
      """
      scenario: A pod
      cluster: {nodes: 1, preloaded: [nginx]}
      steps:
      - kubectl: run web --image=nginx --image-pull-policy=IfNotPresent --port=80
      - wait-for: {ready: {pod/web: 1}}
      - get: pods
      """;
  private static final String FAILING = GOOD + "- expect: {ready: {pod/web: 0}}\n";

  @TempDir Path directory = Path.of("");

  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  private int run(String... args) {
    out = new StringWriter();
    err = new StringWriter();
    return Wavetank.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(args);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void aScenarioThatHoldsEndsWithZero() throws IOException {
    assertThat(run("run", file("good.yaml", GOOD))).isZero();
    assertThat(out.toString()).contains("$ kubectl get pods").contains("passed  A pod, seed 1");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void anExpectationThatFailsEndsWith99AndSaysHowToRepeatIt() throws IOException {
    String file = file("failing.yaml", FAILING);
    assertThat(run("run", file, "--seed", "5")).isEqualTo(99);
    assertThat(out.toString())
        .contains("FAILED  A pod, seed 5")
        .contains("failing.yaml:7: ")
        .containsPattern("seed 5, event [0-9]+")
        .contains("repeat it with: wavetank run " + file + " --seed 5");
  }

  @Test
  void aWrongScenarioEndsWith3AndItsPlace() throws IOException {
    String file = file("wrong.yaml", GOOD + "- expext: {absent: pod/x}\n");
    assertThat(run("run", file)).isEqualTo(3);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("wrong.yaml:7:3: ").contains("did you mean \"expect\"?");
  }

  @Test
  void aWrongManifestEndsWith3AndItsPlace() throws IOException {
    file("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {contaners: []}\n");
    String file = file("applies.yaml", "scenario: x\nsteps:\n- apply: pod.yaml\n");
    assertThat(run("run", file)).isEqualTo(3);
    assertThat(err.toString())
        .contains("pod.yaml:4:8: ")
        .contains("contaners")
        .contains("did you mean \"containers\"?");
  }

  @Test
  void nothingRunsWhenOneOfTheFilesIsWrong() throws IOException {
    assertThat(run("run", file("good.yaml", GOOD), file("wrong.yaml", "steps: 5\n"))).isEqualTo(3);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aFileThatIsNotThereIsAnError() {
    assertThat(run("run", directory.resolve("none.yaml").toString())).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("none.yaml").doesNotContain("\tat ");
  }

  @Test
  void usageErrorsEndWith2() throws IOException {
    String file = file("good.yaml", GOOD);
    assertThat(run("run")).isEqualTo(2);
    assertThat(run("run", file, "--seed", "x")).isEqualTo(2);
    assertThat(run("run", file, "--seed", "9..2")).isEqualTo(2);
    assertThat(run("run", file, "--until", "soon")).isEqualTo(2);
    assertThat(run("run", file, "-o", "xml")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("xml");
  }

  @Test
  void jsonIsOneObjectARun() throws IOException {
    assertThat(run("run", file("failing.yaml", FAILING), "-o", "json")).isEqualTo(99);
    JsonNode result = json();
    assertThat(ImmutableList.copyOf(result.fieldNames()))
        .contains(
            "scenario",
            "seed",
            "passed",
            "virtualSeconds",
            "events",
            "commits",
            "traceHash",
            "expectations",
            "traffic",
            "objects",
            "replay");
    assertThat(result.path("passed").asBoolean(true)).isFalse();
    assertThat(result.at("/expectations/1/passed").asBoolean(true)).isFalse();
    assertThat(result.at("/objects/Pod").asInt()).isGreaterThanOrEqualTo(1);
    assertThat(result.path("replay").asText()).endsWith("failing.yaml --seed 1");
  }

  @Test
  void aRangeOfSeedsIsARunEach() throws IOException {
    assertThat(run("run", file("good.yaml", GOOD), "--seed", "3..5")).isZero();
    assertThat(out.toString()).contains("seed 3").contains("seed 4").contains("seed 5");
    assertThat(out.toString().lines().filter(line -> line.startsWith("passed"))).hasSize(3);
  }

  @Test
  void theSameRunPrintsTheSameBytesAndAnotherSeedIsAnotherRun() throws IOException {
    String file = file("good.yaml", GOOD);
    run("run", file, "-o", "json");
    String first = out.toString();
    run("run", file, "-o", "json");
    assertThat(out.toString()).isEqualTo(first);
    run("run", file, "-o", "json", "--seed", "2");
    assertThat(json().path("traceHash").asText())
        .isNotEqualTo(new ObjectMapper().readTree(first).path("traceHash").asText());
  }

  @Test
  void aRunEndsAtItsLimitOfVirtualTime() throws IOException {
    String file = file("long.yaml", GOOD + "- run: 1h\n");
    assertThat(run("run", file, "--until", "1m", "-o", "json")).isEqualTo(99);
    assertThat(json().path("virtualSeconds").asDouble()).isEqualTo(60.0);
  }

  private String recorded() throws IOException {
    run("run", file("good.yaml", GOOD), "--report", directory.resolve("report").toString());
    return directory.resolve("report/good-seed-1.run").toString();
  }

  @Test
  void aReportHoldsResultStoryAndRecording() throws IOException {
    String recording = recorded();
    assertThat(Path.of(recording)).exists();
    assertThat(directory.resolve("report/good-seed-1.json")).exists();
    assertThat(Files.readString(directory.resolve("report/good-seed-1.txt")))
        .contains("$ kubectl get pods");
  }

  @Test
  void aRecordingReplaysTheSame() throws IOException {
    assertThat(run("replay", recorded())).isZero();
    assertThat(out.toString()).contains("same");
  }

  @Test
  void aRecordingThatWasChangedDoesNotReplayTheSame() throws IOException {
    Path recording = Path.of(recorded());
    String changed = Files.readString(recording).replaceFirst("pod/web created", "pod/bew created");
    Files.writeString(recording, changed);
    assertThat(run("replay", recording.toString())).isEqualTo(1);
  }

  @Test
  void aTruncatedRecordingIsRefused() throws IOException {
    Path recording = Path.of(recorded());
    byte[] bytes = Files.readAllBytes(recording);
    Files.write(recording, List.of(new String(bytes, 0, bytes.length / 2, StandardCharsets.UTF_8)));
    assertThat(run("replay", recording.toString())).isEqualTo(3);
    assertThat(err.toString()).contains("good-seed-1.run:");
  }

  @Test
  void theDemoTellsTheSeedsStory() {
    assertThat(run("demo")).isZero();
    String story = out.toString();
    assertThat(story)
        .contains("pod/todobackend created")
        .contains("todobackend   2/2     2            2")
        .contains("todobackend.default.svc.cluster.local. 30 IN A\t10.103.210.17")
        .contains("10.1.0.29:8000 took 100, 10.1.0.30:8000 took 100");
    run("demo");
    assertThat(out.toString()).isEqualTo(story);
  }

  @Test
  void anotherSeedOfTheDemoHasOtherNames() {
    run("demo");
    String first = out.toString();
    assertThat(run("demo", "--seed", "2")).isZero();
    assertThat(out.toString()).isNotEqualTo(first);
  }
}
