package dev.wavetank.core.kubelet.prober;

/**
 * Result of probing a container.
 *
 * <p>Follows pkg/kubelet/prober/results/results_manager.go (v1.36).
 */
public enum ProbeResult {
  UNKNOWN("UNKNOWN"),
  SUCCESS("Success"),
  FAILURE("Failure");

  private final String label;

  ProbeResult(String label) {
    this.label = label;
  }

  /** As Kubernetes writes it. */
  public String label() {
    return label;
  }
}
