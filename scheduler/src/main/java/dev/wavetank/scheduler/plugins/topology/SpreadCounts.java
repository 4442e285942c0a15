package dev.wavetank.scheduler.plugins.topology;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.framework.SharedLister;
import dev.wavetank.scheduler.framework.SpreadConstraint;
import dev.wavetank.scheduler.framework.Toleration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pods that the topology spread constraints of a pod count, by domain, one count a constraint.
 */
public final class SpreadCounts {

  /** The label by which every node is a domain of its own. */
  public static final String HOSTNAME = "kubernetes.io/hostname";

  /** One constraint with the selector that holds for the pod. */
  public static final class Constraint {
    private final SpreadConstraint written;
    private final LabelSelector selector;
    private final MatchCounts counts;

    private Constraint(SpreadConstraint written, LabelSelector selector, MatchCounts counts) {
      this.written = written;
      this.selector = selector;
      this.counts = counts;
    }

    public int maxSkew() {
      return written.maxSkew();
    }

    public String topologyKey() {
      return written.topologyKey();
    }

    public int minDomains() {
      return written.minDomains();
    }

    /** Whether a toleration may change which nodes count. */
    public boolean honorsTaints() {
      return written.honorNodeTaints();
    }

    /** Whether labels are selected. */
    public boolean selects(KubeMap labels) {
      return selector.matches(labels);
    }

    /** The pods that are counted. */
    public MatchCounts counts() {
      return counts;
    }

    /** How many pods of one node are counted, whether the node is eligible or not. */
    public int onNode(NodeInfo node) {
      return counts.on(node);
    }
  }

  /** Counts pods of a namespace that a selector selects and that are not being deleted. */
  private static final class Selected extends PodMatcher {
    private final String namespace;
    private final LabelSelector selector;

    Selected(String namespace, LabelSelector selector) {
      super(false);
      this.namespace = namespace;
      this.selector = selector;
    }

    @Override
    protected boolean namespaceMatches(String of) {
      return namespace.equals(of);
    }

    @Override
    protected boolean labelsMatch(KubeMap labels) {
      return !selector.empty() && selector.matches(labels);
    }
  }

  private final ImmutableList<Constraint> constraints;

  /**
   * Counts of nothing yet.
   *
   * @param selectors one a constraint; null selects nothing
   * @param allTopologies whether only nodes count that have the topology keys of all constraints
   * @throws IllegalArgumentException with upstream's words when a selector is wrong
   */
  public SpreadCounts(
      List<SpreadConstraint> written,
      List<@Nullable KubeMap> selectors,
      boolean allTopologies,
      String namespace,
      SchedulingSpec spec,
      SharedLister lister) {
    ImmutableList.Builder<Constraint> built = ImmutableList.builder();
    for (int i = 0; i < written.size(); i++) {
      SpreadConstraint constraint = written.get(i);
      LabelSelector selector = LabelSelector.of(selectors.get(i));
      PodMatcher matcher = new Selected(namespace, selector);
      MatchCounts counts =
          new MatchCounts(
              lister,
              constraint.topologyKey(),
              matcher,
              node ->
                  (!allTopologies || hasAllTopologies(written, node.labels()))
                      && eligible(constraint, spec, node),
              constraint.topologyKey().equals(HOSTNAME));
      built.add(new Constraint(constraint, selector, counts));
    }
    this.constraints = built.build();
  }

  /** Whether labels of a node name a domain for every constraint. */
  public static boolean hasAllTopologies(List<SpreadConstraint> constraints, KubeMap labels) {
    for (int i = 0; i < constraints.size(); i++) {
      if (!labels.has(constraints.get(i).topologyKey())) {
        return false;
      }
    }
    return true;
  }

  private static boolean eligible(SpreadConstraint constraint, SchedulingSpec spec, NodeInfo node) {
    return (!constraint.honorNodeAffinity() || spec.matchesNode(node))
        && (!constraint.honorNodeTaints()
            || Toleration.tolerateAll(spec.tolerations(), node.doNotScheduleTaints()));
  }

  /** Brings the counts up to date. */
  public void refresh() {
    for (int i = 0; i < constraints.size(); i++) {
      constraints.get(i).counts.refresh();
    }
  }

  public int size() {
    return constraints.size();
  }

  public Constraint constraint(int index) {
    return constraints.get(index);
  }
}
