package dev.wavetank.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/** What all connections over WebSocket messages have in common: pings, and how they end. */
@SuppressWarnings(
    "FutureReturnValueIgnored") // A write that fails closes the connection, which is heard of.
abstract class WebSocketWire extends StreamWire {

  /** Most bytes of the words that a connection is closed with. */
  private static final int REASON_MAX = 120;

  private boolean closing;

  WebSocketWire(StreamExchange exchange) {
    super(exchange);
  }

  @Override
  public final void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof PingWebSocketFrame ping) {
        context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      } else if (message instanceof CloseWebSocketFrame) {
        close(context, WebSocketCloseStatus.NORMAL_CLOSURE, "");
      } else if (!closing
          && (message instanceof BinaryWebSocketFrame || message instanceof TextWebSocketFrame)) {
        take(((WebSocketFrame) message).content());
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** A message of the client. */
  abstract void take(ByteBuf content);

  @Override
  final void close(ChannelHandlerContext context) {
    close(context, WebSocketCloseStatus.NORMAL_CLOSURE, "");
  }

  @Override
  final void refuse(ChannelHandlerContext context, String why) {
    String reason = why.length() <= REASON_MAX ? why : why.substring(0, REASON_MAX);
    close(context, WebSocketCloseStatus.POLICY_VIOLATION, reason);
  }

  private void close(ChannelHandlerContext context, WebSocketCloseStatus status, String reason) {
    if (!closing) {
      closing = true;
      context
          .writeAndFlush(new CloseWebSocketFrame(status, reason))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }
}
