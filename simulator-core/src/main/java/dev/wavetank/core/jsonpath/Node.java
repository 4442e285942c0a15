package dev.wavetank.core.jsonpath;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a template: from values to the values that it finds in them. */
sealed interface Node {

  /** What the step finds in each of the values, in order. */
  List<Object> walk(List<Object> values, Evaluation evaluation);

  /** Text that stands for itself. */
  record Text(String text) implements Node {
    @Override
    public List<Object> walk(List<Object> values, Evaluation evaluation) {
      return ImmutableList.of(text);
    }
  }

  /** A number or a truth value; as many as there are values. */
  record Constant(Object value) implements Node {
    @Override
    public List<Object> walk(List<Object> values, Evaluation evaluation) {
      List<Object> constants = new ArrayList<>();
      values.forEach(ignored -> constants.add(value));
      return constants;
    }
  }

  /** Steps one after the other: what stands between braces. */
  record Steps(ImmutableList<Node> nodes) implements Node {
    @Override
    public List<Object> walk(List<Object> values, Evaluation evaluation) {
      List<Object> found = values;
      for (Node node : nodes) {
        found = node.walk(found, evaluation);
      }
      return found;
    }
  }

  /** A field of objects. */
  record Field(String name) implements Node {
    @Override
    public List<Object> walk(List<Object> values, Evaluation evaluation) {
      return evaluation.field(values, name);
    }
  }

  /** Every child of objects and lists. */
  record Wildcard() implements Node {
    @Override
    public List<Object> walk(List<Object> values, Evaluation evaluation) {
      List<Object> found = new ArrayList<>();
      values.forEach(value -> found.addAll(Evaluation.children(value)));
      return found;
    }
  }

  /** Every value below, at any depth. */
  record Recursive() implements Node {
    @Override
    public List<Object> walk(List<Object> values, Evaluation evaluation) {
      return Evaluation.below(values);
    }
  }

  /**
   * Elements of lists, {@code [from:to:step]}.
   *
   * @param single whether one index was given
   */
  record Slice(@Nullable Integer from, @Nullable Integer to, @Nullable Integer step, boolean single)
      implements Node {
    @Override
    public List<Object> walk(List<Object> values, Evaluation evaluation) {
      return evaluation.slice(values, this);
    }
  }

  /** What any of several steps finds. */
  record Union(ImmutableList<Steps> parts) implements Node {
    @Override
    public List<Object> walk(List<Object> values, Evaluation evaluation) {
      List<Object> found = new ArrayList<>();
      parts.forEach(part -> found.addAll(part.walk(values, evaluation)));
      return found;
    }
  }

  /** Elements of lists that meet a condition. */
  record Filter(Steps left, String operator, Steps right) implements Node {
    @Override
    public List<Object> walk(List<Object> values, Evaluation evaluation) {
      return evaluation.filter(values, this);
    }
  }

  /** {@code range} and {@code end}. */
  record Identifier(String name) implements Node {
    @Override
    public List<Object> walk(List<Object> values, Evaluation evaluation) {
      return evaluation.identifier(values, name);
    }
  }
}
