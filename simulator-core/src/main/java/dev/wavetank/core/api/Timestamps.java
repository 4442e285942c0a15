package dev.wavetank.core.api;

import java.time.Instant;
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
      return string.endsWith("Z")
          ? Instant.parse(string)
          : java.time.OffsetDateTime.parse(string).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
