package dev.wavetank.core.kubelet.prober;

/** What a probe decides. */
public enum ProbeType {
  READINESS("Readiness", "readinessProbe", ProbeResult.FAILURE),
  LIVENESS("Liveness", "livenessProbe", ProbeResult.SUCCESS),
  STARTUP("Startup", "startupProbe", ProbeResult.UNKNOWN);

  private final String label;
  private final String field;
  private final ProbeResult initial;

  ProbeType(String label, String field, ProbeResult initial) {
    this.label = label;
    this.field = field;
    this.initial = initial;
  }

  /** As events write it. */
  public String label() {
    return label;
  }

  /** The container's field. */
  public String field() {
    return field;
  }

  /** The result of a container that has not been probed yet. */
  public ProbeResult initial() {
    return initial;
  }
}
