package dev.wavetank.core.kubelet.prober;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.sim.Simulation;

/**
 * A probe of a container's spec with its knobs read once, and what runs it. The workers of all
 * containers of that form share it.
 */
public final class Probe {

  private static final long SECOND = 1_000_000_000L;

  private final Simulation simulation;
  private final ProbeAction action;
  private final KubeMap container;
  private final ProbeType type;
  private final KubeMap tree;
  private final int initialDelaySeconds;
  private final int timeoutSeconds;
  private final int periodSeconds;
  private final int successThreshold;
  private final int failureThreshold;

  /**
   * Reads the probe of a container; a knob that is absent has the API's default.
   *
   * @param container the container of a pod's spec, which has a probe of that type
   */
  public Probe(Simulation simulation, ProbeAction action, KubeMap container, ProbeType type) {
    this.simulation = simulation;
    this.action = action;
    this.container = container;
    this.type = type;
    this.tree = container.mapOrEmpty(type.field());
    this.initialDelaySeconds = (int) tree.number("initialDelaySeconds", 0);
    this.timeoutSeconds = positive(tree, "timeoutSeconds", 1);
    this.periodSeconds = positive(tree, "periodSeconds", 10);
    this.successThreshold = positive(tree, "successThreshold", 1);
    this.failureThreshold = positive(tree, "failureThreshold", 3);
  }

  private static int positive(KubeMap tree, String key, int otherwise) {
    long value = tree.number(key, 0);
    return value > 0 ? (int) value : otherwise;
  }

  Simulation simulation() {
    return simulation;
  }

  ProbeAction action() {
    return action;
  }

  /** The container of the pod's spec. */
  public KubeMap container() {
    return container;
  }

  public ProbeType type() {
    return type;
  }

  /** The probe as the spec has it. */
  KubeMap tree() {
    return tree;
  }

  int initialDelaySeconds() {
    return initialDelaySeconds;
  }

  long timeoutNanos() {
    return timeoutSeconds * SECOND;
  }

  long periodNanos() {
    return periodSeconds * SECOND;
  }

  int successThreshold() {
    return successThreshold;
  }

  int failureThreshold() {
    return failureThreshold;
  }
}
