package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.kubelet.prober.Probe;
import dev.wavetank.core.kubelet.prober.ProbeOutcome;
import dev.wavetank.core.kubelet.prober.ProbeResult;
import dev.wavetank.core.kubelet.prober.ProbeType;
import dev.wavetank.core.kubelet.prober.ProbedPod;
import dev.wavetank.core.kubelet.prober.Worker;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Probe workers against recordings of the real ones, run by run. */
class GoldenKubeletProberTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void kubeletProber() {
    GoldenCases.vectors("kubelet-prober").every(recorded -> new Probing(recorded).check()).score();
  }

  /** A pod with one container, whose status a recording changes. */
  private static final class Probing implements ProbedPod {
    private final JsonNode recorded;
    private final Simulation simulation = new Simulation(Choices.first());
    private final ProbeType type;
    private final KubeObject pod;
    private final Worker worker;
    private KubeMap status = KubeMap.EMPTY;
    private ProbeOutcome next = new ProbeOutcome(ProbeResult.SUCCESS, 0);

    Probing(JsonNode recorded) {
      this.recorded = recorded;
      this.type = ProbeType.valueOf(recorded.get("type").asText().toUpperCase(Locale.ROOT));
      KubeMap probe = (KubeMap) GoldenCluster.tree(recorded.get("probe"));
      KubeMap container = KubeMap.of("name", "c", type.field(), probe);
      this.pod =
          KubeObject.of(ResourceType.PODS, KubeMap.of("name", "p"))
              .withSpec(
                  KubeMap.of(
                      "restartPolicy", recorded.get("restartPolicy").asText(),
                      "containers", KubeList.of(container)));
      this.worker =
          new Worker(
              this, new Probe(simulation, (asked, then) -> then.accept(next), container, type));
    }

    void check() {
      set(0, running(), type != ProbeType.STARTUP);
      for (JsonNode step : recorded.get("steps")) {
        simulation.runUntil(step.get("t").asLong() * SECOND);
        before(step);
        next =
            switch (step.get("probeWouldReturn").asText()) {
              case "success" -> new ProbeOutcome(ProbeResult.SUCCESS, 0);
              case "failure" -> new ProbeOutcome(ProbeResult.FAILURE, 0);
              default -> new ProbeOutcome(null, 0);
            };
        worker.doProbe();
        String at = "t=" + step.get("t");
        assertThat(label(worker.result())).as(at).isEqualTo(step.get("result").asText());
        assertThat(worker.resultRun()).as(at).isEqualTo(step.get("resultRun").asInt());
        assertThat(worker.onHold()).as(at).isEqualTo(step.get("onHold").asBoolean());
        assertThat(!worker.stopped()).as(at).isEqualTo(step.get("keepGoing").asBoolean());
        if (step.has("thenStarted")) {
          started(step.get("thenStarted").asBoolean());
        }
      }
    }

    private void before(JsonNode step) {
      if (step.has("newContainer")) {
        boolean before = seen().bool("started", false);
        set(step.get("newContainer").asInt(), running(), before && type != ProbeType.STARTUP);
      }
      if (step.path("containerTerminated").asBoolean()) {
        KubeMap ended = KubeMap.of("terminated", KubeMap.of("exitCode", 1L));
        put(seen().with("state", ended));
      }
      if (step.has("started")) {
        started(step.get("started").asBoolean());
      }
    }

    private KubeMap running() {
      return KubeMap.of(
          "running", KubeMap.of("startedAt", Timestamps.seconds(simulation.instant())));
    }

    private void set(int number, KubeMap state, boolean started) {
      put(
          KubeMap.of(
              "name", "c", "containerID", "test://" + number, "state", state, "started", started));
    }

    private void started(boolean started) {
      put(seen().with("started", started));
    }

    private KubeMap seen() {
      return status.listOrEmpty("containerStatuses").map(0);
    }

    private void put(KubeMap containerStatus) {
      status = KubeMap.of("phase", "Running", "containerStatuses", KubeList.of(containerStatus));
    }

    private static String label(@Nullable ProbeResult result) {
      return result == null ? "none" : result.label();
    }

    @Override
    public KubeObject pod() {
      return pod;
    }

    @Override
    public KubeMap status() {
      return status;
    }

    @Override
    public @Nullable Container container(String id) {
      return null;
    }

    @Override
    public void probed(Worker asked, ProbeResult result) {}

    @Override
    public void ended(Worker asked) {}
  }
}
