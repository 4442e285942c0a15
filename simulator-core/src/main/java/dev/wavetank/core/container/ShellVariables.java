package dev.wavetank.core.container;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of a shell, of which some are in the environment of its programs. */
final class ShellVariables {

  /** A variable; one without a value is exported as soon as it gets one. */
  record Variable(@Nullable String value, boolean exported, boolean constant) {}

  private static final Variable UNSET = new Variable(null, false, false);

  private final Map<String, Variable> variables;

  private ShellVariables(Map<String, Variable> variables) {
    this.variables = variables;
  }

  /** The variables of a new shell: its environment. */
  static ShellVariables of(Map<String, String> environment) {
    Map<String, Variable> variables = new LinkedHashMap<>();
    environment.forEach((name, value) -> variables.put(name, new Variable(value, true, false)));
    return new ShellVariables(variables);
  }

  ShellVariables copy() {
    return new ShellVariables(new LinkedHashMap<>(variables));
  }

  @Nullable String value(String name) {
    Variable variable = variables.get(name);
    return variable == null ? null : variable.value();
  }

  String value(String name, String otherwise) {
    String value = value(name);
    return value == null ? otherwise : value;
  }

  boolean constant(String name) {
    return find(name).constant();
  }

  Variable find(String name) {
    return variables.getOrDefault(name, UNSET);
  }

  void set(String name, String value) {
    Variable old = find(name);
    if (!old.constant()) {
      variables.put(name, new Variable(value, old.exported(), false));
    }
  }

  void export(String name) {
    variables.put(name, new Variable(find(name).value(), true, find(name).constant()));
  }

  void makeConstant(String name) {
    variables.put(name, new Variable(find(name).value(), find(name).exported(), true));
  }

  void unset(String name) {
    variables.remove(name);
  }

  /** Puts a variable back as {@link #find} gave it. */
  void restore(String name, Variable old) {
    if (old == UNSET) {
      variables.remove(name);
    } else {
      variables.put(name, old);
    }
  }

  /** What programs see. */
  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    variables.forEach(
        (name, variable) -> {
          String value = variable.value();
          if (variable.exported() && value != null) {
            environment.put(name, value);
          }
        });
    return environment;
  }

  /** All that have a value. */
  Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    variables.forEach(
        (name, variable) -> {
          if (variable.value() != null) {
            all.put(name, variable.value());
          }
        });
    return all;
  }
}
