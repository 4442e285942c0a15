package dev.wavetank.core.kubelet.prober;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the workers of a node's pods.
 *
 * <p>Follows pkg/kubelet/prober/prober_manager.go (v1.36).
 */
public final class ProberManager {

  /** Forms of probes that are remembered; then the memory starts anew. */
  private static final int SPECS_MAX = 4096;

  private final Simulation simulation;
  private final Prober prober;
  private final ChoiceStream jitter;
  private final Map<KubeMap, ProbeSpec> specs = new LinkedHashMap<>();
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

  /** Starts the workers of a pod's containers; the list is theirs from now on. */
  public List<Worker> addPod(ProbedPod pod) {
    List<Worker> workers = new ArrayList<>(2);
    KubeMap spec = pod.pod().spec();
    for (KubeMap container : spec.listOrEmpty("containers").maps()) {
      addContainer(pod, container, workers);
    }
    for (KubeMap container : spec.listOrEmpty("initContainers").maps()) {
      if (container.string("restartPolicy", "").equals("Always")) {
        addContainer(pod, container, workers);
      }
    }
    return workers;
  }

  private void addContainer(ProbedPod pod, KubeMap container, List<Worker> workers) {
    add(pod, container, ProbeType.STARTUP, workers);
    add(pod, container, ProbeType.READINESS, workers);
    add(pod, container, ProbeType.LIVENESS, workers);
  }

  private void add(ProbedPod pod, KubeMap container, ProbeType type, List<Worker> workers) {
    KubeMap probe = container.map(type.field());
    if (probe == null) {
      return;
    }
    ProbeSpec spec = specs.get(probe);
    if (spec == null) {
      if (specs.size() >= SPECS_MAX) {
        specs.clear();
      }
      spec = new ProbeSpec(probe);
      specs.put(probe, spec);
    }
    Worker worker = new Worker(simulation, pod, container, type, spec, prober, false);
    workers.add(worker);
    long period = spec.periodNanos();
    boolean fresh = period > simulation.now() - startedNanos;
    worker.start(fresh ? jitter.between(0, period - 1) : 0);
  }
}
