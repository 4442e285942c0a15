package dev.wavetank.core.api;

import java.math.BigInteger;

/** Powers of ten on longs, and the canonical texts of {@link Quantity}. */
final class QuantityMath {

  /** What stands for a product that does not fit a long. */
  static final long OVERFLOW = Long.MIN_VALUE;

  /** How many powers of ten fit a long. */
  static final int POWERS = 19;

  private static final long[] POWER_OF_TEN = new long[POWERS];
  private static final String[] DECIMAL = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
  private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  private static final BigInteger BIG_1024 = BigInteger.valueOf(1024);

  static {
    long power = 1;
    for (int i = 0; i < POWERS; i++) {
      POWER_OF_TEN[i] = power;
      power *= 10;
    }
  }

  private QuantityMath() {}

  /** The value times ten to that power, which is not negative, or {@link #OVERFLOW}. */
  static long timesPowerOfTen(long value, int power) {
    if (value == 0 || power == 0) {
      return value;
    }
    if (power >= POWERS) {
      return OVERFLOW;
    }
    long factor = POWER_OF_TEN[power];
    long high = Math.multiplyHigh(value, factor);
    long low = value * factor;
    return (high == 0 && low >= 0) || (high == -1 && low < 0) ? low : OVERFLOW;
  }

  /** The value divided by ten to that power, which is not negative, rounded away from zero. */
  static long divideUp(long value, int power) {
    if (power >= POWERS) {
      return Long.signum(value);
    }
    long divisor = POWER_OF_TEN[power];
    long result = value / divisor;
    return value % divisor == 0 ? result : result + Long.signum(value);
  }

  /** Digits and a suffix whose exponent is a multiple of three, without a fraction. */
  static String base1000(BigInteger digits, int power, boolean exponentForm) {
    BigInteger amount = digits;
    int exponent = power;
    BigInteger[] parts = amount.divideAndRemainder(BigInteger.TEN);
    while (parts[1].signum() == 0) {
      amount = parts[0];
      exponent++;
      parts = amount.divideAndRemainder(BigInteger.TEN);
    }
    while (exponent % 3 != 0) {
      amount = amount.multiply(BigInteger.TEN);
      exponent--;
    }
    if (exponentForm) {
      return exponent == 0 ? amount.toString() : amount + "e" + exponent;
    }
    int suffix = exponent / 3 + 3;
    // Upstream knows no suffix beyond E and then prints none.
    return suffix >= 0 && suffix < DECIMAL.length ? amount + DECIMAL[suffix] : amount.toString();
  }

  /** Whole units and a suffix of powers of 1024. */
  static String base1024(BigInteger units) {
    BigInteger amount = units;
    int suffix = 0;
    BigInteger[] parts = amount.divideAndRemainder(BIG_1024);
    while (parts[1].signum() == 0) {
      amount = parts[0];
      suffix++;
      parts = amount.divideAndRemainder(BIG_1024);
    }
    return suffix < BINARY.length ? amount + BINARY[suffix] : amount.toString();
  }
}
