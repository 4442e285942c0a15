package dev.wavetank.scheduler.preemption;

import com.google.common.collect.ImmutableList;
import dev.wavetank.scheduler.framework.PodInfo;

/**
 * A node on which a pod would fit if the victims were gone.
 *
 * @param victims the most important first; at least one
 * @param pdbViolations how many of them a PodDisruptionBudget protects
 */
public record Candidate(String node, ImmutableList<PodInfo> victims, int pdbViolations) {}
