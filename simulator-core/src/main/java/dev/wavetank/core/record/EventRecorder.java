package dev.wavetank.core.record;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.record.EventCorrelator.About;
import dev.wavetank.core.record.EventCorrelator.Observation;
import org.jspecify.annotations.Nullable;

/**
 * Reports the events of one component as {@code v1} Events. The same event again counts up the
 * object that stands for it, similar ones are combined, and a flood is cut off: see {@link
 * EventCorrelator}. An event that the server refuses is dropped, as upstream; reporting never
 * disturbs who reports.
 *
 * <p>Follows staging/src/k8s.io/client-go/tools/record/event.go (v1.36).
 */
public final class EventRecorder {

  private static final String COMBINED = "(combined from similar events): ";

  private final ApiServer server;
  private final KubeMap source;
  private final String component;
  private final String host;
  private final EventCorrelator correlator;
  private final EventNames names;
  private @Nullable About lastAbout;

  /**
   * A recorder.
   *
   * @param component {@code source.component}, such as {@code kubelet}
   * @param host {@code source.host}; empty for none
   */
  public EventRecorder(ApiServer server, String component, String host) {
    this.server = server;
    this.component = component;
    this.host = host;
    this.source = KubeMap.of("component", component, "host", host.isEmpty() ? null : host);
    this.correlator =
        new EventCorrelator(server.simulation().choices(), "events/" + component + "/forgotten");
    this.names = new EventNames(server.simulation());
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
      KubeObject object, String fieldPath, String type, String reason, String message) {
    About about =
        about(
            object.kind(),
            object.namespace(),
            object.name(),
            object.uid(),
            object.apiVersion(),
            type);
    String version = object.resourceVersion();
    record(about, version.isEmpty() ? null : version, fieldPath, reason, message);
  }

  /**
   * Reports an event about an object of which only a reference is known.
   *
   * @param reference an {@code ObjectReference}; what it leaves out the event leaves out too
   */
  public void event(KubeMap reference, String type, String reason, String message) {
    About about =
        about(
            reference.string("kind", ""),
            reference.string("namespace", ""),
            reference.string("name", ""),
            reference.string("uid", ""),
            reference.string("apiVersion", ""),
            type);
    record(
        about,
        reference.string("resourceVersion"),
        reference.string("fieldPath", ""),
        reason,
        message);
  }

  /** Events about one object often come in a row: they share one key. */
  private About about(
      String kind, String namespace, String name, String uid, String apiVersion, String type) {
    About last = lastAbout;
    if (last != null
        && last.uid.equals(uid)
        && last.name.equals(name)
        && last.namespace.equals(namespace)
        && last.type.equals(type)
        && last.kind.equals(kind)
        && last.apiVersion.equals(apiVersion)) {
      return last;
    }
    About about = new About(kind, namespace, name, uid, apiVersion, type);
    lastAbout = about;
    return about;
  }

  private void record(
      About about, @Nullable String version, String fieldPath, String reason, String message) {
    long now = server.simulation().now();
    EventCorrelator.Key event = new EventCorrelator.Key(about, reason, fieldPath, message);
    EventCorrelator.Key key = correlator.aggregate(event, now);
    Observation seen = correlator.observeAgain(key);
    if (seen == null) {
      seen = new Observation(names.next(about.name), server.timestamp(), key != event);
      correlator.observe(key, seen);
    }
    if (correlator.spam(about, now)) {
      return;
    }
    String text = seen.combined ? COMBINED + message : message;
    if (seen.count == 1 || !patch(about, seen, text)) {
      create(event, version, seen, text);
    }
  }

  private static String namespaceOf(About about) {
    return about.namespace.isEmpty() ? "default" : about.namespace;
  }

  /** Counts up the object that stands for an event; false when it is gone. */
  private boolean patch(About about, Observation seen, String message) {
    ObjectKey key = ObjectKey.of(ResourceType.EVENTS, namespaceOf(about), seen.name);
    if (server.find(key) == null) {
      return false;
    }
    try {
      server.patch(
          ResourceType.EVENTS,
          key,
          event ->
              event.withRoot(
                  event
                      .root()
                      .with("message", message)
                      .with("lastTimestamp", server.timestamp())
                      .with("count", seen.count)));
    } catch (ApiException refused) {
      return true;
    }
    return true;
  }

  private void create(
      EventCorrelator.Key event, @Nullable String version, Observation seen, String message) {
    KubeObject object = object(event, version, seen, message);
    while (true) {
      try {
        server.create(ResourceType.EVENTS, object);
        return;
      } catch (ApiException refused) {
        if (!refused.status().reason().equals("AlreadyExists") || seen.count > 1) {
          return;
        }
        // Another source used the same instant, which no two real clocks readings share.
        seen.name = names.next(event.about.name);
        object = object.withMetadata(object.metadata().with("name", seen.name));
      }
    }
  }

  private KubeObject object(
      EventCorrelator.Key event, @Nullable String version, Observation seen, String message) {
    About about = event.about;
    KubeMap involved =
        KubeMap.of(
            "kind",
            about.kind,
            "namespace",
            about.namespace.isEmpty() ? null : about.namespace,
            "name",
            about.name,
            "uid",
            about.uid.isEmpty() ? null : about.uid,
            "apiVersion",
            about.apiVersion,
            "resourceVersion",
            version,
            "fieldPath",
            event.fieldPath.isEmpty() ? null : event.fieldPath);
    return KubeObject.of(
        KubeMap.of(
            "apiVersion",
            "v1",
            "kind",
            "Event",
            "metadata",
            KubeMap.of("name", seen.name, "namespace", namespaceOf(about)),
            "involvedObject",
            involved,
            "reason",
            event.reason,
            "message",
            message,
            "source",
            source,
            "firstTimestamp",
            seen.firstTimestamp,
            "lastTimestamp",
            server.timestamp(),
            "count",
            seen.count,
            "type",
            about.type,
            "reportingComponent",
            seen.combined ? "" : component,
            "reportingInstance",
            seen.combined ? "" : host));
  }
}
