package dev.wavetank.core.container.shell;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of a shell, of which some are in the environment of its programs. */
final class ShellVariables {

  /** A variable; one without a value is exported as soon as it gets one. */
  record Variable(@Nullable String value, boolean exported, boolean constant) {}

  private static final Variable UNSET = new Variable(null, false, false);

  /** Characters that all values may have together. */
  private static final long CHARACTERS_MAX = 16L << 20;

  private final Map<String, Variable> variables;
  private long characters;

  private ShellVariables(Map<String, Variable> variables) {
    this.variables = variables;
  }

  /** The variables of a new shell: its environment. */
  static ShellVariables of(Map<String, String> environment) {
    Map<String, Variable> variables = new LinkedHashMap<>();
    environment.forEach((name, value) -> variables.put(name, new Variable(value, true, false)));
    ShellVariables made = new ShellVariables(variables);
    environment.forEach((name, value) -> made.characters += name.length() + value.length());
    return made;
  }

  ShellVariables copy() {
    ShellVariables copy = new ShellVariables(new LinkedHashMap<>(variables));
    copy.characters = characters;
    return copy;
  }

  /** Whether there is no memory for more. */
  boolean full() {
    return characters > CHARACTERS_MAX;
  }

  private static long size(String name, @Nullable Variable variable) {
    String value = variable == null ? null : variable.value();
    return variable == null ? 0 : name.length() + (value == null ? 0 : value.length());
  }

  private void put(String name, Variable variable) {
    characters += size(name, variable) - size(name, variables.put(name, variable));
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
      put(name, new Variable(value, old.exported(), false));
    }
  }

  void export(String name) {
    put(name, new Variable(find(name).value(), true, find(name).constant()));
  }

  void makeConstant(String name) {
    put(name, new Variable(find(name).value(), find(name).exported(), true));
  }

  void unset(String name) {
    characters -= size(name, variables.remove(name));
  }

  /** Puts a variable back as {@link #find} gave it. */
  void restore(String name, Variable old) {
    if (old == UNSET) {
      characters -= size(name, variables.remove(name));
    } else {
      put(name, old);
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
