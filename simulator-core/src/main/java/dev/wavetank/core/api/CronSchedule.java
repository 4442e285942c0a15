package dev.wavetank.core.api;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The times of a CronJob as its schedule says them: five fields as cron has them, a descriptor such
 * as {@code @daily}, or {@code @every} and a duration; before it may stand {@code TZ=ZONE}.
 *
 * <p>Follows github.com/robfig/cron/v3 parser.go and pkg/util/parsers (v1.36).
 *
 * @param zone the zone that the text names; null for none
 * @param fields the values that each of minute, hour, day of month, month and day of week may have,
 *     a bit each, with {@link #STAR} where the field is a star; empty for {@code @every}
 * @param everyNanos the duration of {@code @every}, at least a second; 0 for others
 */
public record CronSchedule(@Nullable ZoneId zone, ImmutableList<Long> fields, long everyNanos) {

  /** The bit of a field that is a star: of two days, only that which is none restricts. */
  public static final long STAR = 1L << 63;

  private static final long SECOND_NANOS = 1_000_000_000L;

  private record Bounds(int min, int max, ImmutableList<String> names) {}

  private static final ImmutableList<Bounds> BOUNDS =
      ImmutableList.of(
          new Bounds(0, 59, ImmutableList.of()),
          new Bounds(0, 23, ImmutableList.of()),
          new Bounds(1, 31, ImmutableList.of()),
          new Bounds(
              1,
              12,
              ImmutableList.of(
                  "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                  "dec")),
          new Bounds(0, 6, ImmutableList.of("sun", "mon", "tue", "wed", "thu", "fri", "sat")));

  /** Whether the time zone database has a zone of that name; the empty name is UTC. */
  public static boolean isZone(String name) {
    return name.isEmpty() || ZoneId.getAvailableZoneIds().contains(name);
  }

  /** What is wrong with a text, in upstream's words; null when it is a schedule. */
  public static @Nullable String problem(String text) {
    try {
      parse(text);
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  /**
   * The schedule of a text.
   *
   * @throws IllegalArgumentException in upstream's words, when it is none
   */
  public static CronSchedule parse(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("empty spec string");
    }
    String spec = text;
    ZoneId zone = null;
    if (text.startsWith("TZ=") || text.startsWith("CRON_TZ=")) {
      int space = text.indexOf(' ');
      String name = text.substring(text.indexOf('=') + 1, Math.max(space, 0));
      if (space < 0 || !isZone(name)) {
        throw new IllegalArgumentException(
            "provided bad location " + name + ": unknown time zone " + name);
      }
      zone = name.isEmpty() ? ZoneId.of("UTC") : ZoneId.of(name);
      spec = text.substring(space).strip();
    }
    if (spec.startsWith("@")) {
      return descriptor(spec, zone);
    }
    List<String> words = words(spec);
    if (words.size() != BOUNDS.size()) {
      throw new IllegalArgumentException(
          "expected exactly 5 fields, found "
              + words.size()
              + ": ["
              + String.join(" ", words)
              + "]");
    }
    ImmutableList.Builder<Long> fields = ImmutableList.builder();
    for (int i = 0; i < BOUNDS.size(); i++) {
      long bits = 0;
      for (String range : words.get(i).split(",")) {
        bits |= range.isEmpty() ? 0 : range(range, BOUNDS.get(i));
      }
      fields.add(bits);
    }
    return new CronSchedule(zone, fields.build(), 0);
  }

  private static List<String> words(String spec) {
    List<String> words = new ArrayList<>();
    for (String word : spec.split("\\s+")) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  private static CronSchedule descriptor(String text, @Nullable ZoneId zone) {
    String fields =
        switch (text) {
          case "@yearly", "@annually" -> "0 0 1 1 *";
          case "@monthly" -> "0 0 1 * *";
          case "@weekly" -> "0 0 * * 0";
          case "@daily", "@midnight" -> "0 0 * * *";
          case "@hourly" -> "0 * * * *";
          default -> "";
        };
    if (!fields.isEmpty()) {
      return new CronSchedule(zone, parse(fields).fields(), 0);
    }
    String every = "@every ";
    if (!text.startsWith(every)) {
      throw new IllegalArgumentException("unrecognized descriptor: " + text);
    }
    long nanos;
    try {
      nanos = GoDurations.parseNanos(text.substring(every.length()));
    } catch (IllegalArgumentException e) {
      String duration = text.substring(every.length());
      boolean unitless =
          !duration.isEmpty() && Character.isDigit(duration.charAt(duration.length() - 1));
      throw new IllegalArgumentException(
          "failed to parse duration "
              + text
              + ": time: "
              + (unitless ? "missing unit in" : "invalid")
              + " duration "
              + GoQuote.quote(duration),
          e);
    }
    long whole = nanos < SECOND_NANOS ? SECOND_NANOS : nanos - nanos % SECOND_NANOS;
    return new CronSchedule(zone, ImmutableList.of(), whole);
  }

  private static long range(String text, Bounds bounds) {
    String[] parts = text.split("/", -1);
    String[] limits = parts[0].split("-", -1);
    boolean star = limits[0].equals("*") || limits[0].equals("?");
    int start = star ? bounds.min : number(limits[0], bounds);
    int end = star ? bounds.max : start;
    long extra = star ? STAR : 0;
    if (!star && limits.length == 2) {
      end = number(limits[1], bounds);
    } else if (!star && limits.length > 2) {
      throw new IllegalArgumentException("too many hyphens: " + text);
    }
    int step = 1;
    if (parts.length == 2) {
      step = integer(parts[1]);
      end = limits.length == 1 ? bounds.max : end;
      extra = step > 1 ? 0 : extra;
    } else if (parts.length > 2) {
      throw new IllegalArgumentException("too many slashes: " + text);
    }
    check(start, end, step, text, bounds);
    long bits = extra;
    for (int i = start; i <= end; i += step) {
      bits |= 1L << i;
    }
    return bits;
  }

  private static void check(int start, int end, int step, String text, Bounds bounds) {
    if (start < bounds.min) {
      throw new IllegalArgumentException(
          "beginning of range (" + start + ") below minimum (" + bounds.min + "): " + text);
    }
    if (end > bounds.max) {
      throw new IllegalArgumentException(
          "end of range (" + end + ") above maximum (" + bounds.max + "): " + text);
    }
    if (start > end) {
      throw new IllegalArgumentException(
          "beginning of range (" + start + ") beyond end of range (" + end + "): " + text);
    }
    if (step == 0) {
      throw new IllegalArgumentException("step of range should be a positive number: " + text);
    }
  }

  private static int number(String text, Bounds bounds) {
    int named = bounds.names.indexOf(Ascii.toLowerCase(text));
    return named >= 0 ? named + bounds.min : integer(text);
  }

  private static int integer(String text) {
    int number;
    try {
      number = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "failed to parse int from "
              + text
              + ": strconv.Atoi: parsing "
              + GoQuote.quote(text)
              + ": invalid syntax",
          e);
    }
    if (number < 0) {
      throw new IllegalArgumentException("negative number (" + number + ") not allowed: " + text);
    }
    return number;
  }
}
