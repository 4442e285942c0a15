package dev.wavetank.core.apiserver.http;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Status;
import java.util.List;

/**
 * How the streams of a connection are put on the wire once the client and the server have agreed to
 * leave HTTP.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/remotecommand/constants.go and
 * staging/src/k8s.io/apimachinery/pkg/util/portforward/constants.go (v1.36).
 */
public enum StreamProtocol {
  /** WebSocket messages that begin with a stream's number; 255 and a number end a stream. */
  CHANNELS_V5(true, "v5.channel.k8s.io"),
  /** The same, without the end of single streams. */
  CHANNELS_V4(true, "v4.channel.k8s.io"),
  /** SPDY streams that say in a header which of a process's streams they are. */
  SPDY_V4(false, "v4.channel.k8s.io"),
  /** SPDY frames within WebSocket messages. */
  PORT_FORWARD_TUNNEL(true, "SPDY/3.1+portforward.k8s.io"),
  /** SPDY streams, two for each forwarded connection. */
  PORT_FORWARD(false, "portforward.k8s.io"),
  /** A WebSocket message for each event of a watch; it has no name. */
  WATCH(true, "");

  private static final ImmutableList<StreamProtocol> REMOTE_COMMAND =
      ImmutableList.of(CHANNELS_V5, CHANNELS_V4, SPDY_V4);
  private static final ImmutableList<StreamProtocol> FORWARDING =
      ImmutableList.of(PORT_FORWARD_TUNNEL, PORT_FORWARD);

  private final boolean webSocket;
  private final String text;

  StreamProtocol(boolean webSocket, String text) {
    this.webSocket = webSocket;
    this.text = text;
  }

  /** Whether WebSocket frames carry it; else SPDY frames do. */
  public boolean webSocket() {
    return webSocket;
  }

  /** The name that client and server agree on. */
  public String text() {
    return text;
  }

  /**
   * The protocol of a request for a process's streams.
   *
   * @throws ApiException when the request asks for no other protocol than HTTP, or for none that is
   *     served
   */
  static StreamProtocol ofRemoteCommand(ApiRequest request) {
    return agreed(request, REMOTE_COMMAND);
  }

  /**
   * The protocol of a request that has ports forwarded.
   *
   * @throws ApiException as above
   */
  static StreamProtocol ofPortForward(ApiRequest request) {
    return agreed(request, FORWARDING);
  }

  /** Whether a watch is asked for over WebSocket instead of as a body that goes on. */
  static boolean watches(ApiRequest request) {
    return Ascii.toLowerCase(request.header("connection")).contains("upgrade")
        && Ascii.equalsIgnoreCase(request.header("upgrade"), "websocket")
        && !request.header("sec-websocket-key").isEmpty();
  }

  private static StreamProtocol agreed(ApiRequest request, List<StreamProtocol> served) {
    if (!Ascii.toLowerCase(request.header("connection")).contains("upgrade")) {
      throw new ApiException(Status.badRequest("Upgrade request required"));
    }
    boolean webSocket = Ascii.equalsIgnoreCase(request.header("upgrade"), "websocket");
    if (!webSocket && !Ascii.equalsIgnoreCase(request.header("upgrade"), "SPDY/3.1")) {
      throw new ApiException(
          Status.badRequest("unable to upgrade: missing upgrade headers in request"));
    }
    if (webSocket && request.header("sec-websocket-key").isEmpty()) {
      throw new ApiException(Status.badRequest("missing Sec-WebSocket-Key"));
    }
    String offer =
        request.header(webSocket ? "sec-websocket-protocol" : "x-stream-protocol-version");
    List<String> offered = Splitter.on(',').trimResults().omitEmptyStrings().splitToList(offer);
    ImmutableList.Builder<String> accepted = ImmutableList.builder();
    for (StreamProtocol protocol : served) {
      if (protocol.webSocket == webSocket) {
        if (offered.contains(protocol.text)) {
          return protocol;
        }
        accepted.add(protocol.text);
      }
    }
    throw new ApiException(
        Status.bare(
            403,
            "Forbidden",
            "unable to upgrade: unable to negotiate protocol: client supports "
                + words(offered)
                + ", server accepts "
                + words(accepted.build())));
  }

  private static String words(List<String> names) {
    return "[" + String.join(" ", names) + "]";
  }
}
