package dev.wavetank.core.kubectl;

import com.google.common.base.Ascii;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.printers.EventAge;
import dev.wavetank.core.kubectl.printers.GoSort;
import dev.wavetank.core.kubectl.printers.ObjectPrinter;
import dev.wavetank.core.kubectl.printers.TabWriter;
import dev.wavetank.core.kubectl.printers.TablePrinter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl events}: the events of a namespace by time.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/events (v1.36).
 */
final class EventsCommand extends Command {

  EventsCommand() {
    super("events", "List events");
    PrintFlags.addTo(flags());
    flags()
        .bool("watch", "w", false, "Go on with new events; refused")
        .bool("all-namespaces", "A", false, "The events of all namespaces")
        .string("for", "", "", "The object that the events are about, as TYPE/NAME")
        .strings("types", "", "Only events of these types: Normal or Warning")
        .bool("no-headers", "", false, "No line with the names of the columns")
        .integer("chunk-size", 500, "Has no effect");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    boolean all = flags.bool("all-namespaces");
    String about = about(call);
    ObjectPrinter printer = PrintFlags.printer(call);
    List<String> types = flags.strings("types");
    for (String type : types) {
      if (!Ascii.equalsIgnoreCase(type, "Normal") && !Ascii.equalsIgnoreCase(type, "Warning")) {
        throw CommandException.of("valid --types are Normal or Warning");
      }
    }
    if (flags.bool("watch")) {
      throw CommandException.of("--watch is absent from this simulation");
    }
    List<KubeObject> events = new ArrayList<>();
    for (KubeObject event :
        call.reader().list(ResourceType.EVENTS, all ? null : call.namespace(), "", about)) {
      String type = event.root().string("type", "");
      if (types.isEmpty() || types.stream().anyMatch(t -> Ascii.equalsIgnoreCase(t, type))) {
        events.add(event);
      }
    }
    if (events.isEmpty()) {
      call.printError(
          all ? "No events found.\n" : "No events found in " + call.namespace() + " namespace.\n");
      return;
    }
    GoSort.sort(events, (a, b) -> time(a).isBefore(time(b)));
    call.print(
        printer == null
            ? table(events, all, !flags.bool("no-headers"), call.now())
            : printer.print(GetCommand.list("EventList", events, KubeMap.EMPTY)));
  }

  /** The field selector of {@code --for}. */
  private static String about(Invocation call) {
    String object = call.flags().string("for");
    if (object.isEmpty()) {
      return "";
    }
    String[] parts = object.split("/", -1);
    if (parts.length == 1) {
      throw CommandException.of("--for must be in resource/name form");
    }
    if (parts.length > 2) {
      throw CommandException.of("arguments in resource/name form may not have more than one slash");
    }
    ResourceType type = call.mapper().typeOf(Ascii.toLowerCase(parts[0]));
    return "involvedObject.kind="
        + type.kind()
        + ",involvedObject.apiVersion="
        + type.apiVersion()
        + ",involvedObject.name="
        + parts[1];
  }

  private static Instant time(KubeObject event) {
    KubeMap root = event.root();
    KubeMap series = root.map("series");
    Instant last =
        Timestamps.parse(
            series == null ? root.get("lastTimestamp") : series.get("lastObservedTime"));
    if (last == null && series == null) {
      last = Timestamps.parse(root.get("eventTime"));
    }
    return last == null ? Instant.MIN : last;
  }

  private static String table(
      List<KubeObject> events, boolean namespaces, boolean headers, Instant now) {
    TabWriter out = TabWriter.ofTables();
    if (headers) {
      out.print((namespaces ? "NAMESPACE\t" : "") + "LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n");
    }
    for (KubeObject event : events) {
      KubeMap root = event.root();
      KubeMap object = root.mapOrEmpty("involvedObject");
      List<String> cells = new ArrayList<>();
      if (namespaces) {
        cells.add(event.namespace());
      }
      cells.add(EventAge.of(root, now));
      cells.add(TablePrinter.escaped(root.string("type", "")));
      cells.add(TablePrinter.escaped(root.string("reason", "")));
      cells.add(
          TablePrinter.escaped(object.string("kind", ""))
              + "/"
              + TablePrinter.escaped(object.string("name", "")));
      cells.add(TablePrinter.escaped(root.string("message", "").strip()));
      out.row(cells);
    }
    return out.toString();
  }
}
