package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.container.ContainerLog;
import dev.wavetank.core.container.LogLine;
import dev.wavetank.core.container.text.ByteText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/**
 * A log as a client gets it, piece by piece.
 *
 * <p>Follows ReadLogs of staging/src/k8s.io/cri-client/pkg/logs/logs.go (v1.36).
 */
final class LogText {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final LogOptions options;
  private final Instant start;
  private long next;
  private long bytes;

  /**
   * A log of which nothing was given yet.
   *
   * @param start when virtual time began
   * @param from the number of the first line
   */
  LogText(LogOptions options, Instant start, long from) {
    this.options = options;
    this.start = start;
    this.next = from;
  }

  /** Whether as much was given as is wanted. */
  boolean full() {
    return bytes >= options.limitBytes();
  }

  /**
   * What has come since the last piece.
   *
   * @param unfinished whether a line without its end counts
   */
  byte[] next(ContainerLog log, boolean unfinished) {
    int count = log.lines().size();
    int end = log.lastUnfinished() && !unfinished ? count - 1 : count;
    int from = (int) Math.max(0, next - log.forgotten());
    StringBuilder text = new StringBuilder();
    for (int i = from; i < end; i++) {
      LogLine line = log.lines().get(i);
      Instant time = start.plusNanos(line.nanos());
      Instant since = options.since();
      if (since == null || !time.isBefore(since)) {
        text.append(options.timestamps() ? TIME.format(time) + " " : "");
        text.append(line.text()).append(i == count - 1 && log.lastUnfinished() ? "" : "\n");
      }
    }
    next = Math.max(next, log.forgotten() + end);
    byte[] piece = ByteText.bytes(text.toString());
    int length = (int) Math.min(piece.length, options.limitBytes() - bytes);
    bytes += length;
    return length == piece.length ? piece : Arrays.copyOf(piece, length);
  }
}
