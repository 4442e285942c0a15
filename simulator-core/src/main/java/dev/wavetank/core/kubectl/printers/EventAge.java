package dev.wavetank.core.kubectl.printers;

import dev.wavetank.core.api.HumanDuration;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Timestamps;
import java.time.Instant;

/**
 * How long ago an event was, and how often it came: {@code 5s (x3 over 2m)}.
 *
 * <p>Follows getInterval of staging/src/k8s.io/kubectl/pkg/cmd/events/event_printer.go (v1.36).
 */
public final class EventAge {

  private EventAge() {}

  public static String of(KubeMap event, Instant now) {
    Object eventTime = event.get("eventTime");
    String first =
        HumanDuration.since(
            Timestamps.parse(eventTime) == null ? event.get("firstTimestamp") : eventTime, now);
    KubeMap series = event.map("series");
    long count = series == null ? event.number("count", 0) : series.number("count", 0);
    if (series == null && count <= 1) {
      return first;
    }
    Object last = series == null ? event.get("lastTimestamp") : series.get("lastObservedTime");
    return HumanDuration.since(last, now) + " (x" + count + " over " + first + ")";
  }
}
