package dev.wavetank.core.kubelet.prober;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.sim.Simulation;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A probe worker that ticks each period whatever happens: the plain meaning of {@link Worker}. */
final class NaiveWorker {

  private final Simulation simulation;
  private final ProbedPod pod;
  private final ProbeType type;
  private final Probe spec;
  private final BiConsumer<String, java.util.function.Consumer<@Nullable ProbeResult>> prober;
  private final java.util.function.Consumer<ProbeResult> results;

  String containerId = "";
  ProbeResult lastResult = ProbeResult.SUCCESS;
  int resultRun;
  boolean onHold;
  boolean stopped;
  @Nullable ProbeResult cached;

  private boolean probing;
  private boolean tickPending;
  private boolean triggerPending;
  private int tickerNumber;

  NaiveWorker(
      Simulation simulation,
      ProbedPod pod,
      ProbeType type,
      Probe spec,
      BiConsumer<String, java.util.function.Consumer<@Nullable ProbeResult>> prober,
      java.util.function.Consumer<ProbeResult> results) {
    this.simulation = simulation;
    this.pod = pod;
    this.type = type;
    this.spec = spec;
    this.prober = prober;
    this.results = results;
  }

  void start() {
    resetTicker();
    run();
  }

  void stop() {
    stopped = true;
  }

  void trigger() {
    if (stopped) {
      return;
    }
    if (probing) {
      triggerPending = true;
    } else {
      resetTicker();
      run();
    }
  }

  private void resetTicker() {
    tickPending = false;
    int own = ++tickerNumber;
    nextTick(own);
  }

  private void nextTick(int ticker) {
    simulation.after(
        spec.periodNanos(),
        "naive/tick",
        "p",
        () -> {
          if (ticker == tickerNumber && !stopped) {
            nextTick(ticker);
            if (probing) {
              tickPending = true;
            } else {
              run();
            }
          }
        });
  }

  private void run() {
    probing = true;
    if (!mayAsk()) {
      over();
      return;
    }
    prober.accept(
        containerId,
        result -> {
          if (!stopped && result != null) {
            record(result);
          }
          over();
        });
  }

  private void over() {
    probing = false;
    if (stopped) {
      return;
    }
    if (triggerPending) {
      triggerPending = false;
      resetTicker();
      run();
    } else if (tickPending) {
      tickPending = false;
      run();
    }
  }

  /** What comes before the probe itself; false when it is not run. */
  private boolean mayAsk() {
    KubeMap status = pod.status();
    if (status == null) {
      return false;
    }
    String phase = status.string("phase", "");
    if (phase.equals("Failed") || phase.equals("Succeeded")) {
      stop();
      return false;
    }
    KubeMap seen = status.listOrEmpty("containerStatuses").find("name", "c");
    if (seen == null || seen.string("containerID", "").isEmpty()) {
      return false;
    }
    if (!seen.string("containerID", "").equals(containerId)) {
      containerId = seen.string("containerID", "");
      cached = null;
      set(type.initial());
      onHold = false;
    }
    if (onHold) {
      return false;
    }
    KubeMap running = seen.mapOrEmpty("state").map("running");
    if (running == null) {
      set(ProbeResult.FAILURE);
      return false;
    }
    if (pod.pod().terminating() && type != ProbeType.READINESS) {
      set(ProbeResult.SUCCESS);
      stop();
      return false;
    }
    long age =
        Duration.between(Timestamps.parse(running.get("startedAt")), simulation.instant())
            .toSeconds();
    return age >= spec.initialDelaySeconds()
        && seen.bool("started", false) != (type == ProbeType.STARTUP);
  }

  private void record(ProbeResult result) {
    resultRun = lastResult == result ? resultRun + 1 : 1;
    lastResult = result;
    if ((result == ProbeResult.FAILURE && resultRun < spec.failureThreshold())
        || (result == ProbeResult.SUCCESS && resultRun < spec.successThreshold())) {
      return;
    }
    if ((type == ProbeType.LIVENESS && result == ProbeResult.FAILURE)
        || type == ProbeType.STARTUP) {
      onHold = true;
      resultRun = 0;
    }
    set(result);
  }

  private void set(ProbeResult result) {
    if (cached != result) {
      cached = result;
      results.accept(result);
    }
  }
}
