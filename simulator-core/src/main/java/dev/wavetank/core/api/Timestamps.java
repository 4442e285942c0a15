package dev.wavetank.core.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times in API objects: RFC 3339 in UTC, whole seconds ({@code Time}) or {@code MicroTime}. */
public final class Timestamps {

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(java.time.ZoneOffset.UTC);

  private static final String SECONDS_FORM = "0000-00-00T00:00:00Z";

  private Timestamps() {}

  /** {@code metav1.Time}: the instant cut to whole seconds. */
  public static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** {@code metav1.MicroTime}: six digits after the point. */
  public static String micros(Instant instant) {
    return MICROS.format(instant);
  }

  /** The instant of an RFC 3339 text, or null when the text is absent or none. */
  public static @Nullable Instant parse(@Nullable Object text) {
    if (!(text instanceof String string) || string.isEmpty()) {
      return null;
    }
    try {
      if (inSeconds(string)) {
        return parseSeconds(string);
      }
      return string.endsWith("Z")
          ? Instant.parse(string)
          : java.time.OffsetDateTime.parse(string).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** Whether a text has the form of {@code metav1.Time}, which most times in objects have. */
  private static boolean inSeconds(String text) {
    if (text.length() != SECONDS_FORM.length()) {
      return false;
    }
    for (int i = 0; i < SECONDS_FORM.length(); i++) {
      char form = SECONDS_FORM.charAt(i);
      char c = text.charAt(i);
      if (form == '0' ? c < '0' || c > '9' : c != form) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Instant parseSeconds(String text) {
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    if (hour > 23 || minute > 59 || second > 59) {
      return null;
    }
    try {
      long day =
          LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
      return Instant.ofEpochSecond(((day * 24 + hour) * 60 + minute) * 60 + second);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }
}
