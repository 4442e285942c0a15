package dev.wavetank.core.container.program.network;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How OpenSSL and curl write names and times of certificates. */
final class CertificateText {

  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final int MONTH_LETTERS = 3;

  private CertificateText() {}

  /**
   * A name in the order of the certificate.
   *
   * @param rfc2253 the same in the order of RFC 2253, which is the other one
   */
  static String name(String rfc2253, String separator) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < rfc2253.length(); i++) {
      char c = rfc2253.charAt(i);
      if (c == '\\' && i + 1 < rfc2253.length()) {
        part.append(rfc2253.charAt(++i));
      } else if (c == ',') {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    Collections.reverse(parts);
    return String.join(separator, parts);
  }

  /** {@code Nov 29 00:39:15 2026 GMT}. */
  static String time(Instant instant) {
    OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
    int month = (time.getMonthValue() - 1) * MONTH_LETTERS;
    StringBuilder text = new StringBuilder();
    text.append(MONTHS, month, month + MONTH_LETTERS).append(' ');
    text.append(time.getDayOfMonth() < 10 ? " " : "").append(time.getDayOfMonth());
    two(text.append(' '), time.getHour());
    two(text.append(':'), time.getMinute());
    two(text.append(':'), time.getSecond());
    return text.append(' ').append(time.getYear()).append(" GMT").toString();
  }

  private static void two(StringBuilder text, int number) {
    text.append(number < 10 ? "0" : "").append(number);
  }
}
