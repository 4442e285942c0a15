package dev.wavetank.core.api;

import dev.wavetank.core.api.Quantity.Format;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** One reading of a quantity's text: sign, digits, fraction, suffix. */
final class QuantityParser {

  static final String WRONG_FORMAT =
      "quantities must match the regular expression"
          + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  static final String WRONG_NUMBER = "unable to parse numeric part of quantity";
  static final String WRONG_SUFFIX = "unable to parse quantity's suffix";

  private static final String SUFFIX_LETTERS = "eEinumkKMGTP";
  private static final String DECIMAL_SUFFIXES = "num kMGTPE";
  private static final String BINARY_SUFFIXES = "KMGTPE";

  /** Digits that a long surely holds. */
  private static final int LONG_DIGITS = 18;

  /** Longest text and largest exponent that are read; upstream has no bound. */
  private static final int TEXT_MAX = 4096;

  private static final int EXPONENT_MAX = 4096;
  private static final BigDecimal BINARY_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private final String text;
  private boolean negative;
  private String number = "0";
  private String digits = "0";
  private String fraction = "";
  private String suffix = "";

  private Format format = Format.DECIMAL_SI;
  private int exponent;

  private QuantityParser(String text) {
    this.text = text;
  }

  static Quantity parse(String text) {
    if (text.isEmpty()) {
      throw new Quantity.SyntaxException(WRONG_FORMAT);
    }
    if (text.equals("0")) {
      return Quantity.ZERO;
    }
    if (text.length() > TEXT_MAX) {
      throw new Quantity.SyntaxException(WRONG_NUMBER);
    }
    QuantityParser parser = new QuantityParser(text);
    parser.split();
    parser.readSuffix();
    Quantity small = parser.asLong();
    return small != null ? small : parser.asDecimal();
  }

  private void split() {
    int end = text.length();
    int at = 0;
    if (text.charAt(0) == '-' || text.charAt(0) == '+') {
      negative = text.charAt(0) == '-';
      at = 1;
    }
    while (at < end && text.charAt(at) == '0') {
      at++;
    }
    if (at == end) {
      return;
    }
    int start = at;
    at = skipDigits(at);
    digits = at == start ? "0" : text.substring(start, at);
    if (at < end && text.charAt(at) == '.') {
      start = ++at;
      at = skipDigits(at);
      fraction = text.substring(start, at);
    }
    number = text.substring(0, at);
    start = at;
    while (at < end && SUFFIX_LETTERS.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      at++;
    }
    at = skipDigits(at);
    if (at < end) {
      throw new Quantity.SyntaxException(WRONG_FORMAT);
    }
    suffix = text.substring(start);
  }

  private int skipDigits(int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  private void readSuffix() {
    int length = suffix.length();
    if (length == 0) {
      return;
    }
    char first = suffix.charAt(0);
    int decimal = first == ' ' ? -1 : DECIMAL_SUFFIXES.indexOf(first);
    if (length == 1 && decimal >= 0) {
      exponent = (decimal - 3) * 3;
      return;
    }
    if (length == 2 && suffix.charAt(1) == 'i' && BINARY_SUFFIXES.indexOf(first) >= 0) {
      format = Format.BINARY_SI;
      exponent = (BINARY_SUFFIXES.indexOf(first) + 1) * 10;
      return;
    }
    if (length > 1 && (first == 'e' || first == 'E')) {
      format = Format.DECIMAL_EXPONENT;
      exponent = readExponent(suffix.substring(1));
      return;
    }
    throw new Quantity.SyntaxException(WRONG_SUFFIX);
  }

  private static int readExponent(String written) {
    try {
      long value = Long.parseLong(written);
      if (value > EXPONENT_MAX) {
        throw new Quantity.SyntaxException(WRONG_SUFFIX);
      }
      return (int) Math.max(value, -EXPONENT_MAX);
    } catch (NumberFormatException e) {
      throw new Quantity.SyntaxException(WRONG_SUFFIX);
    }
  }

  /** The amount as a long, or null when it may not fit or has a fraction of a binary unit. */
  private @Nullable Quantity asLong() {
    boolean binary = format == Format.BINARY_SI;
    if (binary && !fraction.isEmpty()) {
      return null;
    }
    int room =
        binary
            ? LONG_DIGITS - 4 - digits.length() - exponent * 3 / 10
            : LONG_DIGITS - digits.length() - fraction.length();
    int scale = (binary ? 0 : exponent) - fraction.length();
    if (room < 0 || scale < -9) {
      return null;
    }
    String shifted = digits + fraction;
    long value = Long.parseLong(shifted);
    long factor = binary ? 1L << exponent : 1;
    long amount = value * factor;
    if (Math.multiplyHigh(value, factor) != 0 || amount < 0) {
      return null;
    }
    boolean canonical =
        binary
            ? (value & 7) != 0
            : scale % 3 == 0 && !shifted.endsWith("000") && shifted.charAt(0) != '0';
    return new Quantity(negative ? -amount : amount, scale, format, canonical ? text : null);
  }

  private Quantity asDecimal() {
    BigDecimal amount;
    try {
      amount = new BigDecimal(number).abs();
    } catch (NumberFormatException e) {
      throw new Quantity.SyntaxException(WRONG_NUMBER);
    }
    if (format == Format.BINARY_SI) {
      amount = amount.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(exponent)));
    } else {
      amount = amount.scaleByPowerOfTen(exponent);
    }
    if (amount.signum() != 0) {
      amount = amount.setScale(9, RoundingMode.UP);
    }
    if (format == Format.BINARY_SI) {
      if (amount.compareTo(BINARY_MAX) > 0) {
        amount = BINARY_MAX;
      }
      if (amount.signum() > 0 && amount.compareTo(BigDecimal.ONE) < 0) {
        format = Format.DECIMAL_SI;
      }
    }
    return new Quantity(negative ? amount.negate() : amount, format);
  }
}
