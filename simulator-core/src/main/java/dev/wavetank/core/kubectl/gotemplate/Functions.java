package dev.wavetank.core.kubectl.gotemplate;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The functions that a template may call, and how values are printed and compared. */
final class Functions {

  static final ImmutableSet<String> NAMES =
      ImmutableSet.of(
          "and",
          "or",
          "not",
          "len",
          "index",
          "print",
          "println",
          "printf",
          "eq",
          "ne",
          "lt",
          "le",
          "gt",
          "ge",
          "base64decode",
          "exists");

  private Functions() {}

  static Object call(String name, ImmutableList<Expression> arguments, Scope scope) {
    if (name.equals("and") || name.equals("or")) {
      return firstThatDecides(name.equals("or"), arguments, scope);
    }
    List<Object> values = new ArrayList<>();
    arguments.forEach(argument -> values.add(argument.evaluate(scope)));
    return switch (name) {
      case "not" -> !truth(one(name, values));
      case "len" -> length(one(name, values));
      case "index" -> index(values);
      case "print" -> joined(values, false);
      case "println" -> joined(values, true) + "\n";
      case "printf" -> Printf.format(values);
      case "eq" -> equalsAny(values);
      case "base64decode" -> decoded(one(name, values));
      case "exists" -> exists(values);
      default -> compared(name, values);
    };
  }

  private static Object firstThatDecides(
      boolean truth, ImmutableList<Expression> arguments, Scope scope) {
    if (arguments.isEmpty()) {
      throw new TemplateException("wrong number of args: want at least 1 got 0");
    }
    Object value = KubeNull.NULL;
    for (Expression argument : arguments) {
      value = argument.evaluate(scope);
      if (truth(value) == truth) {
        return value;
      }
    }
    return value;
  }

  private static Object one(String name, List<Object> values) {
    if (values.size() != 1) {
      throw new TemplateException(
          "wrong number of args for " + name + ": want 1 got " + values.size());
    }
    return values.get(0);
  }

  /** Whether a value counts as true: not absent, zero or empty. */
  static boolean truth(Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (value instanceof KubeMap map) {
      return !map.isEmpty();
    }
    if (value instanceof KubeList list) {
      return !list.isEmpty();
    }
    if (value instanceof Number number) {
      return number.doubleValue() != 0;
    }
    return false;
  }

  private static long length(Object value) {
    if (value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }
    if (value instanceof KubeMap map) {
      return map.size();
    }
    if (value instanceof KubeList list) {
      return list.size();
    }
    throw new TemplateException("error calling len: len of nil pointer");
  }

  private static Object index(List<Object> values) {
    if (values.isEmpty()) {
      throw new TemplateException("wrong number of args for index: want at least 1 got 0");
    }
    Object value = values.get(0);
    for (Object key : values.subList(1, values.size())) {
      if (value instanceof KubeMap map && key instanceof String name) {
        Object child = map.get(name);
        value = child == null ? Expression.NO_VALUE : child;
      } else if (value instanceof KubeList list && key instanceof Long position) {
        if (position < 0 || position >= list.size()) {
          throw new TemplateException("error calling index: index out of range: " + position);
        }
        value = list.get(position.intValue());
      } else {
        throw new TemplateException("error calling index: cannot index " + text(value));
      }
    }
    return value;
  }

  private static boolean exists(List<Object> values) {
    Object value = values.isEmpty() ? KubeNull.NULL : values.get(0);
    for (Object key : values.subList(Math.min(1, values.size()), values.size())) {
      if (value instanceof KubeMap map && key instanceof String name) {
        Object child = map.get(name);
        value = child == null ? KubeNull.NULL : child;
      } else if (value instanceof KubeList list
          && key instanceof Long position
          && position >= 0
          && position < list.size()) {
        value = list.get(position.intValue());
      } else {
        return false;
      }
    }
    return value != KubeNull.NULL && value != Expression.NO_VALUE;
  }

  private static String decoded(Object value) {
    try {
      return new String(Base64.getDecoder().decode(text(value)), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new TemplateException("error calling base64decode: base64 decode failed");
    }
  }

  /** As Go's Sprint: a blank between neighbours of which none is a text. */
  private static String joined(List<Object> values, boolean blanks) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      boolean texts =
          i > 0 && (values.get(i) instanceof String || values.get(i - 1) instanceof String);
      out.append(i > 0 && (blanks || !texts) ? " " : "").append(text(values.get(i)));
    }
    return out.toString();
  }

  private static boolean equalsAny(List<Object> values) {
    if (values.size() < 2) {
      throw new TemplateException("error calling eq: missing argument for comparison");
    }
    for (Object other : values.subList(1, values.size())) {
      if (same(values.get(0), other)) {
        return true;
      }
    }
    return false;
  }

  private static boolean same(Object left, Object right) {
    requireComparable(left, right);
    return left.equals(right);
  }

  private static boolean compared(String name, List<Object> values) {
    if (values.size() != 2) {
      throw new TemplateException(
          "wrong number of args for " + name + ": want 2 got " + values.size());
    }
    if (name.equals("ne")) {
      return !same(values.get(0), values.get(1));
    }
    int order = order(values.get(0), values.get(1));
    return switch (name) {
      case "lt" -> order < 0;
      case "le" -> order <= 0;
      case "gt" -> order > 0;
      default -> order >= 0;
    };
  }

  private static int order(Object left, Object right) {
    requireComparable(left, right);
    if (left instanceof String a && right instanceof String b) {
      return a.compareTo(b);
    }
    if (left instanceof Number a && right instanceof Number b) {
      return Double.compare(a.doubleValue(), b.doubleValue());
    }
    throw new TemplateException("invalid type for comparison");
  }

  private static void requireComparable(Object left, Object right) {
    if (!left.getClass().equals(right.getClass())) {
      throw new TemplateException("incompatible types for comparison");
    }
  }

  /** A value as Go prints it. */
  static String text(Object value) {
    return value == Expression.NO_VALUE ? "<no value>" : GoText.of(value);
  }

  static String quoted(String text) {
    return GoQuote.quote(text);
  }
}
