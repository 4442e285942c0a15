package dev.wavetank.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest {

  private final Simulation simulation = new Simulation(Choices.first());
  private final List<String> seen = new ArrayList<>();

  @Test
  void eventsOfOneInstantRunInTheOrderInWhichTheyWereScheduled() {
    simulation.after(5, "test/a", "1", () -> seen.add("first"));
    simulation.after(5, "test/b", "2", () -> seen.add("second"));
    simulation.after(1, "test/c", "3", () -> seen.add("earlier"));
    simulation.runUntil(10);
    assertThat(seen).containsExactly("earlier", "first", "second");
    assertThat(simulation.now()).isEqualTo(10);
  }

  @Test
  void aCancelledTimerNeverRuns() {
    Timer timer = simulation.after(5, "test/a", "1", () -> seen.add("ran"));
    timer.cancel();
    simulation.runUntil(10);
    assertThat(seen).isEmpty();
    assertThat(timer.pending()).isFalse();
  }

  @Test
  void anEventKnowsTheEventThatScheduledIt() {
    List<Long> causes = new ArrayList<>();
    simulation.listen((number, time, what, subject, cause) -> causes.add(cause));
    simulation.after(
        1, "test/a", "1", () -> simulation.after(1, "test/b", "2", () -> seen.add("b")));
    simulation.runUntil(10);
    assertThat(causes).containsExactly(0L, 1L);
  }

  @Test
  void runUntilAConditionStopsAtTheEventThatMadeItTrue() {
    simulation.after(3, "test/a", "1", () -> seen.add("a"));
    simulation.after(7, "test/b", "2", () -> seen.add("b"));
    assertThat(simulation.runUntil(() -> !seen.isEmpty(), 100)).isTrue();
    assertThat(simulation.now()).isEqualTo(3);
    assertThat(simulation.runUntil(() -> seen.size() > 5, 100)).isFalse();
    assertThat(simulation.now()).isEqualTo(100);
  }

  @Test
  void anExceptionInAnEventIsABugThatNamesTheEvent() {
    simulation.after(
        3,
        "kubelet/sync",
        "node-1",
        () -> {
          throw new IllegalStateException("boom");
        });
    assertThatThrownBy(() -> simulation.runUntil(10))
        .isInstanceOf(SimulationBug.class)
        .hasMessageContaining("boom")
        .hasMessageContaining("event 1 kubelet/sync/node-1");
  }

  @Test
  void nothingCanBeScheduledIntoThePast() {
    simulation.runUntil(10);
    assertThatThrownBy(() -> simulation.at(9, "test/a", "1", () -> {}))
        .isInstanceOf(SimulationBug.class);
  }
}
