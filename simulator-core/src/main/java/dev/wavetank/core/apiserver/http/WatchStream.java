package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.core.sim.Timer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A watch: a line of JSON for each change of an object that is selected.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/handlers/watch.go and
 * staging/src/k8s.io/apiserver/pkg/storage/cacher/cache_watcher.go (v1.36).
 */
final class WatchStream implements ResponseStream {

  private static final long BOOKMARK_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final String TYPE = "type";

  private final ApiServer server;
  private final Simulation simulation;
  private final WatchHistory history;
  private final ResourceRequest target;
  private final ResourceType type;
  private final ListParameters parameters;
  private final Representation form;
  private final WatchEncoder encoder;
  private final WholeWatches wholes;
  private final boolean everything;

  /** Whether what a commit means to it is decided for others as well. */
  private final boolean shared;

  private final Consumer<Commit> listener = this::committed;
  private @Nullable Sink sink;
  private @Nullable Timer timeout;
  private @Nullable Timer bookmark;
  private long seen;
  private boolean columnsSent;

  WatchStream(
      ApiServer server,
      WatchHistory history,
      WatchEncoder encoder,
      WholeWatches wholes,
      ResourceRequest target,
      ListParameters parameters,
      Representation form) {
    this.server = server;
    this.simulation = server.simulation();
    this.history = history;
    this.encoder = encoder;
    this.wholes = wholes;
    this.target = target;
    this.type = target.type();
    this.parameters = parameters;
    this.form = form;
    this.everything = target.namespace().isEmpty() && !parameters.selective();
    this.shared = everything && form.view() == Representation.View.WHOLE;
  }

  @Override
  public void start(Sink newSink) {
    sink = newSink;
    long asked = parameters.revision();
    boolean initial = asked == 0 || parameters.sendInitialEvents();
    if (!initial && asked < history.oldest()) {
      String message = "too old resource version: " + asked + " (" + history.oldest() + ")";
      writeEvent("ERROR", StatusBody.failure(Status.expired(message)).root());
      end();
      return;
    }
    if (initial) {
      seen = server.revision();
      for (KubeObject object : server.list(type, target.listNamespace(), labels -> true)) {
        if (parameters.selects(object)) {
          write("ADDED", object);
        }
      }
      boolean marked = parameters.sendInitialEvents() || parameters.resourceVersion().equals("0");
      if (marked && parameters.bookmarks()) {
        writeBookmark(KubeMap.of("k8s.io/initial-events-end", "true"));
      }
    } else {
      seen = asked;
      history.since(type, asked, listener);
    }
    Sink open = sink;
    if (open != null) {
      if (shared) {
        wholes.add(type, this, open, seen);
      } else {
        history.add(type, listener);
      }
      limitTime();
    }
  }

  private void limitTime() {
    long nanos =
        parameters.timeoutSeconds() > 0
            ? Math.multiplyExact(Math.min(parameters.timeoutSeconds(), 1L << 31), SECOND_NANOS)
            : simulation
                .choices()
                .between("apiserver/watchTimeout", 1800 * SECOND_NANOS, 3600 * SECOND_NANOS - 1);
    timeout = simulation.after(nanos, "apiserver/watchTimeout", type.plural(), this::end);
    if (parameters.bookmarks()) {
      scheduleBookmark();
    }
  }

  private void scheduleBookmark() {
    bookmark =
        simulation.after(
            BOOKMARK_NANOS,
            "apiserver/bookmark",
            type.plural(),
            () -> {
              writeBookmark(KubeMap.EMPTY);
              scheduleBookmark();
            });
  }

  private void committed(Commit commit) {
    if (!awaits(commit)) {
      return;
    }
    seen = commit.revision();
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    boolean was = before != null && matches(before);
    boolean is = after != null && matches(after);
    if (after != null && is) {
      write(was ? "MODIFIED" : "ADDED", after);
    } else if (before != null && was) {
      write("DELETED", encoder.removed(commit, before));
    }
  }

  /** Whether it has not been told of that commit. */
  boolean awaits(Commit commit) {
    return sink != null && commit.revision() > seen;
  }

  /** A commit's object has no form that can be told; the watch ends. */
  void failed(Commit commit, ApiException unconverted) {
    if (awaits(commit)) {
      failed(unconverted);
    }
  }

  private void failed(ApiException unconverted) {
    writeEvent("ERROR", StatusBody.failure(unconverted.status()).root());
    end();
  }

  private boolean matches(KubeObject object) {
    return everything || (Lists.isIn(target, object) && parameters.selects(object));
  }

  private void write(String event, KubeObject object) {
    Sink open = sink;
    if (open == null) {
      return;
    }
    try {
      write(open, event, object);
    } catch (ApiException unconverted) {
      failed(unconverted);
    }
  }

  private void write(Sink open, String event, KubeObject object) {
    switch (form.view()) {
      case WHOLE -> open.write(encoder.whole(event, type, object));
      case METADATA -> writeEvent(event, tree(object));
      case TABLE -> {
        KubeMap table = tree(object);
        writeEvent(event, columnsSent ? table.with("columnDefinitions", KubeNull.NULL) : table);
        columnsSent = true;
      }
    }
  }

  private KubeMap tree(KubeObject object) {
    return ObjectResponses.tree(type, object, form, simulation.instant());
  }

  private void writeBookmark(KubeMap annotations) {
    KubeMap metadata = KubeMap.of("resourceVersion", Long.toString(server.revision()));
    if (!annotations.isEmpty()) {
      metadata = metadata.with("annotations", annotations);
    }
    KubeObject object = KubeObject.of(type, metadata);
    if (form.view() == Representation.View.TABLE) {
      write("BOOKMARK", object);
    } else {
      writeEvent("BOOKMARK", object.root());
    }
  }

  private void writeEvent(String event, KubeMap object) {
    Sink open = sink;
    if (open != null) {
      String line = Json.write(KubeMap.of(TYPE, event, "object", object)) + "\n";
      open.write(line.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void end() {
    Sink open = sink;
    stop();
    if (open != null) {
      open.end();
    }
  }

  @Override
  public void poll() {}

  @Override
  public void stop() {
    sink = null;
    if (shared) {
      wholes.remove(type, this);
    } else {
      history.remove(type, listener);
    }
    cancel(timeout);
    cancel(bookmark);
  }

  private static void cancel(@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }
}
