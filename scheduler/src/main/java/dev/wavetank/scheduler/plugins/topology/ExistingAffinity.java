package dev.wavetank.scheduler.plugins.topology;

import dev.wavetank.scheduler.framework.AffinityTerm;
import dev.wavetank.scheduler.framework.Domains;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodAffinity;
import dev.wavetank.scheduler.framework.PodChanges;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SharedLister;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pods on nodes that have affinity terms, counted by topology domain. Pods of one namespace
 * with equal terms are one group, since another pod is meant by all of them or by none.
 */
public final class ExistingAffinity {

  /** Pods with equal terms. */
  public static final class Group {
    private final PodAffinity affinity;
    private final String namespace;
    private final Map<String, Counted> byTopologyKey = new LinkedHashMap<>();
    private int pods;

    private Group(PodAffinity affinity, String namespace, SharedLister lister) {
      this.affinity = affinity;
      this.namespace = namespace;
      count(affinity.requiredAffinity(), lister);
      count(affinity.requiredAntiAffinity(), lister);
      count(affinity.preferredAffinity(), lister);
      count(affinity.preferredAntiAffinity(), lister);
    }

    private void count(List<AffinityTerm> terms, SharedLister lister) {
      for (AffinityTerm term : terms) {
        byTopologyKey.computeIfAbsent(term.topologyKey(), key -> new Counted(lister.domains(key)));
      }
    }

    public PodAffinity affinity() {
      return affinity;
    }

    public String namespace() {
      return namespace;
    }

    /** How many pods of the group are in each domain of a topology key of one of its terms. */
    public Counted by(String topologyKey) {
      Counted counted = byTopologyKey.get(topologyKey);
      if (counted == null) {
        throw new IllegalArgumentException("no term with topology key " + topologyKey);
      }
      return counted;
    }

    private void add(NodeInfo node, int sign) {
      pods += sign;
      for (Counted counted : byTopologyKey.values()) {
        int domain = counted.domains.of(node);
        if (domain != Domains.NONE) {
          counted.counts[domain] += sign;
          counted.total += sign;
        }
      }
    }
  }

  /** Numbers of pods by domain. */
  public static final class Counted {
    private final Domains domains;
    private final int[] counts;
    private int total;

    private Counted(Domains domains) {
      this.domains = domains;
      this.counts = new int[domains.count()];
    }

    public Domains domains() {
      return domains;
    }

    public int in(int domain) {
      return counts[domain];
    }

    /** How many there are in all domains together. */
    public int total() {
      return total;
    }
  }

  private record Key(PodAffinity affinity, String namespace) {}

  private final SharedLister lister;
  private final Map<Key, Group> groups = new LinkedHashMap<>();
  private long topologyGeneration;
  private long seen;

  public ExistingAffinity(SharedLister lister) {
    this.lister = lister;
  }

  /** The groups as the pods are now. */
  public Collection<Group> groups() {
    PodChanges changes = lister.podChanges();
    NodeInfo[] nodes = lister.nodes();
    if (topologyGeneration != lister.topologyGeneration() || !changes.reachesBackTo(seen)) {
      topologyGeneration = lister.topologyGeneration();
      groups.clear();
      for (NodeInfo node : nodes) {
        for (PodInfo pod : node.pods()) {
          add(pod, node, 1);
        }
      }
    } else {
      for (long number = seen; number < changes.end(); number++) {
        NodeInfo node = changes.node(number);
        if (node.position() >= 0) {
          add(changes.pod(number), node, changes.sign(number));
        }
      }
    }
    seen = changes.end();
    return groups.values();
  }

  private void add(PodInfo pod, NodeInfo node, int sign) {
    PodAffinity affinity = pod.spec().podAffinity();
    if (affinity.none()) {
      return;
    }
    Key key = new Key(affinity, pod.key().namespace());
    Group group = groups.get(key);
    if (group == null) {
      group = new Group(affinity, pod.key().namespace(), lister);
      groups.put(key, group);
    }
    group.add(node, sign);
    if (group.pods == 0) {
      groups.remove(key);
    }
  }
}
