package dev.wavetank.core.networkpolicy;

/** Which way of a pod's traffic a policy is about. */
enum Direction {
  INGRESS("Ingress", "ingress", "from"),
  EGRESS("Egress", "egress", "to");

  private final String type;
  private final String rules;
  private final String peers;

  Direction(String type, String rules, String peers) {
    this.type = type;
    this.rules = rules;
    this.peers = peers;
  }

  /** As {@code policyTypes} writes it. */
  String type() {
    return type;
  }

  /** The field that holds its rules. */
  String rules() {
    return rules;
  }

  /** The field of a rule that holds the other ends. */
  String peers() {
    return peers;
  }
}
