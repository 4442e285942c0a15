package dev.wavetank.core.kubelet.prober;

import java.util.function.Consumer;

/** Runs a probe once. */
public interface ProbeAction {

  /**
   * Asks the container that the worker is about.
   *
   * @param then called once, at once or later
   */
  void probe(Worker worker, Consumer<ProbeOutcome> then);
}
