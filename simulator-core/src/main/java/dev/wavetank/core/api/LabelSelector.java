package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
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
    DOES_NOT_EXIST,
    EQUALS,
    DOUBLE_EQUALS,
    NOT_EQUALS,
    GREATER_THAN,
    LESS_THAN
  }

  /** One condition on one label; a label set is selected when it meets all of them. */
  public static final class Requirement {

    private final String key;
    private final Operator operator;
    private final ImmutableList<String> values;
    private final long number;

    private Requirement(String key, Operator operator, ImmutableList<String> values) {
      this.key = key;
      this.operator = operator;
      this.values = values;
      boolean compares = operator == Operator.GREATER_THAN || operator == Operator.LESS_THAN;
      this.number = compares ? Long.parseLong(values.get(0)) : 0;
    }

    /**
     * A requirement whose parts are checked.
     *
     * @throws IllegalArgumentException with upstream's words when a part is wrong
     */
    static Requirement of(String key, Operator operator, List<String> values) {
      List<String> errors = new ArrayList<>();
      List<String> wrongKey = LabelSyntax.keyErrors(key);
      if (!wrongKey.isEmpty()) {
        errors.add(invalid("key", GoQuote.quote(key), String.join("; ", wrongKey)));
      }
      switch (operator) {
        case IN, NOT_IN -> {
          if (values.isEmpty()) {
            errors.add(
                invalid(
                    "values", "null", "for 'in', 'notin' operators, values set can't be empty"));
          }
        }
        case EXISTS, DOES_NOT_EXIST -> {
          if (!values.isEmpty()) {
            errors.add(
                invalid(
                    "values",
                    Json.write(KubeList.copyOf(values)),
                    "values set must be empty for exists and does not exist"));
          }
        }
        case GREATER_THAN, LESS_THAN -> {
          if (number(values.get(0)) == null) {
            errors.add(
                invalid(
                    "values[0]",
                    GoQuote.quote(values.get(0)),
                    "for 'Gt', 'Lt' operators, the value must be an integer"));
          }
        }
        case EQUALS, DOUBLE_EQUALS, NOT_EQUALS -> {}
      }
      for (int i = 0; i < values.size(); i++) {
        List<String> wrong = LabelSyntax.valueErrors(values.get(i));
        if (!wrong.isEmpty()) {
          String field = "values[" + i + "][" + key + "]";
          errors.add(invalid(field, GoQuote.quote(values.get(i)), String.join("; ", wrong)));
        }
      }
      if (!errors.isEmpty()) {
        String all = String.join(", ", ImmutableList.copyOf(new java.util.LinkedHashSet<>(errors)));
        throw new IllegalArgumentException(errors.size() == 1 ? all : "[" + all + "]");
      }
      return new Requirement(key, operator, ImmutableList.copyOf(values));
    }

    static String invalid(String field, String value, String why) {
      return field + ": Invalid value: " + value + ": " + why;
    }

    public String key() {
      return key;
    }

    public Operator operator() {
      return operator;
    }

    public ImmutableList<String> values() {
      return values;
    }

    /** Whether labels meet it. */
    public boolean matches(KubeMap labels) {
      Object value = labels.get(key);
      return switch (operator) {
        case IN, EQUALS, DOUBLE_EQUALS -> value != null && values.contains(value);
        case NOT_IN, NOT_EQUALS -> value == null || !values.contains(value);
        case EXISTS -> value != null;
        case DOES_NOT_EXIST -> value == null;
        case GREATER_THAN, LESS_THAN -> {
          Long theirs = number(value);
          yield theirs != null
              && (operator == Operator.GREATER_THAN ? theirs > number : theirs < number);
        }
      };
    }

    private static @Nullable Long number(@Nullable Object value) {
      try {
        return value instanceof String text ? Long.valueOf(text) : null;
      } catch (NumberFormatException e) {
        return null;
      }
    }

    private String joined() {
      List<String> sorted = new ArrayList<>(values);
      Collections.sort(sorted);
      return String.join(",", sorted);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Requirement that
          && key.equals(that.key)
          && operator == that.operator
          && values.equals(that.values);
    }

    @Override
    public int hashCode() {
      return (key.hashCode() * 31 + operator.name().hashCode()) * 31 + values.hashCode();
    }

    @Override
    public String toString() {
      return switch (operator) {
        case IN -> key + " in (" + joined() + ")";
        case NOT_IN -> key + " notin (" + joined() + ")";
        case EXISTS -> key;
        case DOES_NOT_EXIST -> "!" + key;
        case EQUALS -> key + "=" + values.get(0);
        case DOUBLE_EQUALS -> key + "==" + values.get(0);
        case NOT_EQUALS -> key + "!=" + values.get(0);
        case GREATER_THAN -> key + ">" + values.get(0);
        case LESS_THAN -> key + "<" + values.get(0);
      };
    }
  }

  private static final LabelSelector EVERYTHING =
      new LabelSelector(KubeMap.EMPTY, ImmutableList.of(), ImmutableList.of(), false);
  private static final LabelSelector NOTHING =
      new LabelSelector(KubeMap.EMPTY, ImmutableList.of(), ImmutableList.of(), true);

  private final KubeMap required;
  private final ImmutableList<Requirement> others;
  private @Nullable ImmutableList<Requirement> requirements;
  private final boolean nothing;

  private LabelSelector(
      KubeMap required,
      ImmutableList<Requirement> others,
      @Nullable ImmutableList<Requirement> requirements,
      boolean nothing) {
    this.required = required;
    this.others = others;
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
    return labels.isEmpty()
        ? EVERYTHING
        : new LabelSelector(labels, ImmutableList.of(), null, false);
  }

  /** The same as {@link #of}, but a selector that cannot be read selects nothing. */
  public static LabelSelector ofOrNothing(@Nullable KubeMap selector) {
    try {
      return of(selector);
    } catch (IllegalArgumentException e) {
      return NOTHING;
    }
  }

  /**
   * The selector of a {@code metav1.LabelSelector}: absent selects nothing, empty everything.
   *
   * @throws IllegalArgumentException with upstream's words when an operator, key or value is wrong
   */
  public static LabelSelector of(@Nullable KubeMap selector) {
    if (selector == null) {
      return NOTHING;
    }
    KubeMap labels = selector.mapOrEmpty("matchLabels");
    List<Requirement> requirements = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      requirements.add(
          Requirement.of(
              labels.keyAt(i), Operator.EQUALS, List.of(String.valueOf(labels.valueAt(i)))));
    }
    for (KubeMap expression : selector.listOrEmpty("matchExpressions").maps()) {
      List<String> values = new ArrayList<>();
      for (Object value : expression.listOrEmpty("values")) {
        values.add(value.toString());
      }
      Operator operator = operator(expression.string("operator", ""));
      requirements.add(Requirement.of(expression.string("key", ""), operator, values));
    }
    return of(requirements);
  }

  /**
   * The selector of a text such as {@code app=web,tier in (front,back),!canary}.
   *
   * @throws IllegalArgumentException with upstream's words when the text is none
   */
  public static LabelSelector parse(String text) {
    return of(new LabelSelectorParser(text).parse());
  }

  /** The text of a selector object as kubectl prints it: {@code <none>} when it is empty. */
  public static String format(@Nullable KubeMap selector) {
    try {
      String text = of(selector).toString();
      return text.isEmpty() ? "<none>" : text;
    } catch (IllegalArgumentException e) {
      return "<error>";
    }
  }

  /** The selector of requirements that must all be met. */
  public static LabelSelector of(List<Requirement> requirements) {
    if (requirements.isEmpty()) {
      return EVERYTHING;
    }
    KubeMap.Builder required = KubeMap.builder();
    List<String> keys = new ArrayList<>();
    ImmutableList.Builder<Requirement> others = ImmutableList.builder();
    for (Requirement requirement : requirements) {
      boolean exact =
          switch (requirement.operator) {
            case EQUALS, DOUBLE_EQUALS, IN -> requirement.values.size() == 1;
            default -> false;
          };
      if (exact && !keys.contains(requirement.key)) {
        keys.add(requirement.key);
        required.put(requirement.key, requirement.values.get(0));
      } else {
        others.add(requirement);
      }
    }
    return new LabelSelector(required.build(), others.build(), sorted(requirements), false);
  }

  private static ImmutableList<Requirement> sorted(List<Requirement> requirements) {
    return ImmutableList.sortedCopyOf(Comparator.comparing(Requirement::key), requirements);
  }

  private static Operator operator(String name) {
    return switch (name) {
      case "In" -> Operator.IN;
      case "NotIn" -> Operator.NOT_IN;
      case "Exists" -> Operator.EXISTS;
      case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
      default ->
          throw new IllegalArgumentException(
              GoQuote.quote(name) + " is not a valid label selector operator");
    };
  }

  /** Labels that every match carries with exactly these values; may be empty. */
  public KubeMap required() {
    return required;
  }

  /** All requirements, by key. */
  public ImmutableList<Requirement> requirements() {
    ImmutableList<Requirement> known = requirements;
    if (known == null) {
      List<Requirement> made = new ArrayList<>();
      required.forEach(
          (key, value) ->
              made.add(
                  new Requirement(key, Operator.EQUALS, ImmutableList.of(String.valueOf(value)))));
      known = sorted(made);
      requirements = known;
    }
    return known;
  }

  /** Whether it selects every set of labels. */
  public boolean empty() {
    return !nothing && required.isEmpty() && others.isEmpty();
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
    for (int i = 0; i < others.size(); i++) {
      if (!others.get(i).matches(labels)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean test(KubeMap labels) {
    return matches(labels);
  }

  /** The canonical text; empty for one that selects everything or nothing. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (Requirement requirement : requirements()) {
      out.append(out.isEmpty() ? "" : ",").append(requirement);
    }
    return out.toString();
  }
}
