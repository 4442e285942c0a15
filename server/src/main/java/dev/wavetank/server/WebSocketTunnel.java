package dev.wavetank.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;

/**
 * Bytes of another protocol as WebSocket messages, cut anywhere.
 *
 * <p>Follows staging/src/k8s.io/client-go/tools/portforward/tunneling_connection.go (v1.36).
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // A write that fails closes the connection, which is heard of.
final class WebSocketTunnel extends MessageToMessageCodec<WebSocketFrame, ByteBuf> {

  @Override
  protected void encode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
    if (bytes.isReadable()) {
      out.add(new BinaryWebSocketFrame(bytes.retain()));
    } else {
      out.add(bytes.retain());
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, WebSocketFrame frame, List<Object> out) {
    if (frame instanceof PingWebSocketFrame) {
      context.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
    } else if (frame instanceof CloseWebSocketFrame) {
      context.close();
    } else if (!(frame instanceof PongWebSocketFrame) && frame.content().isReadable()) {
      out.add(frame.content().retain());
    }
  }
}
