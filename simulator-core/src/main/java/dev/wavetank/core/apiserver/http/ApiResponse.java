package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableListMultimap;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a request is answered with: a code, headers, and a body that is known or a stream. */
public final class ApiResponse {

  static final String JSON = "application/json";
  static final String TEXT = "text/plain; charset=utf-8";

  private static final byte[] NOTHING = new byte[0];

  private final int code;
  private final ImmutableListMultimap<String, String> headers;
  private final byte[] body;
  private final @Nullable ResponseStream stream;
  private final @Nullable Switching switching;
  private final @Nullable LaterResponse later;

  /**
   * What comes instead of HTTP.
   *
   * @param protocol how the connection's streams are put on the wire
   */
  public record Switching(StreamProtocol protocol, StreamConnection connection) {}

  private ApiResponse(
      int code,
      ImmutableListMultimap<String, String> headers,
      byte[] body,
      @Nullable ResponseStream stream,
      @Nullable Switching switching,
      @Nullable LaterResponse later) {
    this.code = code;
    this.headers = headers;
    this.body = body;
    this.stream = stream;
    this.switching = switching;
    this.later = later;
  }

  /** A response whose body, which is not copied, is known. */
  public static ApiResponse of(int code, String contentType, byte[] body) {
    return new ApiResponse(
        code, ImmutableListMultimap.of("Content-Type", contentType), body, null, null, null);
  }

  static ApiResponse empty(int code) {
    return new ApiResponse(code, ImmutableListMultimap.of(), NOTHING, null, null, null);
  }

  static ApiResponse text(int code, String text) {
    return of(code, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  static ApiResponse json(String json) {
    return of(200, JSON, (json + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static ApiResponse streaming(String contentType, ResponseStream stream) {
    return new ApiResponse(
        200, ImmutableListMultimap.of("Content-Type", contentType), NOTHING, stream, null, null);
  }

  static ApiResponse bytes(int code, byte[] body) {
    return new ApiResponse(code, ImmutableListMultimap.of(), body, null, null, null);
  }

  /** A response that is not known yet. */
  public static ApiResponse later(LaterResponse later) {
    return new ApiResponse(0, ImmutableListMultimap.of(), NOTHING, null, null, later);
  }

  /** The agreement to leave HTTP. */
  static ApiResponse switching(StreamProtocol protocol, StreamConnection connection) {
    boolean webSocket = protocol.webSocket();
    ImmutableListMultimap.Builder<String, String> headers = ImmutableListMultimap.builder();
    headers.put("Connection", "Upgrade").put("Upgrade", webSocket ? "websocket" : "SPDY/3.1");
    if (!protocol.text().isEmpty()) {
      String header = webSocket ? "Sec-WebSocket-Protocol" : "X-Stream-Protocol-Version";
      headers.put(header, protocol.text());
    }
    Switching switching = new Switching(protocol, connection);
    return new ApiResponse(101, headers.build(), NOTHING, null, switching, null);
  }

  /** This response with one more header. */
  ApiResponse with(String header, String value) {
    ImmutableListMultimap<String, String> more =
        ImmutableListMultimap.<String, String>builder().putAll(headers).put(header, value).build();
    return new ApiResponse(code, more, body, stream, switching, later);
  }

  /** The same headers, another code, and no body. */
  ApiResponse withoutBody(int otherCode) {
    return new ApiResponse(otherCode, headers, NOTHING, null, null, null);
  }

  public int code() {
    return code;
  }

  /** The headers, in the order in which they are sent. */
  public ImmutableListMultimap<String, String> headers() {
    return headers;
  }

  /** The body, which must not be changed; empty where there is a stream. */
  public byte[] body() {
    return body;
  }

  /** Writes the body as it comes into being; null where the body is known. */
  public @Nullable ResponseStream stream() {
    return stream;
  }

  /** What comes instead of HTTP from now on; null where the answer is one of HTTP. */
  public @Nullable Switching switching() {
    return switching;
  }

  /** Gives the response itself, whose place this one holds; null where this is all. */
  public @Nullable LaterResponse later() {
    return later;
  }
}
