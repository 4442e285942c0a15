package dev.wavetank.core.kubelet.prober;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.Memo;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes the workers of a node's pods.
 *
 * <p>Follows pkg/kubelet/prober/prober_manager.go (v1.36).
 */
public final class ProberManager {

  private final Simulation simulation;
  private final Prober prober;
  private final ChoiceStream jitter;
  private final Memo<List<Probe>> probes = new Memo<>(this::probesOf);
  private long startedNanos;

  /**
   * A manager without workers.
   *
   * @param startedNanos when the kubelet was started, which may be before the simulation
   */
  public ProberManager(
      Simulation simulation, EventRecorder recorder, String node, long startedNanos) {
    this.simulation = simulation;
    this.prober = new Prober(simulation, recorder);
    this.jitter = simulation.choices().stream("prober/" + node + "/start");
    this.startedNanos = startedNanos;
  }

  /** The kubelet has started again: workers made soon wait a part of their period first. */
  public void restarted() {
    startedNanos = simulation.now();
  }

  /**
   * Starts the workers of a pod's containers, each after it was registered.
   *
   * @param register takes each worker
   */
  public void addPod(ProbedPod pod, Consumer<Worker> register) {
    KubeMap spec = pod.pod().spec();
    KubeList containers = spec.listOrEmpty("containers");
    for (int i = 0; i < containers.size(); i++) {
      addContainer(pod, containers.map(i), register);
    }
    KubeList inits = spec.listOrEmpty("initContainers");
    for (int i = 0; i < inits.size(); i++) {
      if (inits.map(i).string("restartPolicy", "").equals("Always")) {
        addContainer(pod, inits.map(i), register);
      }
    }
  }

  private void addContainer(ProbedPod pod, KubeMap container, Consumer<Worker> register) {
    for (Probe probe : probes.of(container)) {
      Worker worker = new Worker(pod, probe);
      register.accept(worker);
      long period = probe.periodNanos();
      boolean fresh = period > simulation.now() - startedNanos;
      worker.start(fresh ? jitter.between(0, period - 1) : 0);
    }
  }

  private List<Probe> probesOf(KubeMap container) {
    List<Probe> found = new ArrayList<>(2);
    for (ProbeType type :
        new ProbeType[] {ProbeType.STARTUP, ProbeType.READINESS, ProbeType.LIVENESS}) {
      if (container.has(type.field())) {
        found.add(new Probe(simulation, prober, container, type));
      }
    }
    return found;
  }
}
