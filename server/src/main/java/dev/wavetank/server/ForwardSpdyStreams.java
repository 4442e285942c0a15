package dev.wavetank.server;

import com.google.common.primitives.Ints;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The streams of forwarded connections: a client opens two for each, one for its error and one for
 * its data, with the same number of the request.
 *
 * <p>Follows staging/src/k8s.io/cri-streaming/pkg/streaming/portforward/httpstream.go (v1.36).
 */
final class ForwardSpdyStreams implements SpdyStreams {

  /** Most connections at once whose streams are remembered. */
  static final int PAIRS_MAX = 2000;

  private static final int PORT_MAX = 65535;

  private static final class Pair {
    final int number;
    int data = -1;
    int error = -1;

    Pair(int number) {
      this.number = number;
    }
  }

  private final Map<String, Pair> waiting = new HashMap<>();
  private final Map<Integer, Integer> ids = new HashMap<>();
  private final Map<Integer, Integer> streams = new HashMap<>();
  private @Nullable ClientInput opened;
  private int pairs;

  @Override
  public @Nullable String open(int id, Headers headers) {
    opened = null;
    String text = headers.get("port");
    Integer port = Ints.tryParse(text);
    if (text.isEmpty()) {
      return "\"port\" header is required";
    }
    if (port == null || port < 0 || port > PORT_MAX) {
      return "unable to parse \"" + text + "\" as a port";
    }
    if (port < 1) {
      return "port \"" + text + "\" must be > 0";
    }
    String type = headers.get("streamtype");
    if (!type.equals("data") && !type.equals("error")) {
      return type.isEmpty()
          ? "\"streamType\" header is required"
          : "invalid stream type \"" + type + "\"";
    }
    if (streams.size() >= 2 * PAIRS_MAX || waiting.size() >= PAIRS_MAX) {
      return "too many connections";
    }
    add(id, request(id, headers, type.equals("data")), type.equals("data"), port);
    return null;
  }

  /** Clients of old do not number their requests; their streams come in pairs. */
  private static String request(int id, Headers headers, boolean data) {
    String request = headers.get("requestid");
    return request.isEmpty() ? "stream " + (data ? id - 2 : id) : request;
  }

  private void add(int id, String request, boolean data, int port) {
    Pair pair = waiting.computeIfAbsent(request, r -> new Pair(pairs++));
    int stream = 2 * pair.number + (data ? 0 : 1);
    if (data) {
      pair.data = id;
    } else {
      pair.error = id;
    }
    ids.put(stream, id);
    streams.put(id, stream);
    if (pair.data >= 0 && pair.error >= 0) {
      waiting.remove(request);
      opened = ClientInput.open(2 * pair.number, port);
    }
  }

  @Override
  public @Nullable ClientInput opened() {
    return opened;
  }

  @Override
  public int stream(int id) {
    return streams.getOrDefault(id, -1);
  }

  @Override
  public int id(int stream) {
    return ids.getOrDefault(stream, -1);
  }

  @Override
  public void forget(int stream) {
    Integer id = ids.remove(stream);
    if (id != null) {
      streams.remove(id);
    }
  }
}
