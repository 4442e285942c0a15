package dev.wavetank.core.record;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reports events of one component. The same event again counts up the object that stands for it.
 *
 * <p>Follows staging/src/k8s.io/client-go/tools/record/event.go (v1.36).
 */
public final class EventRecorder {

  /** Most events whose repetition is recognised, client-go's cache size. */
  private static final int KNOWN_MAX = 4096;

  private record Same(String uid, String fieldPath, String type, String reason, String message) {}

  private final ApiServer server;
  private final KubeMap source;
  private final String component;
  private final Map<Same, ObjectKey> known = new LinkedHashMap<>();
  private long counter;

  /**
   * A recorder.
   *
   * @param component {@code source.component}, such as {@code kubelet}
   * @param host {@code source.host}; empty for none
   */
  public EventRecorder(ApiServer server, String component, String host) {
    this.server = server;
    this.component = component;
    this.source = KubeMap.of("component", component, "host", host.isEmpty() ? null : host);
  }

  /** Reports a {@code Normal} event about an object. */
  public void normal(KubeObject about, String reason, String message) {
    event(about, "", "Normal", reason, message);
  }

  /** Reports a {@code Warning} event about an object. */
  public void warning(KubeObject about, String reason, String message) {
    event(about, "", "Warning", reason, message);
  }

  /**
   * Reports an event.
   *
   * @param fieldPath part of the object, such as {@code spec.containers{web}}; empty for the whole
   * @param type {@code Normal} or {@code Warning}
   */
  public void event(
      KubeObject about, String fieldPath, String type, String reason, String message) {
    Same same = new Same(about.uid(), fieldPath, type, reason, message);
    ObjectKey seen = known.get(same);
    if (seen != null && server.find(seen) != null) {
      server.patch(
          ResourceType.EVENTS,
          seen,
          event ->
              event.withRoot(
                  event
                      .root()
                      .with("count", event.root().number("count", 1) + 1)
                      .with("lastTimestamp", server.timestamp())));
      return;
    }
    String namespace = about.namespace().isEmpty() ? "default" : about.namespace();
    String name =
        about.name() + "." + Long.toHexString(server.simulation().now() + (counter++ << 8));
    KubeMap involved =
        KubeMap.of(
            "kind", about.kind(),
            "namespace", about.namespace().isEmpty() ? null : about.namespace(),
            "name", about.name(),
            "uid", about.uid(),
            "apiVersion", about.apiVersion(),
            "resourceVersion", about.resourceVersion().isEmpty() ? null : about.resourceVersion(),
            "fieldPath", fieldPath.isEmpty() ? null : fieldPath);
    String now = server.timestamp();
    KubeMap root =
        KubeMap.of(
            "apiVersion", "v1",
            "kind", "Event",
            "metadata", KubeMap.of("name", name, "namespace", namespace),
            "involvedObject", involved,
            "reason", reason,
            "message", message,
            "source", source,
            "firstTimestamp", now,
            "lastTimestamp", now,
            "count", 1L,
            "type", type,
            "reportingComponent", component,
            "reportingInstance", source.string("host", ""));
    server.create(ResourceType.EVENTS, KubeObject.of(root));
    remember(same, ObjectKey.of(ResourceType.EVENTS, namespace, name));
  }

  private void remember(Same same, ObjectKey key) {
    if (known.size() >= KNOWN_MAX) {
      Iterator<Same> oldest = known.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    known.put(same, key);
  }
}
