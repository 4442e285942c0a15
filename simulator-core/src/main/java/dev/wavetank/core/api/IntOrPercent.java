package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/**
 * A number that is absolute or a percentage of something, such as {@code maxSurge: 25%}.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/intstr/intstr.go (v1.36).
 */
public final class IntOrPercent {

  private final long number;
  private final boolean percent;

  private IntOrPercent(long number, boolean percent) {
    this.number = number;
    this.percent = percent;
  }

  /**
   * The value of a leaf of an API object: a whole number or a text such as {@code 25%}.
   *
   * @throws IllegalArgumentException with upstream's words when it is neither
   */
  public static IntOrPercent of(@Nullable Object leaf) {
    if (leaf instanceof Long absolute) {
      return new IntOrPercent(absolute, false);
    }
    if (leaf instanceof Integer absolute) {
      return new IntOrPercent(absolute, false);
    }
    if (!(leaf instanceof String text)) {
      throw new IllegalArgumentException(
          leaf == null
              ? "nil value for IntOrString"
              : "invalid value for IntOrString: invalid type: neither int nor percentage");
    }
    if (!text.endsWith("%")) {
      throw new IllegalArgumentException(
          "invalid value for IntOrString: invalid type: string is not a percentage");
    }
    String digits = text.substring(0, text.length() - 1);
    try {
      return new IntOrPercent(Long.parseLong(digits), true);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "invalid value for IntOrString: invalid value "
              + GoQuote.quote(text)
              + ": strconv.Atoi: parsing "
              + GoQuote.quote(digits)
              + ": invalid syntax",
          e);
    }
  }

  public boolean percent() {
    return percent;
  }

  /** The number as written, without its percent sign. */
  public long number() {
    return number;
  }

  /** The absolute number; a percentage is taken of the total and rounded up. */
  public long roundUp(long total) {
    return percent ? (long) Math.ceil((double) number * total / 100) : number;
  }

  /** The absolute number; a percentage is taken of the total and rounded down. */
  public long roundDown(long total) {
    return percent ? (long) Math.floor((double) number * total / 100) : number;
  }

  @Override
  public String toString() {
    return percent ? number + "%" : Long.toString(number);
  }
}
