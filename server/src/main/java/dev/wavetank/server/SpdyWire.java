package dev.wavetank.server;

import dev.wavetank.core.apiserver.http.StreamConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyGoAwayFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySessionStatus;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Streams as SPDY has them. There is no flow control: clients of Kubernetes do not take part in it.
 *
 * <p>Follows staging/src/k8s.io/streaming/pkg/httpstream/spdy/connection.go (v1.36).
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // A write that fails closes the connection, which is heard of.
final class SpdyWire extends StreamWire {

  private static final String STREAM_TYPE = "streamtype";

  private final SpdyStreams streams;
  private final Map<Integer, ByteBuf> early = new LinkedHashMap<>();
  private final Set<Integer> endedHere = new LinkedHashSet<>();
  private final Set<Integer> endedThere = new LinkedHashSet<>();
  private int lastId;
  private boolean closing;

  SpdyWire(StreamExchange exchange, SpdyStreams streams) {
    super(exchange);
    this.streams = streams;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (closing) {
        return;
      }
      if (message instanceof SpdySynStreamFrame frame) {
        open(context, frame);
      } else if (message instanceof SpdyDataFrame frame) {
        take(frame);
      } else if (message instanceof SpdyRstStreamFrame frame) {
        ended(streams.stream(frame.streamId()));
      } else if (message instanceof SpdyPingFrame ping) {
        if (ping.id() % 2 != 0) {
          context.writeAndFlush(new DefaultSpdyPingFrame(ping.id()));
        }
      } else if (message instanceof SpdyGoAwayFrame) {
        context.close();
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void open(ChannelHandlerContext context, SpdySynStreamFrame frame) {
    int id = frame.streamId();
    String refusal =
        frame.isInvalid() || id <= lastId || id % 2 == 0
            ? "malformed frame"
            : streams.open(
                id,
                name -> {
                  String value = frame.headers().getAsString(name);
                  return value == null ? "" : value;
                });
    lastId = Math.max(lastId, id);
    if (refusal != null) {
      context.writeAndFlush(new DefaultSpdyRstStreamFrame(id, SpdyStreamStatus.REFUSED_STREAM));
      return;
    }
    // Clients cannot read a reply without any header.
    DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(id);
    reply.headers().set(STREAM_TYPE, frame.headers().get(STREAM_TYPE));
    context.writeAndFlush(reply);
    ClientInput opened = streams.opened();
    if (opened != null) {
      say(opened);
    }
    int stream = streams.stream(id);
    ByteBuf waiting = early.remove(stream);
    if (waiting != null) {
      context.writeAndFlush(new DefaultSpdyDataFrame(id, waiting));
    }
    if (frame.isLast()) {
      ended(stream);
    }
  }

  private void take(SpdyDataFrame frame) {
    int stream = streams.stream(frame.streamId());
    if (stream < 0 || endedThere.contains(stream)) {
      return;
    }
    if (frame.content().isReadable()) {
      byte[] piece = new byte[frame.content().readableBytes()];
      frame.content().readBytes(piece);
      say(ClientInput.data(stream, piece));
    }
    if (frame.isLast()) {
      ended(stream);
    }
  }

  private void ended(int stream) {
    if (stream >= 0 && endedThere.add(stream)) {
      say(ClientInput.end(stream));
      forgetEnded(stream);
    }
  }

  private void forgetEnded(int stream) {
    if (endedHere.contains(stream) && endedThere.contains(stream)) {
      endedHere.remove(stream);
      endedThere.remove(stream);
      streams.forget(stream);
    }
  }

  @Override
  void data(ChannelHandlerContext context, int stream, byte[] piece) {
    if (piece.length == 0) {
      return;
    }
    int id = streams.id(stream);
    ByteBuf content = Unpooled.wrappedBuffer(piece);
    if (id < 0) {
      early.merge(stream, content, Unpooled::wrappedBuffer);
    } else {
      context.write(new DefaultSpdyDataFrame(id, content));
    }
  }

  @Override
  void end(ChannelHandlerContext context, int stream) {
    int id = streams.id(stream);
    if (id >= 0 && endedHere.add(stream)) {
      DefaultSpdyDataFrame last = new DefaultSpdyDataFrame(id, Unpooled.EMPTY_BUFFER);
      last.setLast(true);
      context.write(last);
      forgetEnded(stream);
    }
  }

  @Override
  void close(ChannelHandlerContext context) {
    if (!closing) {
      closing = true;
      for (int stream = 0; stream <= StreamConnection.RESIZE; stream++) {
        end(context, stream);
      }
      context
          .writeAndFlush(new DefaultSpdyGoAwayFrame(lastId, SpdySessionStatus.OK))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  void refuse(ChannelHandlerContext context, String why) {
    if (!closing) {
      closing = true;
      context
          .writeAndFlush(new DefaultSpdyGoAwayFrame(lastId, SpdySessionStatus.PROTOCOL_ERROR))
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    early.values().forEach(ReferenceCountUtil::release);
    early.clear();
  }
}
