package dev.wavetank.core.kubectl.gotemplate;

import dev.wavetank.core.api.KubeNull;
import java.util.ArrayList;
import java.util.List;

/** What a statement sees: the dot, the variables, and where text goes. */
final class Scope {

  private static final class Variable {
    final String name;
    Object value;

    Variable(String name, Object value) {
      this.name = name;
      this.value = value;
    }
  }

  private final StringBuilder out = new StringBuilder();
  private final List<Variable> variables = new ArrayList<>();
  private Object dot;

  Scope(Object data) {
    dot = data;
    declare("$", data);
  }

  StringBuilder out() {
    return out;
  }

  Object dot() {
    return dot;
  }

  /** Runs a block with another dot; its variables end with it. */
  void block(Object inner, Runnable body) {
    Object outer = dot;
    int mark = variables.size();
    dot = inner;
    body.run();
    dot = outer;
    variables.subList(mark, variables.size()).clear();
  }

  void declare(String name, Object value) {
    variables.add(new Variable(name, value));
  }

  void assign(String name, Object value) {
    find(name).value = value;
  }

  Object variable(String name) {
    return find(name).value;
  }

  private Variable find(String name) {
    for (int i = variables.size() - 1; i >= 0; i--) {
      if (variables.get(i).name.equals(name)) {
        return variables.get(i);
      }
    }
    return new Variable(name, KubeNull.NULL);
  }
}
