package dev.wavetank.scheduler;

import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import dev.wavetank.scheduler.framework.PermitPlugin;
import dev.wavetank.scheduler.framework.PodInfo;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Assumed pods that permit plugins told to wait.
 *
 * <p>Follows pkg/scheduler/framework/runtime/waiting_pods_map.go (v1.36).
 */
final class WaitingPods {

  /** Told how the waiting ended. */
  interface Outcome {
    void allowed();

    void rejected(String plugin, String message);

    void preempted(String message);
  }

  private static final class Waiting {
    final Map<String, Timer> timers = new LinkedHashMap<>();
    final Outcome outcome;

    Waiting(Outcome outcome) {
      this.outcome = outcome;
    }
  }

  private final Simulation simulation;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  WaitingPods(Simulation simulation) {
    this.simulation = simulation;
  }

  void add(PodInfo pod, List<PermitPlugin> plugins, Outcome outcome) {
    Waiting entry = new Waiting(outcome);
    waiting.put(pod.uid(), entry);
    for (PermitPlugin plugin : plugins) {
      String name = plugin.name();
      String timeout =
          "rejected due to timeout after waiting "
              + goDuration(plugin.waitNanosMax())
              + " at plugin "
              + name;
      entry.timers.put(
          name,
          simulation.after(
              plugin.waitNanosMax(),
              "scheduler/permit-timeout",
              pod.key(),
              () -> reject(pod, name, timeout)));
    }
  }

  private static String goDuration(long nanos) {
    Duration duration = Duration.ofNanos(nanos);
    String hours = duration.toHours() > 0 ? duration.toHours() + "h" : "";
    String minutes = duration.toMinutes() > 0 ? duration.toMinutesPart() + "m" : "";
    return hours + minutes + duration.toSecondsPart() + "s";
  }

  /** Whether the pod still waits. */
  boolean holds(PodInfo pod) {
    return waiting.containsKey(pod.uid());
  }

  void allow(PodInfo pod, String plugin) {
    Waiting entry = waiting.get(pod.uid());
    if (entry == null) {
      return;
    }
    Timer timer = entry.timers.remove(plugin);
    if (timer != null) {
      timer.cancel();
    }
    if (entry.timers.isEmpty()) {
      waiting.remove(pod.uid());
      entry.outcome.allowed();
    }
  }

  private @Nullable Waiting take(PodInfo pod) {
    Waiting entry = waiting.remove(pod.uid());
    if (entry != null) {
      entry.timers.values().forEach(Timer::cancel);
    }
    return entry;
  }

  /** Ends the waiting without telling anybody. */
  void forget(PodInfo pod) {
    take(pod);
  }

  /** Returns whether the pod was waiting. */
  boolean reject(PodInfo pod, String plugin, String message) {
    Waiting entry = take(pod);
    if (entry != null) {
      entry.outcome.rejected(plugin, message);
    }
    return entry != null;
  }

  /** Returns whether the pod was waiting. */
  boolean preempt(PodInfo pod, String message) {
    Waiting entry = take(pod);
    if (entry != null) {
      entry.outcome.preempted(message);
    }
    return entry != null;
  }
}
