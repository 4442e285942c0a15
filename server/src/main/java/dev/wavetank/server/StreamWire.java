package dev.wavetank.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;

/**
 * The end of a connection's pipeline: turns frames into what a client says, and what comes out of
 * the pod into frames. Everything here runs on the connection's own thread.
 */
abstract class StreamWire extends ChannelInboundHandlerAdapter {

  private final StreamExchange exchange;

  StreamWire(StreamExchange exchange) {
    this.exchange = exchange;
  }

  /** The client says something. */
  final void say(ClientInput input) {
    exchange.say(input);
  }

  /** Whether neighbouring pieces of a stream may be sent as one. */
  boolean joinsPieces() {
    return true;
  }

  /** Sends a piece of a stream, without a flush. */
  abstract void data(ChannelHandlerContext context, int stream, byte[] piece);

  /** Sends the end of a stream, without a flush. */
  abstract void end(ChannelHandlerContext context, int stream);

  /** Ends the connection in an orderly way. */
  abstract void close(ChannelHandlerContext context);

  /** Ends the connection because of what the client did. */
  abstract void refuse(ChannelHandlerContext context, String why);

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    exchange.gone();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      refuse(context, "nothing was said for too long");
    }
  }

  /** A malformed frame, or a connection that breaks: it is closed, and its client will see that. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    refuse(context, "malformed frame");
  }
}
