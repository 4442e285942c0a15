package dev.wavetank.server;

import dev.wavetank.core.apiserver.http.StreamConnection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a process, which a client opens by their names.
 *
 * <p>Follows staging/src/k8s.io/cri-streaming/pkg/streaming/remotecommand/httpstream.go (v1.36).
 */
final class ProcessSpdyStreams implements SpdyStreams {

  private final int[] ids = new int[StreamConnection.RESIZE + 1];

  ProcessSpdyStreams() {
    Arrays.fill(ids, -1);
  }

  @Override
  public @Nullable String open(int id, Headers headers) {
    String type = headers.get("streamtype");
    int stream =
        switch (type) {
          case "stdin" -> StreamConnection.STDIN;
          case "stdout" -> StreamConnection.STDOUT;
          case "stderr" -> StreamConnection.STDERR;
          case "error" -> StreamConnection.ERROR;
          case "resize" -> StreamConnection.RESIZE;
          default -> -1;
        };
    if (stream < 0) {
      return "unexpected stream type: \"" + type + "\"";
    }
    ids[stream] = id;
    return null;
  }

  @Override
  public @Nullable ClientInput opened() {
    return null;
  }

  @Override
  public int stream(int id) {
    for (int stream = 0; stream < ids.length; stream++) {
      if (ids[stream] == id) {
        return stream;
      }
    }
    return -1;
  }

  @Override
  public int id(int stream) {
    return stream < ids.length ? ids[stream] : -1;
  }

  @Override
  public void forget(int stream) {}
}
