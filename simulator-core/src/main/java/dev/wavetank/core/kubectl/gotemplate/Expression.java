package dev.wavetank.core.kubectl.gotemplate;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import java.util.ArrayList;
import java.util.List;

/** Something in a template that has a value. */
sealed interface Expression {

  /** What a field that is absent is worth. */
  Object NO_VALUE =
      new Object() {
        @Override
        public String toString() {
          return "<no value>";
        }
      };

  Object evaluate(Scope scope);

  /** A literal. */
  record Literal(Object value) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return value;
    }
  }

  /** {@code .}, the current value. */
  record Dot() implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return scope.dot();
    }
  }

  /** {@code $x}, a variable. */
  record Variable(String name) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return scope.variable(name);
    }
  }

  /** A chain of fields of a value. */
  record Fields(Expression of, ImmutableList<String> names) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      Object value = of.evaluate(scope);
      for (String name : names) {
        if (value == NO_VALUE || value == KubeNull.NULL) {
          throw new TemplateException("nil data; no entry for key " + Functions.quoted(name));
        }
        if (!(value instanceof KubeMap map)) {
          throw new TemplateException("can't evaluate field " + name + " in type interface {}");
        }
        Object child = map.get(name);
        value = child == null ? NO_VALUE : child;
      }
      return value;
    }
  }

  /** A function with its arguments. */
  record Call(String function, ImmutableList<Expression> arguments) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return Functions.call(function, arguments, scope);
    }

    /** The call with one more argument, as a pipeline gives it. */
    Call with(Expression last) {
      List<Expression> all = new ArrayList<>(arguments);
      all.add(last);
      return new Call(function, ImmutableList.copyOf(all));
    }
  }
}
