package dev.wavetank.core.jsonpath;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons of a filter.
 *
 * <p>Follows staging/src/k8s.io/client-go/third_party/forked/golang/template/funcs.go (v1.36).
 */
final class Comparison {

  private Comparison() {}

  /**
   * Whether a comparison holds.
   *
   * @throws JsonPathException when the values cannot be compared
   */
  static boolean holds(Object left, String operator, Object right) {
    return switch (operator) {
      case "==" -> equal(left, right);
      case "!=" -> !equal(left, right);
      case "<" -> order(left, right) < 0;
      case ">" -> order(left, right) > 0;
      case "<=" -> order(left, right) <= 0;
      case ">=" -> order(left, right) >= 0;
      default -> throw new JsonPathException("unrecognized filter operator " + operator);
    };
  }

  private static boolean equal(Object left, Object right) {
    requireSameKind(left, right);
    return left.equals(right);
  }

  private static int order(Object left, Object right) {
    requireSameKind(left, right);
    Integer order = compare(left, right);
    if (order == null) {
      throw new JsonPathException("invalid type for comparison");
    }
    return order;
  }

  /** How two values of one kind are ordered; null when that kind has no order. */
  private static @Nullable Integer compare(Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      return a.compareTo(b);
    }
    if (left instanceof Long a && right instanceof Long b) {
      return a.compareTo(b);
    }
    if (left instanceof Double a && right instanceof Double b) {
      return a.compareTo(b);
    }
    return null;
  }

  private static void requireSameKind(Object left, Object right) {
    requireBasic(left);
    requireBasic(right);
    if (!left.getClass().equals(right.getClass())) {
      throw new JsonPathException("incompatible types for comparison");
    }
  }

  private static void requireBasic(Object value) {
    if (value instanceof KubeMap || value instanceof KubeList || value == KubeNull.NULL) {
      throw new JsonPathException("invalid type for comparison");
    }
  }
}
