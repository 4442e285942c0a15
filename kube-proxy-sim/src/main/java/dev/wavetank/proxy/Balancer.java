package dev.wavetank.proxy;

/** How the rules of a Service choose among its endpoints. */
public enum Balancer {
  /** Every connection draws anew: what kube-proxy does. */
  RANDOM("random"),
  /** Connections go round, counted by each node for each Service: what the textbook says. */
  ROUND_ROBIN("round-robin");

  private final String configName;

  Balancer(String configName) {
    this.configName = configName;
  }

  /** The name in scenarios and settings. */
  public String configName() {
    return configName;
  }
}
