package dev.wavetank.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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

/**
 * Streams in WebSocket messages, each of which begins with the number of its stream.
 *
 * <p>Follows staging/src/k8s.io/streaming/pkg/httpstream/wsstream/conn.go (v1.36).
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // A write that fails closes the connection, which is heard of.
final class ChannelWire extends StreamWire {

  /** The message that ends a stream begins with it. */
  private static final int END_OF_STREAM = 255;

  /** Most bytes of the words that a connection is closed with. */
  private static final int REASON_MAX = 120;

  private final boolean streamsEnd;
  private boolean closing;

  /**
   * A wire.
   *
   * @param streamsEnd whether single streams can end before the connection does
   */
  ChannelWire(StreamExchange exchange, boolean streamsEnd) {
    super(exchange);
    this.streamsEnd = streamsEnd;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof PingWebSocketFrame ping) {
        context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      } else if (message instanceof CloseWebSocketFrame) {
        close(context, WebSocketCloseStatus.NORMAL_CLOSURE, "");
      } else if (message instanceof BinaryWebSocketFrame || message instanceof TextWebSocketFrame) {
        take(((WebSocketFrame) message).content());
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void take(ByteBuf content) {
    if (closing || !content.isReadable()) {
      return;
    }
    int stream = content.readUnsignedByte();
    if (stream == END_OF_STREAM && streamsEnd) {
      if (content.isReadable()) {
        say(ClientInput.end(content.readUnsignedByte()));
      }
      return;
    }
    byte[] piece = new byte[content.readableBytes()];
    content.readBytes(piece);
    say(ClientInput.data(stream, piece));
  }

  @Override
  void data(ChannelHandlerContext context, int stream, byte[] piece) {
    ByteBuf number = Unpooled.wrappedBuffer(new byte[] {(byte) stream});
    ByteBuf message = Unpooled.wrappedBuffer(number, Unpooled.wrappedBuffer(piece));
    context.write(new BinaryWebSocketFrame(message));
  }

  @Override
  void end(ChannelHandlerContext context, int stream) {
    if (streamsEnd) {
      byte[] message = {(byte) END_OF_STREAM, (byte) stream};
      context.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message)));
    }
  }

  @Override
  void close(ChannelHandlerContext context) {
    close(context, WebSocketCloseStatus.NORMAL_CLOSURE, "");
  }

  @Override
  void refuse(ChannelHandlerContext context, String why) {
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
