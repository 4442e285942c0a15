package dev.wavetank.scheduler.plugins.topology;

import dev.wavetank.scheduler.framework.Domains;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodChanges;
import dev.wavetank.scheduler.framework.PodGroups;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SharedLister;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How many pods of the cluster match, by domain of one topology key. After {@link #refresh} it says
 * what counting all pods again would say; it only looks at those that came or went since the last
 * time.
 */
public final class MatchCounts {

  private static final int[] NONE = {};

  private final SharedLister lister;
  private final String topologyKey;
  private final PodMatcher matcher;
  private final @Nullable Predicate<NodeInfo> eligible;
  private Domains domains;
  private long topologyGeneration;
  private long seen;
  private int[] counts = NONE;

  /** How many eligible nodes each domain has. */
  private int[] nodes = NONE;

  private boolean @Nullable [] eligibleNodes;
  private final boolean byNode;
  private int[] onNodes = NONE;
  private int presentDomains;
  private int total;

  /**
   * Counts of nothing yet.
   *
   * @param eligible the nodes whose pods count; it may depend on labels and taints only; null for
   *     all
   * @param byNode whether the pods of every single node are counted too, see {@link #on}
   */
  public MatchCounts(
      SharedLister lister,
      String topologyKey,
      PodMatcher matcher,
      @Nullable Predicate<NodeInfo> eligible,
      boolean byNode) {
    this.lister = lister;
    this.topologyKey = topologyKey;
    this.matcher = matcher;
    this.eligible = eligible;
    this.byNode = byNode;
    this.domains = lister.domains(topologyKey);
  }

  /** Brings the counts up to date. */
  public void refresh() {
    PodChanges changes = lister.podChanges();
    NodeInfo[] current = lister.nodes();
    if (topologyGeneration != lister.topologyGeneration() || !changes.reachesBackTo(seen)) {
      countAll(current);
    } else {
      for (long number = seen; number < changes.end(); number++) {
        PodInfo pod = changes.pod(number);
        if (matcher.matches(pod)) {
          count(changes.node(number), changes.sign(number));
        }
      }
    }
    seen = changes.end();
  }

  private void countAll(NodeInfo[] current) {
    topologyGeneration = lister.topologyGeneration();
    domains = lister.domains(topologyKey);
    counts = new int[domains.count()];
    nodes = new int[domains.count()];
    eligibleNodes = eligible == null ? null : new boolean[current.length];
    int[] matching = matching(current.length);
    onNodes = byNode ? matching : NONE;
    presentDomains = 0;
    total = 0;
    for (int position = 0; position < current.length; position++) {
      NodeInfo node = current[position];
      int domain = domains.at(position);
      if (domain == Domains.NONE || (eligible != null && !eligible.test(node))) {
        continue;
      }
      if (eligibleNodes != null) {
        eligibleNodes[position] = true;
      }
      if (nodes[domain]++ == 0) {
        presentDomains++;
      }
      counts[domain] += matching[position];
      total += matching[position];
    }
  }

  /** How many matching pods each node has, by its position. */
  private int[] matching(int size) {
    int[] matching = new int[size];
    for (PodGroups.Group group : lister.podGroups().all()) {
      if (matcher.matches(group.example())) {
        group.forEach(
            (node, count) -> {
              if (node.position() >= 0) {
                matching[node.position()] += count;
              }
            });
      }
    }
    return matching;
  }

  private void count(NodeInfo node, int sign) {
    if (byNode && node.position() >= 0) {
      onNodes[node.position()] += sign;
    }
    int domain = domains.of(node);
    if (domain != Domains.NONE && (eligibleNodes == null || eligibleNodes[node.position()])) {
      counts[domain] += sign;
      total += sign;
    }
  }

  /** The domains that are counted in. */
  public Domains domains() {
    return domains;
  }

  /** How many matching pods the domain has. */
  public int in(int domain) {
    return counts[domain];
  }

  /** How many matching pods the domain of a node has; 0 when it is in none. */
  public int around(NodeInfo node) {
    int domain = domains.of(node);
    return domain == Domains.NONE ? 0 : counts[domain];
  }

  /** How many matching pods a node has, eligible or not. */
  public int on(NodeInfo node) {
    return onNodes[node.position()];
  }

  /** How many matching pods there are in all domains together. */
  public int total() {
    return total;
  }

  /** Whether a node's pods count: it is in a domain and eligible. */
  public boolean counts(NodeInfo node) {
    return domains.of(node) != Domains.NONE
        && (eligibleNodes == null || eligibleNodes[node.position()]);
  }

  /** Whether a domain has an eligible node. */
  public boolean present(int domain) {
    return nodes[domain] > 0;
  }

  /** How many domains have an eligible node. */
  public int presentDomains() {
    return presentDomains;
  }
}
