package dev.wavetank.cli;

import dev.wavetank.core.api.GoDurations;
import java.time.Duration;
import picocli.CommandLine;

/** Reads durations such as {@code 90s} or {@code 1h30m}. */
final class DurationConverter implements CommandLine.ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    try {
      return Duration.ofNanos(GoDurations.parseNanos(text));
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
