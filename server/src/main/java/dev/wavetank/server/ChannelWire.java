package dev.wavetank.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;

/**
 * Streams in WebSocket messages, each of which begins with the number of its stream.
 *
 * <p>Follows staging/src/k8s.io/streaming/pkg/httpstream/wsstream/conn.go (v1.36).
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // A write that fails closes the connection, which is heard of.
final class ChannelWire extends WebSocketWire {

  /** The message that ends a stream begins with it. */
  private static final int END_OF_STREAM = 255;

  private final boolean streamsEnd;

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
  void take(ByteBuf content) {
    if (!content.isReadable()) {
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
}
