package dev.wavetank.core.kubectl.gotemplate;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import java.util.TreeSet;

/** One part of a template: text, or what stands between double braces. */
sealed interface Statement {

  void run(Scope scope);

  static void runAll(ImmutableList<Statement> statements, Scope scope) {
    statements.forEach(statement -> statement.run(scope));
  }

  /** Text that stands for itself. */
  record Text(String text) implements Statement {
    @Override
    public void run(Scope scope) {
      scope.out().append(text);
    }
  }

  /** A value that is printed. */
  record Print(Expression value) implements Statement {
    @Override
    public void run(Scope scope) {
      scope.out().append(Functions.text(value.evaluate(scope)));
    }
  }

  /** {@code $x := value} or {@code $x = value}. */
  record Assign(String name, boolean declares, Expression value) implements Statement {
    @Override
    public void run(Scope scope) {
      Object result = value.evaluate(scope);
      if (declares) {
        scope.declare(name, result);
      } else {
        scope.assign(name, result);
      }
    }
  }

  /** {@code if}. */
  record If(Expression condition, ImmutableList<Statement> then, ImmutableList<Statement> otherwise)
      implements Statement {
    @Override
    public void run(Scope scope) {
      boolean holds = Functions.truth(condition.evaluate(scope));
      scope.block(scope.dot(), () -> runAll(holds ? then : otherwise, scope));
    }
  }

  /**
   * {@code with}.
   *
   * @param variable that is declared, or empty
   */
  record With(
      String variable,
      Expression value,
      ImmutableList<Statement> then,
      ImmutableList<Statement> otherwise)
      implements Statement {
    @Override
    public void run(Scope scope) {
      Object result = value.evaluate(scope);
      boolean holds = Functions.truth(result);
      scope.block(
          holds ? result : scope.dot(),
          () -> {
            if (!variable.isEmpty()) {
              scope.declare(variable, result);
            }
            runAll(holds ? then : otherwise, scope);
          });
    }
  }

  /**
   * {@code range}.
   *
   * @param key variable of the index or key, or empty
   * @param element variable of the element, or empty
   */
  record Range(
      String key,
      String element,
      Expression value,
      ImmutableList<Statement> body,
      ImmutableList<Statement> otherwise)
      implements Statement {
    @Override
    public void run(Scope scope) {
      Object result = value.evaluate(scope);
      if (result instanceof KubeList list && !list.isEmpty()) {
        for (int i = 0; i < list.size(); i++) {
          once(scope, (long) i, list.get(i));
        }
      } else if (result instanceof KubeMap map && !map.isEmpty()) {
        TreeSet<String> keys = new TreeSet<>();
        map.keys().forEach(keys::add);
        for (String name : keys) {
          Object child = map.get(name);
          once(scope, name, child == null ? KubeNull.NULL : child);
        }
      } else if (result instanceof KubeList || result instanceof KubeMap || !exists(result)) {
        scope.block(scope.dot(), () -> runAll(otherwise, scope));
      } else {
        throw new TemplateException("range can't iterate over " + Functions.text(result));
      }
    }

    private static boolean exists(Object value) {
      return value != KubeNull.NULL && value != Expression.NO_VALUE;
    }

    private void once(Scope scope, Object index, Object child) {
      scope.block(
          child,
          () -> {
            if (!key.isEmpty()) {
              scope.declare(key, index);
            }
            if (!element.isEmpty()) {
              scope.declare(element, child);
            }
            runAll(body, scope);
          });
    }
  }
}
