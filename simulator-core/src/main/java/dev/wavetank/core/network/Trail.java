package dev.wavetank.core.network;

/** Collects what happened to a packet, step by step, for people. */
public interface Trail {

  /**
   * One step.
   *
   * @param where the station, such as {@code node-1 nat KUBE-SERVICES}
   * @param rule the rule that decided, as text; empty when none did
   * @param words what it means
   */
  void step(String where, String rule, String words);
}
