package dev.wavetank.core.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An amount of a resource in fixed point, such as {@code 100m} of CPU or {@code 64Mi} of memory:
 * exact to a billionth, immutable, with the suffix family that it was written in.
 *
 * <p>Amounts that fit are a {@code long} and a power of ten; others a {@link BigDecimal}. A text
 * that is already canonical is kept as it was written, so {@code 1.024k} prints as that.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go (v1.36).
 */
public final class Quantity implements Comparable<Quantity> {

  /** The family of suffixes of a quantity. */
  public enum Format {
    /** {@code n u m k M G T P E}: powers of 1000. */
    DECIMAL_SI("DecimalSI"),
    /** {@code Ki Mi Gi Ti Pi Ei}: powers of 1024. */
    BINARY_SI("BinarySI"),
    /** {@code e3}: a power of ten. */
    DECIMAL_EXPONENT("DecimalExponent");

    private final String apiName;

    Format(String apiName) {
      this.apiName = apiName;
    }

    /** The word of the API, such as {@code DecimalSI}. */
    public String apiName() {
      return apiName;
    }
  }

  /** A text that is no quantity; the message is upstream's. */
  public static final class SyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    SyntaxException(String message) {
      super(message);
    }
  }

  private static final int MILLI = -3;
  private static final int CACHED_MAX = 10_000;
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

  private static final ConcurrentHashMap<String, Quantity> CACHE = new ConcurrentHashMap<>();
  private static final AtomicInteger CACHED = new AtomicInteger();

  public static final Quantity ZERO = new Quantity(0, 0, Format.DECIMAL_SI, "0");

  private final long unscaled;
  private final int scale;
  private final @Nullable BigDecimal big;
  private final Format format;
  private final @Nullable String written;
  private @Nullable String text;

  Quantity(long unscaled, int scale, Format format, @Nullable String text) {
    this.unscaled = unscaled;
    this.scale = scale;
    this.big = null;
    this.format = format;
    this.written = text;
    this.text = text;
  }

  Quantity(BigDecimal big, Format format) {
    this.unscaled = 0;
    this.scale = 0;
    this.big = big;
    this.format = format;
    this.written = null;
  }

  /**
   * The quantity of a text such as {@code 1.5Gi}.
   *
   * @throws SyntaxException with upstream's words when the text is none
   */
  public static Quantity parse(String text) {
    Quantity known = CACHE.get(text);
    if (known != null) {
      return known;
    }
    Quantity parsed = QuantityParser.parse(text);
    if (CACHED.get() < CACHED_MAX && CACHE.putIfAbsent(text, parsed) == null) {
      CACHED.incrementAndGet();
    }
    return parsed;
  }

  /**
   * The quantity of a leaf of an API object: a text or a number; absent and null are zero.
   *
   * @throws SyntaxException when the leaf is none
   */
  public static Quantity of(@Nullable Object leaf) {
    if (leaf == null || leaf == KubeNull.NULL) {
      return ZERO;
    }
    return parse(leaf instanceof Double number ? Json.number(number) : leaf.toString().strip());
  }

  /** That many whole units. */
  public static Quantity of(long value, Format format) {
    return new Quantity(value, 0, format, null);
  }

  /** That many thousandths. */
  public static Quantity ofMilli(long milliValue, Format format) {
    return new Quantity(milliValue, MILLI, format, null);
  }

  /** Whether the amount is kept as a decimal of any size. */
  boolean isBig() {
    return big != null;
  }

  /** The text it was written as, where that was canonical; else empty. */
  String writtenText() {
    return written == null ? "" : written;
  }

  public Format format() {
    return format;
  }

  /** Whole units, rounded away from zero. */
  public long value() {
    return big == null && scale == 0 ? unscaled : scaledValue(0);
  }

  /** Thousandths, rounded away from zero; 0 when they do not fit a long. */
  public long milliValue() {
    return big == null && scale == MILLI ? unscaled : scaledValue(MILLI);
  }

  private long scaledValue(int to) {
    if (big == null) {
      return scale < to ? QuantityMath.divideUp(unscaled, to - scale) : timesOrZero(scale - to);
    }
    int down = big.scale() + to;
    BigInteger digits = big.unscaledValue();
    if (down <= 0) {
      return digits.multiply(BigInteger.TEN.pow(-down)).longValue();
    }
    // Upstream's fast path also takes negative amounts beyond a long, and lets them overflow.
    if (down < QuantityMath.POWERS && digits.compareTo(LONG_MAX) < 0) {
      digits = BigInteger.valueOf(digits.longValue());
    }
    BigInteger[] parts = digits.divideAndRemainder(BigInteger.TEN.pow(down));
    return parts[0].longValue() + (parts[1].signum() != 0 ? 1 : 0);
  }

  private long timesOrZero(int power) {
    long result = QuantityMath.timesPowerOfTen(unscaled, power);
    return result == QuantityMath.OVERFLOW ? 0 : result;
  }

  /** -1, 0 or 1. */
  public int sign() {
    return big == null ? Long.signum(unscaled) : big.signum();
  }

  public boolean isZero() {
    return sign() == 0;
  }

  /** The sum; it keeps this one's format unless this one is zero. */
  public Quantity add(Quantity other) {
    return plus(other, false);
  }

  /** The difference; it keeps this one's format unless this one is zero. */
  public Quantity sub(Quantity other) {
    return plus(other, true);
  }

  private Quantity plus(Quantity other, boolean negated) {
    Format sumFormat = isZero() ? other.format : format;
    if (big == null && other.big == null) {
      Quantity sum = plusLong(negated ? -other.unscaled : other.unscaled, other.scale, sumFormat);
      if (sum != null) {
        return sum;
      }
    }
    BigDecimal theirs = other.decimal();
    return new Quantity(negated ? decimal().subtract(theirs) : decimal().add(theirs), sumFormat);
  }

  private @Nullable Quantity plusLong(long otherUnscaled, int otherScale, Format sumFormat) {
    if (otherUnscaled == 0) {
      return new Quantity(unscaled, scale, sumFormat, null);
    }
    if (unscaled == 0) {
      return new Quantity(otherUnscaled, otherScale, sumFormat, null);
    }
    int sumScale = Math.min(scale, otherScale);
    long a = QuantityMath.timesPowerOfTen(unscaled, scale - sumScale);
    long b = QuantityMath.timesPowerOfTen(otherUnscaled, otherScale - sumScale);
    if (a == QuantityMath.OVERFLOW || b == QuantityMath.OVERFLOW) {
      return null;
    }
    long sum = a + b;
    boolean overflow = ((a ^ sum) & (b ^ sum)) < 0;
    return overflow ? null : new Quantity(sum, sumScale, sumFormat, null);
  }

  /** This amount that many times. */
  public Quantity mul(long factor) {
    if (big == null) {
      long high = Math.multiplyHigh(unscaled, factor);
      long low = unscaled * factor;
      if ((high == 0 && low >= 0) || (high == -1 && low < 0)) {
        return new Quantity(low, low == 0 ? 0 : scale, format, null);
      }
    }
    return new Quantity(decimal().multiply(BigDecimal.valueOf(factor)), format);
  }

  public Quantity negate() {
    return big == null && unscaled != Long.MIN_VALUE
        ? new Quantity(-unscaled, scale, format, null)
        : new Quantity(decimal().negate(), format);
  }

  /** This amount rounded away from zero to thousandths. */
  public Quantity roundUpMilli() {
    if (big != null) {
      return new Quantity(big.setScale(-MILLI, RoundingMode.UP), format);
    }
    return scale >= MILLI
        ? this
        : new Quantity(QuantityMath.divideUp(unscaled, MILLI - scale), MILLI, format, null);
  }

  /** Compares amounts; {@code 1} and {@code 1000m} are the same. */
  public int cmp(Quantity other) {
    if (big == null && other.big == null && scale == other.scale) {
      return Long.compare(unscaled, other.unscaled);
    }
    return Integer.signum(decimal().compareTo(other.decimal()));
  }

  @Override
  public int compareTo(Quantity other) {
    return cmp(other);
  }

  /** The exact amount. */
  public BigDecimal decimal() {
    return big == null ? BigDecimal.valueOf(unscaled, -scale) : big;
  }

  /** The amount as a float, for ratios only. */
  public double approximate() {
    return decimal().doubleValue();
  }

  /** Whether the amounts are the same, whatever their formats. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof Quantity that && cmp(that) == 0);
  }

  @Override
  public int hashCode() {
    return decimal().stripTrailingZeros().hashCode();
  }

  /** The canonical text. */
  @Override
  public String toString() {
    String known = text;
    if (known == null) {
      known = canonical();
      text = known;
    }
    return known;
  }

  private String canonical() {
    if (isZero()) {
      return "0";
    }
    BigDecimal amount = decimal();
    boolean binary =
        format == Format.BINARY_SI
            && amount.abs().compareTo(KIBI) >= 0
            && amount.stripTrailingZeros().scale() <= 0;
    if (binary) {
      return QuantityMath.base1024(amount.toBigIntegerExact());
    }
    return QuantityMath.base1000(
        amount.unscaledValue(), -amount.scale(), format == Format.DECIMAL_EXPONENT);
  }
}
