package dev.wavetank.scheduler.framework;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Reads the amounts of resource lists exactly.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go (v1.36).
 */
final class Quantities {

  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

  private Quantities() {}

  /**
   * The exact amount of a quantity; 0 when it is absent.
   *
   * @throws IllegalArgumentException when the text is no quantity
   */
  static BigDecimal parse(@Nullable Object quantity) {
    if (quantity == null) {
      return BigDecimal.ZERO;
    }
    if (quantity instanceof Long number) {
      return BigDecimal.valueOf(number);
    }
    String text = quantity.toString();
    int end = text.length();
    while (end > 0 && suffix(text, end - 1)) {
      end--;
    }
    BigDecimal number = new BigDecimal(text.substring(0, end));
    return number.multiply(multiplier(text.substring(end)));
  }

  private static boolean suffix(String text, int position) {
    char c = text.charAt(position);
    if (c == 'e' || c == 'E') {
      return position == text.length() - 1 || text.charAt(position + 1) == 'i';
    }
    return Character.isLetter(c);
  }

  private static BigDecimal multiplier(String suffix) {
    return switch (suffix) {
      case "" -> BigDecimal.ONE;
      case "n" -> BigDecimal.ONE.movePointLeft(9);
      case "u" -> BigDecimal.ONE.movePointLeft(6);
      case "m" -> BigDecimal.ONE.movePointLeft(3);
      case "k" -> BigDecimal.ONE.movePointRight(3);
      case "M" -> BigDecimal.ONE.movePointRight(6);
      case "G" -> BigDecimal.ONE.movePointRight(9);
      case "T" -> BigDecimal.ONE.movePointRight(12);
      case "P" -> BigDecimal.ONE.movePointRight(15);
      case "E" -> BigDecimal.ONE.movePointRight(18);
      case "Ki" -> KIBI;
      case "Mi" -> KIBI.pow(2);
      case "Gi" -> KIBI.pow(3);
      case "Ti" -> KIBI.pow(4);
      case "Pi" -> KIBI.pow(5);
      case "Ei" -> KIBI.pow(6);
      default -> throw new IllegalArgumentException("no suffix of a quantity: " + suffix);
    };
  }

  /** Whole units, rounded up. */
  static long value(BigDecimal amount) {
    return bounded(amount);
  }

  /** Thousandths, rounded up. */
  static long milliValue(BigDecimal amount) {
    return bounded(amount.movePointRight(3));
  }

  private static long bounded(BigDecimal amount) {
    BigInteger rounded = amount.min(MAX).setScale(0, RoundingMode.UP).toBigInteger();
    return rounded.longValueExact();
  }
}
