package dev.wavetank.scheduler.plugins;

import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Domains;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.plugins.topology.MatchCounts;
import dev.wavetank.scheduler.plugins.topology.SpreadCounts;

/**
 * What filtering one pod by its topology spread constraints needs to know: the pods in each domain
 * and the fewest in any. Pods that are supposed to come or go on one node are kept as differences.
 */
final class SpreadState implements CycleState.StateData {

  private static final int NO_MINIMUM = Integer.MAX_VALUE;

  private final SpreadCounts counts;
  private final boolean[] matchesItself;
  private final int[] minimum;
  private final int[] minimumDomain;

  /** The fewest in any other domain than the one with the fewest. */
  private final int[] secondMinimum;

  private final int[] changedDomain;
  private final int[] difference;

  SpreadState(PodInfo pod, SpreadCounts counts) {
    int size = counts.size();
    this.counts = counts;
    this.matchesItself = new boolean[size];
    this.minimum = new int[size];
    this.minimumDomain = new int[size];
    this.secondMinimum = new int[size];
    this.changedDomain = new int[size];
    this.difference = new int[size];
    for (int i = 0; i < size; i++) {
      matchesItself[i] = counts.constraint(i).selects(pod.labels());
      changedDomain[i] = Domains.NONE;
      findMinimum(i, counts.constraint(i).counts());
    }
  }

  private SpreadState(SpreadState other) {
    this.counts = other.counts;
    this.matchesItself = other.matchesItself;
    this.minimum = other.minimum;
    this.minimumDomain = other.minimumDomain;
    this.secondMinimum = other.secondMinimum;
    this.changedDomain = other.changedDomain.clone();
    this.difference = other.difference.clone();
  }

  @Override
  public SpreadState copy() {
    return new SpreadState(this);
  }

  private void findMinimum(int index, MatchCounts of) {
    int first = NO_MINIMUM;
    int second = NO_MINIMUM;
    int where = Domains.NONE;
    int domains = of.domains().count();
    for (int domain = 0; domain < domains; domain++) {
      if (!of.present(domain)) {
        continue;
      }
      int count = of.in(domain);
      if (count < first) {
        second = first;
        first = count;
        where = domain;
      } else if (count < second) {
        second = count;
      }
    }
    minimum[index] = first;
    secondMinimum[index] = second;
    minimumDomain[index] = where;
  }

  /** Another pod is supposed to come to a node (1) or to leave it (-1). */
  void update(PodInfo other, NodeInfo node, int sign) {
    for (int i = 0; i < counts.size(); i++) {
      SpreadCounts.Constraint constraint = counts.constraint(i);
      if (constraint.counts().counts(node) && constraint.selects(other.labels())) {
        int domain = constraint.counts().domains().of(node);
        if (changedDomain[i] != domain) {
          changedDomain[i] = domain;
          difference[i] = 0;
        }
        difference[i] += sign;
      }
    }
  }

  int size() {
    return counts.size();
  }

  /** The domain of a node for a constraint, or {@link Domains#NONE}. */
  int domain(int constraint, NodeInfo node) {
    return counts.constraint(constraint).counts().domains().of(node);
  }

  /** Whether a domain would be more crowded than the constraint allows. */
  boolean skewed(int index, int domain) {
    SpreadCounts.Constraint constraint = counts.constraint(index);
    int matching = constraint.counts().in(domain);
    int fewest = minimum[index];
    int changed = changedDomain[index];
    if (changed != Domains.NONE) {
      int there = constraint.counts().in(changed) + difference[index];
      int elsewhere = changed == minimumDomain[index] ? secondMinimum[index] : fewest;
      fewest = Math.min(there, elsewhere);
      matching = domain == changed ? there : matching;
    }
    if (constraint.counts().presentDomains() < constraint.minDomains()) {
      fewest = 0;
    }
    long skew = (long) matching + (matchesItself[index] ? 1 : 0) - fewest;
    return skew > constraint.maxSkew();
  }
}
