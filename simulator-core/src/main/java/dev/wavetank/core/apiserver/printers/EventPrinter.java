package dev.wavetank.core.apiserver.printers;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.HumanDuration;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The row of an event.
 *
 * <p>Follows printEvent of pkg/printers/internalversion/printers.go (v1.36).
 */
final class EventPrinter extends TablePrinter {

  static final EventPrinter PRINTER = new EventPrinter();

  private EventPrinter() {
    super(
        column("Last Seen", "How long ago it happened last."),
        column("Type", "Normal or Warning."),
        column("Reason", "Why it happened, in one word."),
        column("Object", "What it is about."),
        wide("Subobject", "The part of the object that it is about."),
        wide("Source", "The component that reports it."),
        column("Message", "What happened."),
        wide("First Seen", "How long ago it happened first."),
        wide("Count", "How often it happened."),
        new Table.Column("Name", "string", "name", NAME.description(), 1));
  }

  @Override
  void print(KubeObject event, Instant now, ImmutableList.Builder<Object> cells) {
    KubeMap root = ResourceType.EVENTS.view(event).root();
    KubeMap involved = root.mapOrEmpty("involvedObject");
    KubeMap series = root.map("series");
    String first = since(root.get("firstTimestamp"), root.get("eventTime"), now);
    String last =
        Timestamps.parse(root.get("lastTimestamp")) == null
            ? first
            : HumanDuration.since(root.get("lastTimestamp"), now);
    long count = Math.max(root.number("count", 0), 1);
    if (series != null) {
      last = HumanDuration.since(series.get("lastObservedTime"), now);
      count = series.number("count", 0);
    }
    String name = involved.string("name", "");
    cells
        .add(last)
        .add(root.string("type", ""))
        .add(root.string("reason", ""))
        .add(Ascii.toLowerCase(involved.string("kind", "")) + (name.isEmpty() ? "" : "/" + name))
        .add(involved.string("fieldPath", ""))
        .add(source(root))
        .add(root.string("message", "").strip())
        .add(first)
        .add(count)
        .add(event.name());
  }

  private static String since(@Nullable Object time, @Nullable Object otherwise, Instant now) {
    return HumanDuration.since(Timestamps.parse(time) == null ? otherwise : time, now);
  }

  private static String source(KubeMap root) {
    KubeMap source = root.mapOrEmpty("source");
    String component = firstOf(source.string("component", ""), root, "reportingComponent");
    String host = firstOf(source.string("host", ""), root, "reportingInstance");
    return host.isEmpty() ? component : component + ", " + host;
  }

  private static String firstOf(String text, KubeMap root, String otherwise) {
    return text.isEmpty() ? root.string(otherwise, "") : text;
  }
}
