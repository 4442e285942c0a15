package dev.wavetank.scheduler.plugins;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.scheduler.framework.AffinityTerm;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Domains;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SharedLister;
import dev.wavetank.scheduler.plugins.topology.ExistingAffinity;
import dev.wavetank.scheduler.plugins.topology.OwnTerms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What filtering one pod by its affinity needs to know: how many pods its terms mean in each
 * domain, and in which domains pods are that keep it away. Pods that are supposed to come or go are
 * kept as differences, so that a copy costs little.
 */
final class AffinityState implements CycleState.StateData {

  /** Differences of counts, by domain, for one list of counts. */
  private static final class Differences {
    private int[] where = {};
    private int[] amounts = {};

    Differences copy() {
      Differences copy = new Differences();
      copy.where = where.clone();
      copy.amounts = amounts.clone();
      return copy;
    }

    void add(int domain, int amount) {
      for (int i = 0; i < where.length; i++) {
        if (where[i] == domain) {
          amounts[i] += amount;
          return;
        }
      }
      where = Arrays.copyOf(where, where.length + 1);
      amounts = Arrays.copyOf(amounts, amounts.length + 1);
      where[where.length - 1] = domain;
      amounts[amounts.length - 1] = amount;
    }

    int at(int domain) {
      for (int i = 0; i < where.length; i++) {
        if (where[i] == domain) {
          return amounts[i];
        }
      }
      return 0;
    }

    int total() {
      int total = 0;
      for (int amount : amounts) {
        total += amount;
      }
      return total;
    }
  }

  /** The pods with anti-affinity against the pod, by domain of one topology key. */
  private static final class KeptAway {
    final Domains domains;
    final List<ExistingAffinity.Counted> counted;
    final Differences differences;

    KeptAway(Domains domains, List<ExistingAffinity.Counted> counted, Differences differences) {
      this.domains = domains;
      this.counted = counted;
      this.differences = differences;
    }

    int at(int domain) {
      int sum = differences.at(domain);
      for (int i = 0; i < counted.size(); i++) {
        sum += counted.get(i).in(domain);
      }
      return sum;
    }
  }

  private final PodInfo pod;
  private final KubeMap namespaceLabels;
  private final OwnTerms affinity;
  private final OwnTerms antiAffinity;
  private final Differences[] affinityDifferences;
  private final Differences[] antiAffinityDifferences;
  private final List<KeptAway> keptAway;

  AffinityState(PodInfo pod, KubeMap namespaceLabels, OwnTerms affinity, OwnTerms antiAffinity) {
    this.pod = pod;
    this.namespaceLabels = namespaceLabels;
    this.affinity = affinity;
    this.antiAffinity = antiAffinity;
    this.affinityDifferences = differences(affinity.size());
    this.antiAffinityDifferences = differences(antiAffinity.size());
    this.keptAway = new ArrayList<>(1);
  }

  private static Differences[] differences(int count) {
    Differences[] differences = new Differences[count];
    for (int i = 0; i < count; i++) {
      differences[i] = new Differences();
    }
    return differences;
  }

  private AffinityState(AffinityState other) {
    this.pod = other.pod;
    this.namespaceLabels = other.namespaceLabels;
    this.affinity = other.affinity;
    this.antiAffinity = other.antiAffinity;
    this.affinityDifferences = copies(other.affinityDifferences);
    this.antiAffinityDifferences = copies(other.antiAffinityDifferences);
    this.keptAway = new ArrayList<>(other.keptAway.size());
    for (KeptAway away : other.keptAway) {
      keptAway.add(new KeptAway(away.domains, away.counted, away.differences.copy()));
    }
  }

  private static Differences[] copies(Differences[] of) {
    Differences[] copies = new Differences[of.length];
    for (int i = 0; i < of.length; i++) {
      copies[i] = of[i].copy();
    }
    return copies;
  }

  @Override
  public AffinityState copy() {
    return new AffinityState(this);
  }

  /** Notes pods on nodes that have an anti-affinity against the pod. */
  void keptAwayBy(ExistingAffinity.Counted counted) {
    if (counted.total() > 0) {
      away(counted.domains()).counted.add(counted);
    }
  }

  private KeptAway away(Domains domains) {
    for (KeptAway away : keptAway) {
      if (away.domains.topologyKey().equals(domains.topologyKey())) {
        return away;
      }
    }
    KeptAway away = new KeptAway(domains, new ArrayList<>(1), new Differences());
    keptAway.add(away);
    return away;
  }

  /** Whether no node can be turned down. */
  boolean saysNothing() {
    return keptAway.isEmpty() && affinity.size() == 0 && antiAffinity.size() == 0;
  }

  /** Another pod is supposed to come to a node (1) or to leave it (-1). */
  void update(PodInfo other, NodeInfo node, int sign, SharedLister lister) {
    for (AffinityTerm term : other.spec().podAffinity().requiredAntiAffinity()) {
      if (term.matches(other.key().namespace(), pod, namespaceLabels)) {
        Domains domains = lister.domains(term.topologyKey());
        int domain = domains.of(node);
        if (domain != Domains.NONE) {
          away(domains).differences.add(domain, sign);
        }
      }
    }
    update(affinity, affinityDifferences, other, node, sign);
    update(antiAffinity, antiAffinityDifferences, other, node, sign);
  }

  private static void update(
      OwnTerms terms, Differences[] differences, PodInfo other, NodeInfo node, int sign) {
    for (int i = 0; i < terms.size(); i++) {
      int domain = terms.counts(i).domains().of(node);
      if (domain != Domains.NONE && terms.means(i, other)) {
        differences[i].add(domain, sign);
      }
    }
  }

  /** Whether pods that the pod wants to be near are in the node's domains. */
  boolean affinityHolds(NodeInfo node) {
    boolean podsExist = true;
    for (int i = 0; i < affinity.size(); i++) {
      int domain = affinity.counts(i).domains().of(node);
      if (domain == Domains.NONE) {
        return false;
      }
      podsExist &= affinity.counts(i).in(domain) + affinityDifferences[i].at(domain) > 0;
    }
    return podsExist || firstOfItsKind();
  }

  /** A pod that wants to be near pods like itself may be the first of them. */
  private boolean firstOfItsKind() {
    int total = affinity.total();
    for (Differences differences : affinityDifferences) {
      total += differences.total();
    }
    return total == 0 && affinity.means(0, pod);
  }

  /** Whether no pod that the pod wants to be apart from is in the node's domains. */
  boolean antiAffinityHolds(NodeInfo node) {
    for (int i = 0; i < antiAffinity.size(); i++) {
      int domain = antiAffinity.counts(i).domains().of(node);
      if (domain != Domains.NONE
          && antiAffinity.counts(i).in(domain) + antiAffinityDifferences[i].at(domain) > 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether no pod that wants to be apart from the pod is in the node's domains. */
  boolean existingAntiAffinityHolds(NodeInfo node) {
    for (int i = 0; i < keptAway.size(); i++) {
      KeptAway away = keptAway.get(i);
      int domain = away.domains.of(node);
      if (domain != Domains.NONE && away.at(domain) > 0) {
        return false;
      }
    }
    return true;
  }
}
