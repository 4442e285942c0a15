package dev.wavetank.core.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceTest {

  private static Trace run(int chain, int kept) {
    Simulation simulation = new Simulation(Choices.first());
    Trace trace = new Trace(simulation, kept);
    step(simulation, trace, chain);
    simulation.runUntil(1_000_000);
    return trace;
  }

  private static void step(Simulation simulation, Trace trace, int left) {
    simulation.after(
        10,
        "test/step",
        "s" + left,
        () -> {
          trace.fact("test/done", "s" + left, "detail " + left, left);
          if (left > 0) {
            step(simulation, trace, left - 1);
          }
        });
  }

  @Test
  void equalRunsHaveEqualHashes() {
    assertThat(run(5, 64).hash()).isEqualTo(run(5, 64).hash()).hasSize(16);
  }

  @Test
  void anotherEventOrAnotherFactGivesAnotherHash() {
    assertThat(run(5, 64).hash()).isNotEqualTo(run(6, 64).hash());
  }

  @Test
  void theHashCoversEntriesThatAreNoLongerKept() {
    assertThat(run(500, 64).hash()).isEqualTo(run(500, 1024).hash());
    assertThat(run(500, 64).firstKept()).isEqualTo(1002 - 64);
  }

  @Test
  void aChainLeadsFromTheFirstCauseToTheEffect() {
    Trace trace = run(3, 64);
    Explanation why = new Explanation(trace);
    Trace.Entry last = why.newestAbout("s0");
    assertThat(last).isNotNull();
    List<Trace.Entry> chain = why.chain(last);
    assertThat(chain)
        .extracting(e -> e.what() + " " + e.subject())
        .containsExactly(
            "test/step s3", "test/step s2", "test/step s1", "test/step s0", "test/done s0");
  }

  @Test
  void theGraphOfSeveralEffectsSharesTheirCauses() {
    Trace trace = run(2, 64);
    Explanation why = new Explanation(trace);
    var graph = why.graph(why.factsAbout("s0"));
    assertThat(graph.vertexSet()).hasSize(4);
    assertThat(graph.edgeSet()).hasSize(3);
  }
}
