package dev.wavetank.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;

/**
 * The events of a watch, a message each.
 *
 * <p>Follows {@code HandleWS} of staging/src/k8s.io/apiserver/pkg/endpoints/handlers/watch.go
 * (v1.36).
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // A write that fails closes the connection, which is heard of.
final class WatchWire extends WebSocketWire {

  WatchWire(StreamExchange exchange) {
    super(exchange);
  }

  @Override
  boolean joinsPieces() {
    return false;
  }

  /** A watching client has nothing to say. */
  @Override
  void take(ByteBuf content) {}

  @Override
  void data(ChannelHandlerContext context, int stream, byte[] piece) {
    context.write(new TextWebSocketFrame(Unpooled.wrappedBuffer(piece)));
  }

  @Override
  void end(ChannelHandlerContext context, int stream) {}
}
