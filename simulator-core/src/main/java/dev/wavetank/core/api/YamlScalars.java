package dev.wavetank.core.api;

import com.google.common.collect.ImmutableMap;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an unquoted word of YAML means to kubectl: the rules of YAML 1.1 as Go's parser has them, in
 * which {@code yes}, {@code on} and {@code y} are true and {@code 0644} is octal.
 *
 * <p>Follows go.yaml.in/yaml/v2 resolve.go, which kubectl reads manifests with.
 */
final class YamlScalars {

  private static final ImmutableMap<String, Object> WORDS = words();
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
              + "([Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}([.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})"
              + "| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}([.,][0-9]+)?)?");
  private static final Pattern BASE_60 =
      Pattern.compile("[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?");
  private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger UNSIGNED_MAX = BigInteger.ONE.shiftLeft(64);

  /** Digits that a number may have; longer ones are floats or texts. */
  private static final int DIGITS_MAX = 400;

  private YamlScalars() {}

  private static ImmutableMap<String, Object> words() {
    ImmutableMap.Builder<String, Object> words = ImmutableMap.builder();
    for (String word : "y Y yes Yes YES true True TRUE on On ON".split(" ")) {
      words.put(word, true);
    }
    for (String word : "n N no No NO false False FALSE off Off OFF".split(" ")) {
      words.put(word, false);
    }
    for (String word : "~ null Null NULL".split(" ")) {
      words.put(word, KubeNull.NULL);
    }
    return words.put("", KubeNull.NULL).buildOrThrow();
  }

  /** The value of an unquoted word: a text, {@code Long}, {@code Double}, boolean or null. */
  static Object resolve(String word) {
    Object known = WORDS.get(word);
    if (known != null) {
      return known;
    }
    char first = word.charAt(0);
    if (first == '.') {
      Double number = FLOAT.matcher(word).matches() ? finite(word) : null;
      return number == null ? word : normal(number);
    }
    boolean numeric = (first >= '0' && first <= '9') || first == '+' || first == '-';
    if (!numeric || isTimestamp(word) || word.length() > DIGITS_MAX) {
      return word;
    }
    String plain = word.replace("_", "");
    BigInteger whole = whole(plain);
    if (whole != null) {
      return whole.bitLength() < 64 ? (Object) whole.longValue() : (Object) whole.doubleValue();
    }
    Double number = FLOAT.matcher(plain).matches() ? finite(plain) : null;
    return number == null ? word : normal(number);
  }

  /** Whether a text written without quotes would be read as something else. */
  static boolean needsQuotes(String text) {
    if (text.equals("<<") || isSpecialFloat(text) || isTimestamp(text)) {
      return true;
    }
    return !(resolve(text) instanceof String) || BASE_60.matcher(text).matches();
  }

  /** The floats that JSON cannot say: infinities and not-a-number. */
  static boolean isSpecialFloat(String word) {
    int dot = word.indexOf('.');
    if (dot < 0 || dot > 1 || word.length() - dot != 4) {
      return false;
    }
    String name = word.substring(dot + 1);
    boolean signed = dot == 1 && (word.charAt(0) == '-' || word.charAt(0) == '+');
    boolean infinite = name.equals("inf") || name.equals("Inf") || name.equals("INF");
    boolean none = name.equals("nan") || name.equals("NaN") || name.equals("NAN");
    return dot == 0 ? infinite || none : signed && infinite;
  }

  private static boolean isTimestamp(String word) {
    return word.length() > 4 && word.charAt(4) == '-' && TIMESTAMP.matcher(word).matches();
  }

  /** A float that is whole is a whole number once it went through JSON. */
  private static Object normal(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e18
        ? (Object) (long) number
        : (Object) number;
  }

  private static @Nullable Double finite(String text) {
    double number = Double.parseDouble(text);
    return Double.isFinite(number) ? number : null;
  }

  /** A whole number in base 2, 8, 10 or 16 that fits 64 bits, or null. */
  private static @Nullable BigInteger whole(String text) {
    int at = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
    int radix = 10;
    if (text.length() > at + 1 && text.charAt(at) == '0') {
      char mark = text.charAt(at + 1);
      radix = mark == 'x' || mark == 'X' ? 16 : mark == 'b' || mark == 'B' ? 2 : 8;
      at += radix != 8 || mark == 'o' || mark == 'O' ? 2 : 1;
    }
    if (at >= text.length()) {
      return null;
    }
    for (int i = at; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 'f' || Character.digit(c, radix) < 0) {
        return null;
      }
    }
    BigInteger digits = new BigInteger(text.substring(at), radix);
    boolean negative = text.charAt(0) == '-';
    BigInteger number = negative ? digits.negate() : digits;
    boolean fits =
        text.charAt(0) == '+'
            ? number.bitLength() < 64
            : number.compareTo(LONG_MIN) >= 0 && number.compareTo(UNSIGNED_MAX) < 0;
    return fits ? number : null;
  }
}
