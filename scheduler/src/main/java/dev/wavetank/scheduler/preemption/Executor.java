package dev.wavetank.scheduler.preemption;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.DisruptionTarget;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Profile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evicts victims while the scheduler goes on: all but the last at the same time, then the last.
 * Until then the preemptor is kept out of the active queue.
 *
 * <p>Follows pkg/scheduler/framework/preemption/executor.go (v1.36), with asynchronous preemption
 * as it is by default.
 */
public final class Executor {

  /** A pod for which others are being evicted. */
  private static final class Preempting {
    /** The victim that is evicted last; empty while the others are. */
    private List<ObjectKey> lastVictim = List.of();
  }

  private final Handle handle;
  private final String pluginName;
  private final Map<String, Preempting> preempting = new LinkedHashMap<>();

  /**
   * An executor.
   *
   * @param pluginName in whose name pods are evicted
   */
  public Executor(Handle handle, String pluginName) {
    this.handle = handle;
    this.pluginName = pluginName;
  }

  /** Begins to evict the victims of a candidate; does nothing in a dry run. */
  public void actuate(Candidate candidate, PodInfo preemptor) {
    ApiClient client = handle.client();
    EventRecorder recorder = handle.recorder();
    if (client == null || recorder == null) {
      return;
    }
    List<PodInfo> victims = new ArrayList<>();
    for (PodInfo victim : candidate.victims()) {
      if (!victim.terminating()) {
        victims.add(victim);
      }
    }
    if (victims.isEmpty()) {
      return;
    }
    Preempting running = new Preempting();
    preempting.put(preemptor.uid(), running);
    Run run = new Run(client, recorder, candidate.node(), preemptor, victims, running);
    client
        .server()
        .simulation()
        .after(0, "scheduler/preempt", preemptor.key(), run::clearLowerNominations);
  }

  /** Whether victims are still being evicted for a pod. */
  public boolean running(String preemptorUid) {
    Preempting running = preempting.get(preemptorUid);
    if (running == null) {
      return false;
    }
    if (running.lastVictim.isEmpty()) {
      return true;
    }
    KubeObject victim = handle.view().find(running.lastVictim.get(0));
    return victim != null && !victim.terminating();
  }

  /** The eviction of one candidate's victims. */
  private final class Run {
    private final ApiClient client;
    private final EventRecorder recorder;
    private final Simulation simulation;
    private final String node;
    private final PodInfo preemptor;
    private final List<PodInfo> victims;
    private final Preempting running;
    private boolean failed;

    Run(
        ApiClient client,
        EventRecorder recorder,
        String node,
        PodInfo preemptor,
        List<PodInfo> victims,
        Preempting running) {
      this.client = client;
      this.recorder = recorder;
      this.simulation = client.server().simulation();
      this.node = node;
      this.preemptor = preemptor;
      this.victims = victims;
      this.running = running;
    }

    /** Pods of lower priority that are nominated to the node look for another place. */
    void clearLowerNominations() {
      long longest = client.takeElapsedNanos();
      for (PodInfo other : List.copyOf(handle.nominator().nominatedPodsForNode(node))) {
        if (other.spec().priority() < preemptor.spec().priority()
            && !other.nominatedNodeName().isEmpty()) {
          try {
            client.patchStatus(other.key(), status -> status.without("nominatedNodeName"));
          } catch (ApiException e) {
            failed = true;
          }
          longest += client.takeElapsedNanos();
        }
      }
      then(longest, this::evictAllButTheLast);
    }

    private void then(long nanos, Runnable next) {
      simulation.after(nanos, "scheduler/preempt", preemptor.key(), next);
    }

    private void evictAllButTheLast() {
      long longest = 0;
      boolean evicted = true;
      for (int i = 0; i < victims.size() - 1; i++) {
        evicted &= evict(victims.get(i));
        longest = Math.max(longest, client.takeElapsedNanos());
      }
      if (evicted) {
        then(longest, this::evictTheLast);
      } else {
        failed = true;
        then(longest, this::finish);
      }
    }

    private void evictTheLast() {
      PodInfo last = victims.get(victims.size() - 1);
      running.lastVictim = List.of(last.key());
      failed |= !evict(last);
      then(client.takeElapsedNanos(), this::finish);
    }

    private void finish() {
      preempting.remove(preemptor.uid(), running);
      if (failed) {
        handle.activate(preemptor.key());
      }
    }

    /** Returns whether the victim is gone, or going. */
    private boolean evict(PodInfo victim) {
      KubeObject object = handle.view().find(victim.key());
      String message = "Preempted by pod " + preemptor.uid() + " on node " + node;
      if (handle.preemptAssumedPod(victim, pluginName)) {
        message += " (in kube-scheduler memory).";
      } else {
        try {
          client.patchStatus(victim.key(), status -> Conditions.with(status, disrupted(object)));
          client.delete(victim.key(), DeleteOptions.BACKGROUND);
        } catch (ApiException e) {
          return e.notFound();
        }
      }
      if (object != null) {
        recorder.normal(object, "Preempted", message);
      }
      return true;
    }

    private String schedulerName() {
      return preemptor.spec().tree().string("schedulerName", Profile.DEFAULT_SCHEDULER_NAME);
    }

    private KubeMap disrupted(@Nullable KubeObject victim) {
      return DisruptionTarget.because(
          victim == null ? 0 : victim.generation(),
          "PreemptionByScheduler",
          schedulerName() + ": preempting to accommodate a higher priority pod",
          client.server().timestamp());
    }
  }
}
