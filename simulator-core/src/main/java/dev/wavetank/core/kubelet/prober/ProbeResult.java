package dev.wavetank.core.kubelet.prober;

/** Result of probing a container. */
public enum ProbeResult {
  UNKNOWN("Unknown"),
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
