package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.container.ContainerLog;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The log of a container, as far as it is there or for as long as it goes on.
 *
 * <p>Follows LogLocation of pkg/registry/core/pod/strategy.go and pkg/registry/core/pod/rest/log.go
 * (v1.36).
 */
final class Logs {

  private static final String PLAIN = "text/plain";

  private final ApiServer server;
  private final ContainerLogs logs;

  Logs(ApiServer server, ContainerLogs logs) {
    this.server = server;
    this.logs = logs;
  }

  ApiResponse log(ResourceRequest target) {
    QueryParameters query = target.request().query();
    LogOptions options = LogOptions.of(target, server.simulation().instant());
    KubeObject pod = server.get(target.key());
    String container = PodContainer.asked(pod, query.string("container"));
    if (pod.spec().string("nodeName", "").isEmpty()) {
      return ApiResponse.empty(204);
    }
    boolean previous = query.bool("previous");
    if (!previous) {
      requireStarted(pod, container);
    }
    ContainerLog log = logs.log(pod, container, previous);
    Instant start = server.simulation().start();
    long from = Math.max(log.forgotten(), log.forgotten() + log.lines().size() - options.tail());
    LogText text = new LogText(options, start, from);
    if (query.bool("follow") && !previous) {
      return ApiResponse.streaming(PLAIN, new Follow(target.key(), container, text));
    }
    return ApiResponse.of(200, PLAIN, text.next(log, true));
  }

  /** A container that waits has no log yet; the kubelet says why it waits. */
  private static void requireStarted(KubeObject pod, String container) {
    KubeMap status = status(pod, container);
    KubeMap waiting = status == null ? KubeMap.EMPTY : status.mapOrEmpty("state").map("waiting");
    boolean startedBefore =
        status != null && status.mapOrEmpty("lastState").map("terminated") != null;
    if (waiting == null || startedBefore) {
      return;
    }
    String reason = waiting.string("reason", "");
    String why =
        switch (reason) {
          case "ImagePullBackOff" -> "is waiting to start: trying and failing to pull image";
          case "ErrImagePull" -> "is waiting to start: image can't be pulled";
          default -> "is waiting to start: " + (reason.isEmpty() ? "ContainerCreating" : reason);
        };
    throw new ApiException(
        Status.badRequest("container \"" + container + "\" in pod \"" + pod.name() + "\" " + why));
  }

  private static @Nullable KubeMap status(KubeObject pod, String container) {
    for (String field :
        ImmutableList.of(
            "initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")) {
      KubeMap status = pod.status().listOrEmpty(field).find("name", container);
      if (status != null) {
        return status;
      }
    }
    return null;
  }

  /** A log that is followed until the container ends or its pod is gone. */
  private final class Follow implements ResponseStream {
    private final ObjectKey pod;
    private final String container;
    private final LogText text;
    private @Nullable Sink sink;

    Follow(ObjectKey pod, String container, LogText text) {
      this.pod = pod;
      this.container = container;
      this.text = text;
    }

    @Override
    public void start(Sink newSink) {
      sink = newSink;
      poll();
    }

    @Override
    public void poll() {
      Sink open = sink;
      if (open == null) {
        return;
      }
      KubeObject object = server.find(pod);
      if (object == null) {
        end(open);
        return;
      }
      boolean goesOn = logs.open(object, container);
      byte[] piece = text.next(logs.log(object, container, false), !goesOn);
      if (piece.length > 0) {
        open.write(piece);
      }
      if (!goesOn || text.full()) {
        end(open);
      }
    }

    private void end(Sink open) {
      sink = null;
      open.end();
    }

    @Override
    public void stop() {
      sink = null;
    }
  }
}
