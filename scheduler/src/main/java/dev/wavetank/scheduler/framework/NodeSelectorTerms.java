package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Node selector terms, of which one must match: each a conjunction over labels and over the node's
 * name. A term that cannot be read matches nothing, an empty one too.
 *
 * <p>Follows staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go
 * (v1.36).
 */
public final class NodeSelectorTerms {

  private static final String NAME_FIELD = "metadata.name";

  private record Requirement(String key, String operator, ImmutableList<String> values) {

    static Requirement of(KubeMap expression) {
      ImmutableList.Builder<String> values = ImmutableList.builder();
      for (Object value : expression.listOrEmpty("values")) {
        values.add(Objects.toString(value));
      }
      return new Requirement(
          expression.string("key", ""), expression.string("operator", ""), values.build());
    }

    boolean readableLabel() {
      return switch (operator) {
        case "In", "NotIn" -> !values.isEmpty();
        case "Exists", "DoesNotExist" -> values.isEmpty();
        case "Gt", "Lt" -> values.size() == 1 && whole(values.get(0)) != null;
        default -> false;
      };
    }

    boolean readableField() {
      return (operator.equals("In") || operator.equals("NotIn")) && values.size() == 1;
    }

    boolean matches(@Nullable Object value) {
      return switch (operator) {
        case "In" -> value != null && values.contains(value);
        case "NotIn" -> value == null || !values.contains(value);
        case "Exists" -> value != null;
        case "DoesNotExist" -> value == null;
        case "Gt" -> compare(value) > 0;
        case "Lt" -> compare(value) < 0;
        default -> false;
      };
    }

    private int compare(@Nullable Object value) {
      Long left = value instanceof String text ? whole(text) : null;
      Long right = whole(values.get(0));
      return left == null || right == null ? 0 : left.compareTo(right);
    }

    private static @Nullable Long whole(String text) {
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException e) {
        return null;
      }
    }
  }

  private record Term(
      long weight,
      boolean readable,
      ImmutableList<Requirement> labels,
      ImmutableList<Requirement> fields) {

    boolean matchesLabels(KubeMap nodeLabels) {
      if (!readable) {
        return false;
      }
      for (Requirement requirement : labels) {
        if (!requirement.matches(nodeLabels.get(requirement.key()))) {
          return false;
        }
      }
      return true;
    }

    boolean matches(NodeInfo node) {
      if (!matchesLabels(node.labels())) {
        return false;
      }
      for (Requirement requirement : fields) {
        String value = requirement.key().equals(NAME_FIELD) ? node.name() : "";
        if (!requirement.matches(value)) {
          return false;
        }
      }
      return true;
    }
  }

  private final ImmutableList<Term> terms;
  private final boolean allReadable;

  private NodeSelectorTerms(ImmutableList<Term> terms) {
    this.terms = terms;
    boolean readable = true;
    for (Term term : terms) {
      readable &= term.readable();
    }
    this.allReadable = readable;
  }

  /** The required terms of a {@code nodeAffinity}; null when it has none. */
  public static @Nullable NodeSelectorTerms requiredOf(KubeMap nodeAffinity) {
    KubeMap required = nodeAffinity.map("requiredDuringSchedulingIgnoredDuringExecution");
    return required == null ? null : required(required);
  }

  /** The preferred terms of a {@code nodeAffinity}; null when it has none. */
  public static @Nullable NodeSelectorTerms preferredOf(KubeMap nodeAffinity) {
    KubeList preferred = nodeAffinity.list("preferredDuringSchedulingIgnoredDuringExecution");
    return preferred == null ? null : preferred(preferred);
  }

  /** The terms of a {@code NodeSelector}. */
  public static NodeSelectorTerms required(KubeMap nodeSelector) {
    ImmutableList.Builder<Term> terms = ImmutableList.builder();
    for (KubeMap term : nodeSelector.listOrEmpty("nodeSelectorTerms").maps()) {
      if (!empty(term)) {
        terms.add(term(term, 0));
      }
    }
    return new NodeSelectorTerms(terms.build());
  }

  /** The terms of a {@code preferredDuringSchedulingIgnoredDuringExecution}. */
  private static NodeSelectorTerms preferred(KubeList preferences) {
    ImmutableList.Builder<Term> terms = ImmutableList.builder();
    for (KubeMap preference : preferences.maps()) {
      long weight = preference.number("weight", 0);
      KubeMap term = preference.mapOrEmpty("preference");
      if (weight != 0 && !empty(term)) {
        terms.add(term(term, weight));
      }
    }
    return new NodeSelectorTerms(terms.build());
  }

  private static boolean empty(KubeMap term) {
    return term.listOrEmpty("matchExpressions").isEmpty()
        && term.listOrEmpty("matchFields").isEmpty();
  }

  private static Term term(KubeMap term, long weight) {
    ImmutableList.Builder<Requirement> labels = ImmutableList.builder();
    ImmutableList.Builder<Requirement> fields = ImmutableList.builder();
    boolean readable = true;
    for (KubeMap expression : term.listOrEmpty("matchExpressions").maps()) {
      Requirement requirement = Requirement.of(expression);
      readable &= requirement.readableLabel();
      labels.add(requirement);
    }
    for (KubeMap expression : term.listOrEmpty("matchFields").maps()) {
      Requirement requirement = Requirement.of(expression);
      readable &= requirement.readableField();
      fields.add(requirement);
    }
    return new Term(weight, readable, labels.build(), fields.build());
  }

  /** Whether every term could be read. */
  public boolean allReadable() {
    return allReadable;
  }

  /** Whether one of the terms matches the node. */
  public boolean matches(NodeInfo node) {
    for (Term term : terms) {
      if (term.matches(node)) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of the terms matches labels alone, whatever it says about the node's name. */
  public boolean matchesLabels(KubeMap labels) {
    for (Term term : terms) {
      if (term.matchesLabels(labels)) {
        return true;
      }
    }
    return false;
  }

  /** The sum of the weights of the terms that match the node. */
  public long weight(NodeInfo node) {
    long sum = 0;
    for (Term term : terms) {
      if (term.matches(node)) {
        sum += term.weight();
      }
    }
    return sum;
  }

  /**
   * The only nodes that a list of terms can match, where each term names nodes; null when some term
   * does not.
   */
  static @Nullable ImmutableSet<String> nodeNames(KubeList terms) {
    Set<String> all = new LinkedHashSet<>();
    for (KubeMap term : terms.maps()) {
      Set<String> ofTerm = null;
      for (KubeMap field : term.listOrEmpty("matchFields").maps()) {
        Requirement requirement = Requirement.of(field);
        if (requirement.key().equals(NAME_FIELD) && requirement.operator().equals("In")) {
          if (ofTerm == null) {
            ofTerm = new LinkedHashSet<>(requirement.values());
          } else {
            ofTerm.retainAll(requirement.values());
          }
        }
      }
      if (ofTerm == null) {
        return null;
      }
      all.addAll(ofTerm);
    }
    return terms.isEmpty() ? null : ImmutableSet.copyOf(all);
  }
}
