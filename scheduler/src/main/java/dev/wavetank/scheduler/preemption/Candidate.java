package dev.wavetank.scheduler.preemption;

import com.google.common.collect.ImmutableList;
import dev.wavetank.scheduler.framework.PodInfo;

/** A node on which a pod would fit if the victims were gone, and how much of a loss they are. */
public final class Candidate {

  private final String node;
  private final ImmutableList<PodInfo> victims;
  private final int pdbViolations;
  private final long highestPriority;
  private final long sumOfPriorities;
  private final String earliestStart;

  /**
   * A candidate.
   *
   * @param victims the most important first; at least one
   * @param pdbViolations how many of them a PodDisruptionBudget protects
   */
  public Candidate(String node, ImmutableList<PodInfo> victims, int pdbViolations) {
    this.node = node;
    this.victims = victims;
    this.pdbViolations = pdbViolations;
    this.highestPriority = victims.get(0).spec().priority();
    this.sumOfPriorities = Importance.sumOfPriorities(victims);
    this.earliestStart = Importance.earliestStart(victims);
  }

  public String node() {
    return node;
  }

  /** The most important first. */
  public ImmutableList<PodInfo> victims() {
    return victims;
  }

  /** How many victims a PodDisruptionBudget protects. */
  public int pdbViolations() {
    return pdbViolations;
  }

  /** Priority of the most important victim. */
  long highestPriority() {
    return highestPriority;
  }

  /** The sum of the priorities, each lifted above zero. */
  long sumOfPriorities() {
    return sumOfPriorities;
  }

  /** When the first of the victims of highest priority started. */
  String earliestStart() {
    return earliestStart;
  }
}
