package dev.wavetank.core.container.image;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Amounts of memory as manifests and personality files write them, such as {@code 128Mi}. */
final class ByteSize {

  private static final String BINARY = "KMGTPE";
  private static final String DECIMAL = "kMGTPE";

  private ByteSize() {}

  /** Bytes; 0 when there is no amount, -1 when it is no amount. */
  static long of(@Nullable Object amount) {
    if (amount instanceof Long number) {
      return number;
    }
    if (!(amount instanceof String text) || text.isEmpty()) {
      return 0;
    }
    int end = text.length();
    BigDecimal factor = BigDecimal.ONE;
    if (text.endsWith("i") && end >= 2) {
      int power = BINARY.indexOf(text.charAt(end - 2)) + 1;
      if (power == 0) {
        return -1;
      }
      factor = BigDecimal.valueOf(1L << (10 * power));
      end -= 2;
    } else if (DECIMAL.indexOf(text.charAt(end - 1)) >= 0) {
      factor = BigDecimal.TEN.pow(3 * (DECIMAL.indexOf(text.charAt(end - 1)) + 1));
      end--;
    } else if (text.endsWith("m")) {
      factor = new BigDecimal("0.001");
      end--;
    }
    try {
      return new BigDecimal(text.substring(0, end)).multiply(factor).longValue();
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
