package dev.wavetank.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/**
 * A run of a scenario whose expectations all held.
 *
 * @param story what it told, line by line
 */
record PassedRun(RunResult result, List<String> story) {

  /** Plays a scenario; the test fails with the story when an expectation does. */
  static PassedRun of(String name, String text, long seed) {
    List<String> story = new ArrayList<>();
    Scenario scenario = Scenario.read(name, text, FileLookup.NONE);
    RunResult result = ScenarioRun.run(scenario, seed, Long.MAX_VALUE, story::add);
    assertThat(result.failure()).as(String.join("\n", story)).isEmpty();
    return new PassedRun(result, story);
  }
}
