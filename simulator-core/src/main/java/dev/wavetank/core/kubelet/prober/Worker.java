package dev.wavetank.core.kubelet.prober;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One probe of one container: ticks from its own start, counts results against the thresholds and
 * keeps the result that counts.
 *
 * <p>A worker whose next runs would change nothing that can be seen does not tick; it is woken by
 * the next change and goes on as if it had ticked all the time. That is so while the status keeps
 * it from probing, and while the container answers at once and the same.
 *
 * <p>Follows pkg/kubelet/prober/worker.go (v1.36).
 */
public final class Worker {

  private static final String TICK = "prober/tick";

  private final ProbedPod pod;
  private final Probe probe;

  private String containerId = "";
  private ProbeResult lastResult = ProbeResult.SUCCESS;
  private int resultRun;
  private boolean onHold;
  private @Nullable ProbeResult cached;

  private long anchorNanos;
  private long lastRunNanos;
  private long idleUntilNanos;
  private boolean counting;
  private boolean probing;
  private boolean woken;
  private boolean triggered;
  private boolean stopped;
  private @Nullable Timer tick;

  /** A worker that does not run yet. */
  public Worker(ProbedPod pod, Probe probe) {
    this.pod = pod;
    this.probe = probe;
  }

  public ProbedPod pod() {
    return pod;
  }

  public Probe probe() {
    return probe;
  }

  public ProbeType type() {
    return probe.type();
  }

  private Simulation simulation() {
    return probe.simulation();
  }

  /** The id of the container that it probes; empty before it saw one. */
  public String containerId() {
    return containerId;
  }

  /** How many times in a row the probe has given the same result. */
  public int resultRun() {
    return resultRun;
  }

  /** Whether it waits for another container. */
  public boolean onHold() {
    return onHold;
  }

  /** The result that counts for that container; null when there is none. */
  public @Nullable ProbeResult result(String id) {
    return !stopped && id.equals(containerId) ? cached : null;
  }

  /** Whether it has ended: there will be nothing more to probe. */
  public boolean stopped() {
    return stopped;
  }

  /** The result that counts; null before it saw a container. */
  public @Nullable ProbeResult result() {
    return cached;
  }

  /**
   * Begins to run.
   *
   * @param sleepNanos how long it waits before its first run, from which its ticks count
   */
  public void start(long sleepNanos) {
    anchorNanos = simulation().now() + sleepNanos;
    if (sleepNanos == 0) {
      run();
    } else {
      probing = true;
      tick =
          simulation()
              .after(
                  sleepNanos,
                  TICK,
                  pod.pod().name(),
                  () -> {
                    probing = false;
                    run();
                  });
    }
  }

  /** Ends it; a run under way is not waited for. */
  public void stop() {
    if (!stopped) {
      stopped = true;
      cancelTick();
      pod.ended(this);
    }
  }

  /** Asks for a run at once, from which the ticks count anew. */
  public void trigger() {
    if (stopped) {
      return;
    }
    if (probing) {
      triggered = true;
      return;
    }
    settle();
    cancelTick();
    anchorNanos = simulation().now();
    run();
  }

  /** Something that it looks at has changed: it runs at its next tick. */
  public void wake() {
    woken |= probing;
    if (!stopped && !probing && idleUntilNanos > simulation().now()) {
      settle();
      idleUntilNanos = 0;
      scheduleTick();
    }
  }

  /** Counts the runs that it left out while nothing changed. */
  private void settle() {
    if (counting) {
      long period = probe.periodNanos();
      long before = Math.floorDiv(lastRunNanos - anchorNanos, period);
      long now = Math.floorDiv(simulation().now() - anchorNanos, period);
      resultRun = (int) Math.min(Integer.MAX_VALUE / 2, resultRun + (now - before));
      counting = false;
    }
  }

  private void cancelTick() {
    if (tick != null) {
      tick.cancel();
      tick = null;
    }
  }

  private void run() {
    tick = null;
    lastRunNanos = simulation().now();
    idleUntilNanos = 0;
    probing = true;
    woken = false;
    boolean done = doProbe();
    if (done) {
      finishRun();
    }
  }

  private void finishRun() {
    probing = false;
    if (stopped) {
      return;
    }
    if (triggered) {
      triggered = false;
      anchorNanos = simulation().now();
      run();
      return;
    }
    if (woken) {
      settle();
      idleUntilNanos = 0;
    }
    long period = probe.periodNanos();
    long begun = Math.floorDiv(lastRunNanos - anchorNanos, period);
    long ended = Math.floorDiv(simulation().now() - anchorNanos, period);
    if (ended > begun) {
      run();
      return;
    }
    scheduleTick();
  }

  private void scheduleTick() {
    cancelTick();
    long period = probe.periodNanos();
    long now = simulation().now();
    long next = anchorNanos + (Math.floorDiv(now - anchorNanos, period) + 1) * period;
    if (idleUntilNanos > next) {
      if (idleUntilNanos == Long.MAX_VALUE) {
        return;
      }
      long whole = idleUntilNanos - anchorNanos;
      next = anchorNanos + Math.floorDiv(whole + period - 1, period) * period;
    }
    tick =
        simulation()
            .at(
                next,
                TICK,
                pod.pod().name(),
                () -> {
                  boolean counted = counting;
                  if (counted) {
                    settle();
                    resultRun--;
                  }
                  run();
                });
  }

  /**
   * Probes the container once and records the result. Ends the worker when there is nothing more to
   * probe.
   *
   * @return whether it is done; false while an answer is awaited
   */
  public boolean doProbe() {
    counting = false;
    KubeMap status = pod.status();
    if (status == null) {
      return idle();
    }
    String phase = status.string("phase", "");
    if (phase.equals("Failed") || phase.equals("Succeeded")) {
      stop();
      return true;
    }
    KubeMap seen = find(status);
    if (seen == null) {
      return idle();
    }
    String id = seen.string("containerID", "");
    if (!id.equals(containerId)) {
      containerId = id;
      cached = null;
      set(type().initial());
      onHold = false;
    }
    if (onHold) {
      return idle();
    }
    KubeMap state = seen.mapOrEmpty("state");
    KubeMap running = state.map("running");
    if (running == null) {
      set(ProbeResult.FAILURE);
      KubeMap terminated = state.map("terminated");
      if (terminated != null
          && !RestartRules.shouldRestart(
              probe.container(), pod.pod().spec(), terminated.number("exitCode", 0))) {
        stop();
        return true;
      }
      return idle();
    }
    if (pod.pod().terminating() && type() != ProbeType.READINESS) {
      set(ProbeResult.SUCCESS);
      stop();
      return true;
    }
    if (delayed(running)) {
      return true;
    }
    if (seen.bool("started", false) == (type() == ProbeType.STARTUP)) {
      return idle();
    }
    return ask();
  }

  private boolean ask() {
    boolean[] answered = new boolean[2];
    String asked = containerId;
    probe
        .action()
        .probe(
            this,
            outcome -> {
              answered[0] = true;
              if (!stopped && asked.equals(containerId)) {
                record(outcome);
              }
              if (answered[1]) {
                finishRun();
              }
            });
    answered[1] = true;
    return answered[0];
  }

  /** Nothing will happen until something is told. */
  private boolean idle() {
    idleUntilNanos = Long.MAX_VALUE;
    return true;
  }

  private @Nullable KubeMap find(KubeMap status) {
    String name = probe.container().string("name", "");
    KubeMap seen = withId(status.listOrEmpty("containerStatuses"), name);
    return seen != null ? seen : withId(status.listOrEmpty("initContainerStatuses"), name);
  }

  private static @Nullable KubeMap withId(KubeList statuses, String name) {
    KubeMap seen = statuses.find("name", name);
    return seen == null || seen.string("containerID", "").isEmpty() ? null : seen;
  }

  /** Whether the initial delay, in whole seconds since the reported start, is not over. */
  private boolean delayed(KubeMap running) {
    int delay = probe.initialDelaySeconds();
    if (delay <= 0) {
      return false;
    }
    Instant started = Timestamps.parse(running.get("startedAt"));
    if (started == null) {
      return false;
    }
    long age = Duration.between(started, simulation().instant()).toNanos();
    long whole = delay * 1_000_000_000L;
    if (age / 1_000_000_000L >= delay) {
      return false;
    }
    idleUntilNanos = simulation().now() + (whole - age);
    return true;
  }

  private void record(ProbeOutcome outcome) {
    ProbeResult result = outcome.result();
    if (result == null) {
      return;
    }
    if (lastResult == result) {
      resultRun++;
    } else {
      lastResult = result;
      resultRun = 1;
    }
    if ((result == ProbeResult.FAILURE && resultRun < probe.failureThreshold())
        || (result == ProbeResult.SUCCESS && resultRun < probe.successThreshold())) {
      return;
    }
    boolean hold =
        (type() == ProbeType.LIVENESS && result == ProbeResult.FAILURE)
            || type() == ProbeType.STARTUP;
    if (hold) {
      onHold = true;
      resultRun = 0;
      idleUntilNanos = Long.MAX_VALUE;
    } else if (result == ProbeResult.SUCCESS
        && lastRunNanos == simulation().now()
        && outcome.constantUntilNanos() > simulation().now() + probe.periodNanos()) {
      idleUntilNanos = outcome.constantUntilNanos();
      counting = true;
    }
    set(result);
  }

  private void set(ProbeResult result) {
    if (cached != result) {
      cached = result;
      pod.probed(this, result);
    }
  }
}
