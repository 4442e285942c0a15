package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A selection of objects by their labels: {@code matchLabels} and {@code matchExpressions} of a
 * selector object, or the text form of {@code kubectl -l}.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/labels/selector.go and pkg/apis/meta/v1/helpers.go
 * (v1.36).
 */
public final class LabelSelector implements Predicate<KubeMap> {

  /** How one requirement compares. */
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  private record Requirement(String key, Operator operator, ImmutableList<String> values) {
    boolean matches(KubeMap labels) {
      Object value = labels.get(key);
      return switch (operator) {
        case IN -> value != null && values.contains(value);
        case NOT_IN -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
      };
    }
  }

  private static final LabelSelector EVERYTHING =
      new LabelSelector(KubeMap.EMPTY, ImmutableList.of(), false);
  private static final LabelSelector NOTHING =
      new LabelSelector(KubeMap.EMPTY, ImmutableList.of(), true);

  private final KubeMap required;
  private final ImmutableList<Requirement> requirements;
  private final boolean nothing;

  private LabelSelector(
      KubeMap required, ImmutableList<Requirement> requirements, boolean nothing) {
    this.required = required;
    this.requirements = requirements;
    this.nothing = nothing;
  }

  public static LabelSelector everything() {
    return EVERYTHING;
  }

  public static LabelSelector nothing() {
    return NOTHING;
  }

  /** Selects what carries all these labels with these values, as a Service's selector does. */
  public static LabelSelector ofLabels(KubeMap labels) {
    return labels.isEmpty() ? EVERYTHING : new LabelSelector(labels, ImmutableList.of(), false);
  }

  /**
   * The selector of a {@code metav1.LabelSelector}: absent selects nothing, empty everything.
   *
   * @throws IllegalArgumentException when an operator is unknown
   */
  public static LabelSelector of(@Nullable KubeMap selector) {
    if (selector == null) {
      return NOTHING;
    }
    ImmutableList.Builder<Requirement> requirements = ImmutableList.builder();
    for (KubeMap expression : selector.listOrEmpty("matchExpressions").maps()) {
      ImmutableList.Builder<String> values = ImmutableList.builder();
      for (Object value : expression.listOrEmpty("values")) {
        values.add(value.toString());
      }
      requirements.add(
          new Requirement(
              expression.string("key", ""),
              operator(expression.string("operator", "")),
              values.build()));
    }
    return new LabelSelector(selector.mapOrEmpty("matchLabels"), requirements.build(), false);
  }

  private static Operator operator(String name) {
    return switch (name) {
      case "In" -> Operator.IN;
      case "NotIn" -> Operator.NOT_IN;
      case "Exists" -> Operator.EXISTS;
      case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
      default ->
          throw new IllegalArgumentException(
              "\"" + name + "\" is not a valid label selector operator");
    };
  }

  /** Labels that every match carries with exactly these values; may be empty. */
  public KubeMap required() {
    return required;
  }

  /** Whether it selects every set of labels. */
  public boolean empty() {
    return !nothing && required.isEmpty() && requirements.isEmpty();
  }

  /** Whether a set of labels is selected. */
  public boolean matches(KubeMap labels) {
    if (nothing) {
      return false;
    }
    for (int i = 0; i < required.size(); i++) {
      if (!required.valueAt(i).equals(labels.get(required.keyAt(i)))) {
        return false;
      }
    }
    for (Requirement requirement : requirements) {
      if (!requirement.matches(labels)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean test(KubeMap labels) {
    return matches(labels);
  }
}
