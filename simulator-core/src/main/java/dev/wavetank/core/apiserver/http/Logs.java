package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.FieldErrors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of a container, as far as it is there or for as long as it goes on.
 *
 * <p>Follows LogLocation of pkg/registry/core/pod/strategy.go and pkg/registry/core/pod/rest/log.go
 * (v1.36).
 */
final class Logs {

  private static final String PLAIN = "text/plain";
  private static final ResourceType OPTIONS =
      new ResourceType("", "v1", "PodLogOptions", "podlogoptions", "podlogoptions", true);

  private final ApiServer server;
  private final ContainerLogs logs;

  Logs(ApiServer server, ContainerLogs logs) {
    this.server = server;
    this.logs = logs;
  }

  ApiResponse log(ResourceRequest target) {
    QueryParameters query = target.request().query();
    Long tail = query.number("tailLines");
    Long limit = query.number("limitBytes");
    FieldErrors errors = new FieldErrors();
    if (tail != null && tail < 0) {
      errors.invalid("tailLines", tail, "must be greater than or equal to 0");
    }
    if (limit != null && limit < 1) {
      errors.invalid("limitBytes", limit, "must be greater than 0");
    }
    if (!errors.isEmpty()) {
      throw new ApiException(errors.status(OPTIONS, target.name()));
    }
    KubeObject pod = server.get(target.key());
    String container = PodContainer.asked(pod, query.string("container"));
    if (pod.spec().string("nodeName", "").isEmpty()) {
      return ApiResponse.empty(204);
    }
    requireStarted(pod, container);
    List<String> lines = logs.lines(pod, container, query.bool("previous"));
    int from = tail == null ? 0 : (int) Math.max(lines.size() - tail, 0);
    if (query.bool("follow")) {
      return ApiResponse.streaming(PLAIN, new Follow(target.key(), container, from));
    }
    byte[] text = text(lines.subList(from, lines.size()));
    int length = limit == null ? text.length : (int) Math.min(text.length, limit);
    return ApiResponse.of(200, PLAIN, Arrays.copyOf(text, length));
  }

  private static byte[] text(List<String> lines) {
    StringBuilder out = new StringBuilder();
    lines.forEach(line -> out.append(line).append('\n'));
    return out.toString().getBytes(StandardCharsets.UTF_8);
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
    private int written;
    private @Nullable Sink sink;

    Follow(ObjectKey pod, String container, int from) {
      this.pod = pod;
      this.container = container;
      this.written = from;
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
      List<String> lines = logs.lines(object, container, false);
      if (lines.size() > written) {
        open.write(text(lines.subList(written, lines.size())));
        written = lines.size();
      }
      if (!logs.open(object, container)) {
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
