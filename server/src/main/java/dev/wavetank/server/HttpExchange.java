package dev.wavetank.server;

import com.google.common.base.Ascii;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One request's answer on its way to the client. Pieces of a stream are gathered until the running
 * slice of virtual time is over, and then sent at once.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // A write that fails closes the connection, which is heard of.
final class HttpExchange implements Session.Client {

  /** Most bytes of a stream that may be on their way; a client that is slower is cut off. */
  static final long PENDING_BYTES_MAX = 16L * 1024 * 1024;

  /** Answers of at least so many bytes are compressed for clients that take that. */
  private static final int COMPRESSED_BYTES_MIN = 128 * 1024;

  private static final byte[] TOO_SLOW =
      ("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},"
              + "\"status\":\"Failure\",\"message\":\"too old resource version: the client reads too"
              + " slowly\",\"reason\":\"Expired\",\"code\":410}}\n")
          .getBytes(StandardCharsets.UTF_8);

  private final Channel channel;
  private final SimulationThread simulation;
  private final long id;
  private final boolean keepAlive;
  private final ApiRequest request;
  private final Runnable done;
  private final AtomicLong pendingBytes = new AtomicLong();
  private final List<byte[]> gathered = new ArrayList<>();
  private boolean flushing;
  private boolean over;
  private @Nullable StreamExchange streams;

  /**
   * An exchange.
   *
   * @param done told on the connection's thread when the answer is over
   */
  HttpExchange(
      Channel channel,
      SimulationThread simulation,
      long id,
      boolean keepAlive,
      ApiRequest request,
      Runnable done) {
    this.channel = channel;
    this.simulation = simulation;
    this.id = id;
    this.keepAlive = keepAlive;
    this.request = request;
    this.done = done;
  }

  long id() {
    return id;
  }

  @Override
  public void answer(ApiResponse response) {
    HttpResponseStatus status = HttpResponseStatus.valueOf(response.code());
    ApiResponse.Switching switching = response.switching();
    if (switching != null) {
      StreamExchange begun = new StreamExchange(channel, simulation, id, switching);
      streams = begun;
      String key = request.header("sec-websocket-key");
      channel.eventLoop().execute(() -> begun.begin(response, switching.protocol(), key));
      return;
    }
    if (response.stream() == null) {
      channel.eventLoop().execute(() -> sendWhole(response, status));
      return;
    }
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    copy(response, head.headers());
    head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    channel.writeAndFlush(head);
  }

  private void sendWhole(ApiResponse response, HttpResponseStatus status) {
    boolean compressible =
        response.body().length >= COMPRESSED_BYTES_MIN
            && Ascii.toLowerCase(request.header("accept-encoding")).contains("gzip");
    FullHttpResponse full = full(response, status, compressible);
    HttpHeaders headers = full.headers();
    headers.set(
        HttpHeaderNames.CONNECTION,
        keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
    done.run();
    FullHttpResponse sent =
        request.method().equals("HEAD") ? full.replace(Unpooled.EMPTY_BUFFER) : full;
    channel
        .writeAndFlush(sent)
        .addListener(
            keepAlive ? ChannelFutureListener.CLOSE_ON_FAILURE : ChannelFutureListener.CLOSE);
  }

  static FullHttpResponse full(ApiResponse response, HttpResponseStatus status, boolean gzip) {
    byte[] body = gzip ? compressed(response.body()) : response.body();
    FullHttpResponse full =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
    copy(response, full.headers());
    if (gzip) {
      full.headers().set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
      full.headers().add(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
    }
    if (response.code() != 304 && response.code() != 204) {
      full.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    }
    return full;
  }

  private static void copy(ApiResponse response, HttpHeaders headers) {
    response.headers().forEach(headers::add);
  }

  private static byte[] compressed(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 8);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public void write(byte[] piece) {
    if (over) {
      return;
    }
    if (pendingBytes.addAndGet(piece.length) > PENDING_BYTES_MAX) {
      gathered.add(TOO_SLOW);
      simulation.cutOff(id);
      end();
      return;
    }
    gathered.add(piece);
    flushLater();
  }

  private void flushLater() {
    if (!flushing) {
      flushing = true;
      simulation.whenIdle(this::flush);
    }
  }

  private void flush() {
    flushing = false;
    if (!gathered.isEmpty()) {
      ByteBuf bytes = Unpooled.wrappedBuffer(gathered.size(), gathered.toArray(new byte[0][]));
      gathered.clear();
      int length = bytes.readableBytes();
      channel
          .writeAndFlush(new DefaultHttpContent(bytes))
          .addListener(sent -> pendingBytes.addAndGet(-length));
    }
    if (over) {
      channel
          .eventLoop()
          .execute(
              () -> {
                done.run();
                channel
                    .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
                    .addListener(
                        keepAlive
                            ? ChannelFutureListener.CLOSE_ON_FAILURE
                            : ChannelFutureListener.CLOSE);
              });
    }
  }

  @Override
  public void end() {
    if (!over) {
      over = true;
      flushLater();
    }
  }

  @Override
  public void write(int stream, byte[] piece) {
    if (streams != null) {
      streams.write(stream, piece);
    }
  }

  @Override
  public void end(int stream) {
    if (streams != null) {
      streams.end(stream);
    }
  }

  @Override
  public void close() {
    if (streams != null) {
      streams.close();
    }
  }
}
