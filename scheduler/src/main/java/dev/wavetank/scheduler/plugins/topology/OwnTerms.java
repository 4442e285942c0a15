package dev.wavetank.scheduler.plugins.topology;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.scheduler.framework.AffinityTerm;
import dev.wavetank.scheduler.framework.ClusterView;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SharedLister;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The pods on nodes that the terms of one kind of a pod mean, counted by the topology key of each
 * term. Namespaces that a term selects by their labels are resolved when it is built.
 */
public final class OwnTerms {

  /** Which namespaces a term means. */
  private record Namespaces(boolean all, ImmutableSet<String> names) {

    static Namespaces of(AffinityTerm term, String ofNamespace, ClusterView view) {
      LabelSelector selector = term.namespaceSelector();
      if (selector.empty()) {
        return new Namespaces(true, ImmutableSet.of());
      }
      Set<String> names = new LinkedHashSet<>(term.namespaces());
      if (term.ownNamespace()) {
        names.add(ofNamespace);
      }
      for (KubeObject namespace : view.list(ResourceType.NAMESPACES)) {
        if (selector.matches(namespace.labels())) {
          names.add(namespace.name());
        }
      }
      return new Namespaces(false, ImmutableSet.copyOf(names));
    }

    boolean contains(String namespace) {
      return all || names.contains(namespace);
    }
  }

  /** Counts pods that all of some terms mean. */
  private static final class Terms extends PodMatcher {
    private final List<AffinityTerm> terms;
    private final List<Namespaces> namespaces;

    Terms(List<AffinityTerm> terms, List<Namespaces> namespaces) {
      super(true);
      this.terms = terms;
      this.namespaces = namespaces;
    }

    @Override
    protected boolean namespaceMatches(String namespace) {
      for (Namespaces of : namespaces) {
        if (!of.contains(namespace)) {
          return false;
        }
      }
      return true;
    }

    @Override
    protected boolean labelsMatch(KubeMap labels) {
      for (AffinityTerm term : terms) {
        if (!term.selector().matches(labels)) {
          return false;
        }
      }
      return true;
    }
  }

  private final ImmutableList<AffinityTerm> terms;
  private final ImmutableList<PodMatcher> matchers;
  private final ImmutableList<MatchCounts> counts;

  private OwnTerms(
      ImmutableList<AffinityTerm> terms, List<PodMatcher> matchers, SharedLister lister) {
    this.terms = terms;
    this.matchers = ImmutableList.copyOf(matchers);
    ImmutableList.Builder<MatchCounts> built = ImmutableList.builder();
    for (int i = 0; i < terms.size(); i++) {
      built.add(new MatchCounts(lister, terms.get(i).topologyKey(), matchers.get(i), null, false));
    }
    this.counts = built.build();
  }

  /** Counts for each term the pods that it means. */
  public static OwnTerms each(
      ImmutableList<AffinityTerm> terms, String namespace, ClusterView view, SharedLister lister) {
    ImmutableList.Builder<PodMatcher> matchers = ImmutableList.builder();
    for (AffinityTerm term : terms) {
      matchers.add(
          new Terms(
              ImmutableList.of(term), ImmutableList.of(Namespaces.of(term, namespace, view))));
    }
    return new OwnTerms(terms, matchers.build(), lister);
  }

  /** Counts for each term the pods that all terms mean. */
  public static OwnTerms together(
      ImmutableList<AffinityTerm> terms, String namespace, ClusterView view, SharedLister lister) {
    ImmutableList.Builder<Namespaces> namespaces = ImmutableList.builder();
    for (AffinityTerm term : terms) {
      namespaces.add(Namespaces.of(term, namespace, view));
    }
    PodMatcher all = new Terms(terms, namespaces.build());
    ImmutableList.Builder<PodMatcher> matchers = ImmutableList.builder();
    for (int i = 0; i < terms.size(); i++) {
      matchers.add(all);
    }
    return new OwnTerms(terms, matchers.build(), lister);
  }

  /** Brings the counts up to date. */
  public void refresh() {
    for (int i = 0; i < counts.size(); i++) {
      counts.get(i).refresh();
    }
  }

  public int size() {
    return terms.size();
  }

  public AffinityTerm term(int index) {
    return terms.get(index);
  }

  /** The pods that a term means. */
  public MatchCounts counts(int index) {
    return counts.get(index);
  }

  /** Whether a term means a pod, on a node or not. */
  public boolean means(int index, PodInfo pod) {
    return matchers.get(index).matches(pod);
  }

  /** How many pods are meant, counted once for each term. */
  public int total() {
    int total = 0;
    for (int i = 0; i < counts.size(); i++) {
      total += counts.get(i).total();
    }
    return total;
  }
}
