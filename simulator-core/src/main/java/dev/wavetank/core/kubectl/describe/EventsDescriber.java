package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.kubectl.printers.EventAge;
import dev.wavetank.core.kubectl.printers.GoSort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of an object, at the end of its description.
 *
 * <p>Follows DescribeEvents and searchEvents of staging/src/k8s.io/kubectl/pkg/describe/describe.go
 * (v1.36).
 */
final class EventsDescriber {

  private EventsDescriber() {}

  /** The events of an object, if the context shows them. */
  static void describe(KubeObject object, Context context, Sheet sheet) {
    if (context.showEvents()) {
      describe(search(object, object.kind(), object.uid(), context), context, sheet);
    }
  }

  /**
   * The events that name an object.
   *
   * @param kind empty for any
   */
  static List<KubeObject> search(KubeObject object, String kind, String uid, Context context) {
    String namespace = object.namespace();
    String fields =
        "involvedObject.name="
            + object.name()
            + ",involvedObject.namespace="
            + namespace
            + (kind.isEmpty() ? "" : ",involvedObject.kind=" + kind)
            + ",involvedObject.uid="
            + uid;
    return context
        .reader()
        .list(ResourceType.EVENTS, namespace.isEmpty() ? null : namespace, "", fields);
  }

  static void describe(List<KubeObject> events, Context context, Sheet sheet) {
    if (events.isEmpty()) {
      sheet.field(0, "Events", "<none>");
      return;
    }
    sheet.flush();
    List<KubeObject> sorted = new ArrayList<>(events);
    GoSort.sort(sorted, (a, b) -> last(a).isBefore(last(b)));
    sheet.line(0, "Events:");
    sheet.line(1, "Type\tReason\tAge\tFrom\tMessage");
    sheet.line(1, "----\t------\t----\t----\t-------");
    for (KubeObject event : sorted) {
      KubeMap root = event.root();
      String component = root.mapOrEmpty("source").string("component", "");
      String path = root.mapOrEmpty("involvedObject").string("fieldPath", "");
      sheet.line(
          1,
          String.join(
              "\t",
              root.string("type", ""),
              root.string("reason", ""),
              EventAge.of(root, context.now()),
              component.isEmpty() ? root.string("reportingComponent", "") : component,
              (path.isEmpty() ? "" : path + ": ") + root.string("message", "").strip()));
    }
  }

  private static Instant last(KubeObject event) {
    Instant last = Timestamps.parse(event.root().get("lastTimestamp"));
    return last == null ? Instant.MIN : last;
  }
}
