package dev.wavetank.server;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.http.ApiHandler;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import dev.wavetank.core.apiserver.http.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection: puts requests together and hands them over one at a time. Everything here runs on
 * the connection's own thread.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // A write that fails closes the connection, which is heard of.
final class HttpConnection extends SimpleChannelInboundHandler<HttpObject> {

  private static final int LINGER_MILLIS = 500;

  private final SimulationThread simulation;
  private final AtomicLong requests;
  private final @Nullable ServingTls tls;
  private Peer peer;
  private @Nullable HttpRequest head;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean tooLarge;
  private @Nullable HttpExchange exchange;

  /**
   * A connection.
   *
   * @param requests counts those of the session
   * @param tls that the connection begins with; null for none
   */
  HttpConnection(SimulationThread simulation, AtomicLong requests, @Nullable ServingTls tls) {
    this.simulation = simulation;
    this.requests = requests;
    this.tls = tls;
    peer = tls == null ? Peer.TRUSTED : Peer.ANONYMOUS;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    if (message instanceof HttpRequest request) {
      begin(context, request);
    }
    if (message instanceof HttpContent content && head != null) {
      append(content.content());
      if (message instanceof LastHttpContent) {
        complete(context);
      }
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    if (request.decoderResult().isFailure() || headSize(request) > HttpServer.HEAD_MAX) {
      refuseHead(context, request.decoderResult().cause());
      return;
    }
    if (exchange != null) {
      // No client of Kubernetes sends a request before it has the answer to the one before.
      context.close();
      return;
    }
    head = request;
    body.reset();
    tooLarge = HttpUtil.getContentLength(request, 0L) > ApiHandler.BODY_BYTES_MAX;
    if (HttpUtil.is100ContinueExpected(request) && !tooLarge) {
      context.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  /** Characters of the request line and of the headers. */
  private static long headSize(HttpRequest request) {
    long size =
        0L + request.method().name().length() + request.uri().length() + " HTTP/1.1\r\n".length();
    for (Map.Entry<String, String> header : request.headers()) {
      size += header.getKey().length() + header.getValue().length() + ": \r\n".length();
    }
    return size;
  }

  /** As servers written in Go refuse what they cannot read. */
  private static void refuseHead(ChannelHandlerContext context, @Nullable Throwable cause) {
    boolean malformed = cause != null && !(cause instanceof TooLongFrameException);
    HttpResponseStatus status =
        malformed
            ? HttpResponseStatus.BAD_REQUEST
            : HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            Unpooled.copiedBuffer(status.toString(), StandardCharsets.UTF_8));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    context.writeAndFlush(response);
    // A client that still writes sees a reset, and maybe no answer, when this end is closed at
    // once.
    context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void append(ByteBuf content) {
    if (tooLarge || body.size() + content.readableBytes() > ApiHandler.BODY_BYTES_MAX) {
      tooLarge = true;
      return;
    }
    byte[] bytes = new byte[content.readableBytes()];
    content.readBytes(bytes);
    body.writeBytes(bytes);
  }

  private void complete(ChannelHandlerContext context) {
    HttpRequest request = head;
    head = null;
    if (request == null) {
      return;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    request.headers().forEach(h -> headers.merge(h.getKey(), h.getValue(), (a, b) -> a + "," + b));
    ApiRequest read;
    try {
      read =
          new ApiRequest(request.method().name(), request.uri(), headers, body.toByteArray(), peer);
    } catch (ApiException e) {
      refuse(context, 400, String.valueOf(e.getMessage()));
      return;
    }
    HttpExchange begun =
        new HttpExchange(
            context.channel(),
            simulation,
            requests.incrementAndGet(),
            HttpUtil.isKeepAlive(request),
            read,
            () -> exchange = null);
    exchange = begun;
    if (tooLarge) {
      begun.answer(ApiHandler.refused(read, ApiHandler.tooLarge()));
    } else if (!simulation.request(begun.id(), read, begun)) {
      begun.answer(ApiHandler.refused(read, ApiHandler.tooManyRequests()));
    }
  }

  private static void refuse(ChannelHandlerContext context, int code, String text) {
    Status status = Status.badRequest(text);
    ApiResponse response =
        ApiHandler.refused(new ApiRequest("GET", "/", Map.of(), new byte[0]), status);
    context
        .writeAndFlush(HttpExchange.full(response, HttpResponseStatus.valueOf(code), false))
        .addListener(done -> context.close());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    HttpExchange open = exchange;
    if (open != null) {
      exchange = null;
      simulation.gone(open.id());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && exchange == null) {
      context.close();
    }
    if (event instanceof SslHandshakeCompletionEvent handshake
        && handshake.isSuccess()
        && tls != null) {
      peer =
          tls.peer(
              context.pipeline().get(SslHandler.class).engine().getSession(),
              simulation.lastInstant());
    }
  }

  /** A connection that breaks is closed; whoever it was will see that. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
