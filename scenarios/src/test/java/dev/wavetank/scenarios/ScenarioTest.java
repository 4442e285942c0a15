package dev.wavetank.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.ScenarioException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** A scenario file is checked as a whole before anything runs; what is wrong has a place. */
class ScenarioTest {

  private static final String GOOD =
      """
      scenario: A test
      cluster: {nodes: 1, dns: false, uptime: 1s}
      invariants: [pod-ips-are-unique]
      steps:
      - say: hello
      - run: 1s
      - expect: {ready: {node/node-1: 1}, count: {nodes: 1}}
      - wait-for: {absent: pod/x, timeout: 5s}
      - fault: {slow-pulls: {factor: 10}}
      - traffic: {name: load, to: "10.0.0.1:80", every: 1s, for: 5s}
      - connect: {from: node/node-1, to: "10.0.0.1:80", outcome: timeout}
      """;

  private static Scenario read(String text) {
    return Scenario.read("test.yaml", text, FileLookup.NONE);
  }

  private static String problem(String text) {
    try {
      read(text);
    } catch (ScenarioException e) {
      return String.valueOf(e.getMessage());
    }
    return "";
  }

  private static String withStep(String step) {
    return "scenario: A test\nsteps:\n" + step;
  }

  @Test
  void aGoodFileIsRead() {
    assertThat(read(GOOD).name()).isEqualTo("A test");
    assertThat(read(GOOD).steps()).hasSize(7);
  }

  @Test
  void anUnknownKeyHasItsPlaceAndTheNearestWord() {
    assertThat(problem("scenario: x\nstepps: []\n"))
        .startsWith("test.yaml:2:1: unknown field \"stepps\"; did you mean \"steps\"?");
  }

  @Test
  void anUnknownStepHasItsPlaceAndTheNearestWord() {
    assertThat(problem(withStep("- applly: x.yaml\n")))
        .startsWith("test.yaml:3:3: unknown field \"applly\"; did you mean \"apply\"?");
  }

  @Test
  void aStepHasOneKind() {
    assertThat(problem(withStep("- run: 1s\n  say: x\n")))
        .isEqualTo("test.yaml:3:3: a step has one of run and say, not both");
    assertThat(problem(withStep("- at: 5s\n"))).contains("a step needs one of");
  }

  @Test
  void aStepCannotComeBeforeTheOneBeforeIt() {
    assertThat(problem(withStep("- {run: 1s, at: 10s}\n- {say: x, at: 5s}\n")))
        .isEqualTo("test.yaml:4:16: at: the step before has a later time");
  }

  @Test
  void aWrongTypeIsRefused() {
    assertThat(problem("scenario: x\ncluster: {nodes: many}\nsteps: []\n"))
        .isEqualTo("test.yaml:2:18: nodes: expected a whole number from 0 to 131072");
    assertThat(problem(withStep("- run: fast\n")))
        .isEqualTo("test.yaml:3:8: run: \"fast\" is no duration such as 30s, 1m30s or 250ms");
    assertThat(problem("scenario: x\nsteps: {run: 1s}\n"))
        .isEqualTo("test.yaml:2:8: steps: expected a list");
  }

  @Test
  void aWrongWordIsRefusedWithTheNearestOne() {
    assertThat(problem("scenario: x\ncluster: {balancer: rond-robin}\nsteps: []\n"))
        .contains("test.yaml:2:21: balancer: expected one of round-robin, random")
        .contains("did you mean \"round-robin\"?");
    assertThat(problem("scenario: x\ninvariants: [pod-ips-are-uniqe]\nsteps: []\n"))
        .contains("did you mean \"pod-ips-are-unique\"?");
    assertThat(problem(withStep("- expect: {ready: {deploiment/web: 1}}\n")))
        .contains("no resource type \"deploiment\"; did you mean \"deployment\"?");
  }

  @Test
  void aWrongReferenceIsRefused() {
    assertThat(problem(withStep("- connect: {from: web, to: \"web:80\"}\n")))
        .isEqualTo(
            "test.yaml:3:19: from: \"web\" is none of pod/NAME, pod/NAMESPACE/NAME, node/NAME or"
                + " outside");
    assertThat(problem(withStep("- connect: {to: \"web:http\"}\n")))
        .isEqualTo("test.yaml:3:17: to: expected HOST:PORT, such as web:80");
  }

  @Test
  void aFileThatCannotBeReadIsAnErrorOfItsPlace() {
    assertThat(problem(withStep("- apply: web.yaml\n")))
        .isEqualTo("test.yaml:3:10: apply: cannot read web.yaml: no such file");
  }

  @Test
  void aWrongManifestInPlaceHasItsLineInTheScenario() {
    assertThat(
            problem(
                withStep(
                    """
                    - apply: |
                        apiVersion: v1
                        kind: Service
                        metadata:
                          name: web
                        spec:
                          portz: []
                    """)))
        .startsWith("test.yaml:9:")
        .contains("portz");
  }

  @Test
  void aManifestFileIsCheckedBeforeAnythingRuns() {
    assertThatThrownBy(
            () ->
                Scenario.read(
                    "test.yaml",
                    withStep("- apply: pod.yaml\n"),
                    path -> "apiVersion: v1\nkind: Pod\nspec: {containers: 5}\n".getBytes(UTF_8)))
        .isInstanceOf(ScenarioException.class)
        .hasMessageContaining("pod.yaml:3:");
  }

  @Test
  void noYamlIsRefusedWithItsPlace() {
    assertThat(problem("scenario: [x\n")).startsWith("test.yaml:");
    assertThat(problem("")).isEqualTo("test.yaml:1:1: expected one document, found 0");
    assertThat(problem("- a\n- b\n")).isEqualTo("test.yaml:1:1: expected a mapping");
  }

  @Provide
  Arbitrary<String> damagedFiles() {
    return Arbitraries.integers()
        .between(0, GOOD.length() - 1)
        .flatMap(
            at ->
                Arbitraries.of("", " ", ":", "-", "{", "}", "[", "\n", "\t", "\"", "x", "|", "&a ")
                    .map(text -> GOOD.substring(0, at) + text + GOOD.substring(at + 1)));
  }

  @Property
  void aDamagedFileIsReadOrRefusedWithItsPlace(@ForAll("damagedFiles") String text) {
    try {
      read(text);
    } catch (ScenarioException e) {
      assertThat(e.file()).isEqualTo("test.yaml");
      assertThat(e.line()).isBetween(1, text.length() + 1);
      assertThat(e.column()).isPositive();
    }
  }

  @Test
  void aRunTellsWhatFailedAndHowToRepeatIt() {
    Scenario scenario =
        read(
            """
            scenario: A test
            cluster: {nodes: 1, dns: false, uptime: 1s}
            steps:
            - expect: {count: {nodes: 2}}
            - expect: {count: {nodes: 1}}
            """);
    List<String> story = new ArrayList<>();
    RunResult result = ScenarioRun.run(scenario, 7, Long.MAX_VALUE, story::add);
    assertThat(result.passed()).isFalse();
    assertThat(result.failure())
        .isEqualTo("test.yaml:4: count of nodes: 2: count of nodes: 1, expected 2");
    assertThat(result.failureEvent()).isPositive();
    assertThat(result.replay()).isEqualTo("wavetank run test.yaml --seed 7");
    assertThat(result.expectations())
        .extracting(RunResult.Expected::message)
        .containsExactly("count of nodes: 1, expected 2", "not reached");
    assertThat(story).last().asString().contains("FAILED");
  }

  @Test
  void aRunEndsAtItsLimitOfVirtualTime() {
    Scenario scenario =
        read(
            """
            scenario: A test
            until: 10s
            cluster: {nodes: 1, dns: false, uptime: 1s}
            steps:
            - run: 1h
            """);
    RunResult result = ScenarioRun.run(scenario, 1, Long.MAX_VALUE, line -> {});
    assertThat(result.passed()).isFalse();
    assertThat(result.failure()).contains("limit of virtual time");
    assertThat(result.virtualNanos()).isEqualTo(10_000_000_000L);
  }

  @Test
  void theSameSeedGivesTheSameRunAndARecordingPlaysItAgain() {
    Scenario scenario = read(GOOD);
    RunRecording.Recorded first = RunRecording.record(scenario, GOOD, 3, Long.MAX_VALUE);
    RunRecording.Recorded second = RunRecording.record(scenario, GOOD, 3, Long.MAX_VALUE);
    assertThat(first.recording().toJson()).isEqualTo(second.recording().toJson());
    RunRecording read = RunRecording.read("x.run", first.recording().toJson().getBytes(UTF_8));
    RunRecording.Replayed replayed = read.replay();
    assertThat(replayed.difference()).isEmpty();
    assertThat(replayed.same()).isTrue();
    assertThat(ScenarioRun.run(scenario, 4, Long.MAX_VALUE, line -> {}).traceHash())
        .isNotEqualTo(first.result().traceHash());
  }

  @Test
  void aDamagedRecordingIsRefused() {
    assertThatThrownBy(() -> RunRecording.read("x.run", "{}".getBytes(UTF_8)))
        .isInstanceOf(ScenarioException.class)
        .hasMessageContaining("x.run:1:1: expected a recording");
    assertThatThrownBy(() -> RunRecording.read("x.run", "nonsense".getBytes(UTF_8)))
        .isInstanceOf(ScenarioException.class);
  }
}
