package dev.wavetank.server;

import dev.wavetank.core.apiserver.http.ApiResponse;
import dev.wavetank.core.apiserver.http.StreamConnection;
import dev.wavetank.core.apiserver.http.StreamProtocol;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has left HTTP, between its socket and the simulation: what the client says is
 * handed over in order, what comes out of the pod is gathered and sent when the running slice of
 * virtual time is over.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // A write that fails closes the connection, which is heard of.
final class StreamExchange implements StreamConnection.Client {

  /** Most bytes on their way to a client; one that is slower is cut off. */
  static final long PENDING_BYTES_MAX = HttpExchange.PENDING_BYTES_MAX;

  /** Most bytes of a message of a client. */
  static final int MESSAGE_MAX = 1 << 20;

  /**
   * A connection on which nothing is sent, no ping either, is closed after so long; as upstream.
   */
  static final int IDLE_HOURS = 4;

  /** Most bytes of a message to a client. */
  private static final int PIECE_MAX = 32 << 10;

  private static final String WEB_SOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /** A piece of a stream, or its end. */
  private static final class Outgoing {
    private final int stream;
    private final byte @Nullable [] piece;

    Outgoing(int stream, byte @Nullable [] piece) {
      this.stream = stream;
      this.piece = piece;
    }
  }

  private final Channel channel;
  private final SimulationThread simulation;
  private final StreamInbox inbox;
  private final AtomicLong pendingBytes = new AtomicLong();
  private final List<Outgoing> gathered = new ArrayList<>();
  private final StreamWire wire;
  private boolean flushing;
  private boolean over;
  private boolean cutOff;

  /** An exchange whose connection still speaks HTTP. */
  StreamExchange(
      Channel channel, SimulationThread simulation, long id, ApiResponse.Switching switching) {
    this.channel = channel;
    this.simulation = simulation;
    this.inbox = new StreamInbox(id, () -> channel.eventLoop().execute(this::readOn));
    this.wire =
        switch (switching.protocol()) {
          case CHANNELS_V5 -> new ChannelWire(this, true);
          case CHANNELS_V4 -> new ChannelWire(this, false);
          case WATCH -> new WatchWire(this);
          case SPDY_V4 -> new SpdyWire(this, new ProcessSpdyStreams());
          case PORT_FORWARD_TUNNEL, PORT_FORWARD -> new SpdyWire(this, new ForwardSpdyStreams());
        };
  }

  /** Leaves HTTP; on the connection's thread. */
  void begin(ApiResponse response, StreamProtocol protocol, String webSocketKey) {
    FullHttpResponse head =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
    response.headers().forEach(head.headers()::add);
    if (protocol.webSocket()) {
      head.headers().set("Sec-WebSocket-Accept", accept(webSocketKey));
    }
    channel.writeAndFlush(head);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.remove(HttpConnection.class);
    pipeline.remove(IdleStateHandler.class);
    ChannelHandlerContext http = pipeline.context(HttpServerCodec.class);
    if (protocol.webSocket()) {
      WebSocketDecoderConfig config =
          WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(MESSAGE_MAX).build();
      pipeline.addLast(new WebSocket13FrameEncoder(false), new WebSocket13FrameDecoder(config));
    }
    pipeline.addLast(new IdleStateHandler(0, 0, IDLE_HOURS, TimeUnit.HOURS));
    if (protocol == StreamProtocol.PORT_FORWARD_TUNNEL) {
      pipeline.addLast(new WebSocketTunnel());
    }
    if (wire instanceof SpdyWire) {
      pipeline.addLast(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    } else {
      pipeline.addLast(new WebSocketFrameAggregator(MESSAGE_MAX));
    }
    pipeline.addLast(wire);
    ((HttpServerCodec) http.handler()).upgradeFrom(http);
  }

  private static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + WEB_SOCKET_GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** The client says something; on the connection's thread. */
  void say(ClientInput input) {
    if (inbox.add(input) && !simulation.inputs(inbox)) {
      channel.eventLoop().execute(() -> refuse("too many requests, please try again later"));
    }
    if (inbox.full()) {
      channel.config().setAutoRead(false);
    }
  }

  private void readOn() {
    channel.config().setAutoRead(true);
  }

  /** The client has left; on the connection's thread. */
  void gone() {
    simulation.gone(inbox.id());
  }

  private void refuse(String why) {
    ChannelHandlerContext context = channel.pipeline().context(wire);
    if (context != null) {
      wire.refuse(context, why);
    }
  }

  @Override
  public void write(int stream, byte[] piece) {
    if (over) {
      return;
    }
    if (pendingBytes.addAndGet(piece.length) > PENDING_BYTES_MAX) {
      cutOff = true;
      simulation.cutOff(inbox.id());
      close();
      return;
    }
    gathered.add(new Outgoing(stream, piece));
    flushLater();
  }

  @Override
  public void end(int stream) {
    if (!over) {
      gathered.add(new Outgoing(stream, null));
      flushLater();
    }
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      flushLater();
    }
  }

  private void flushLater() {
    if (!flushing) {
      flushing = true;
      simulation.whenIdle(this::flush);
    }
  }

  private void flush() {
    flushing = false;
    List<Outgoing> all = cutOff ? List.of() : merged();
    gathered.clear();
    boolean last = over;
    boolean slow = cutOff;
    channel.eventLoop().execute(() -> send(all, last, slow));
  }

  /** Neighbours of one stream as one piece. */
  private List<Outgoing> merged() {
    List<Outgoing> merged = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < gathered.size(); i++) {
      Outgoing one = gathered.get(i);
      byte[] piece = one.piece;
      if (piece == null) {
        merged.add(one);
        continue;
      }
      bytes.writeBytes(piece);
      boolean goesOn =
          wire.joinsPieces()
              && i + 1 < gathered.size()
              && gathered.get(i + 1).stream == one.stream
              && gathered.get(i + 1).piece != null
              && bytes.size() < PIECE_MAX;
      if (!goesOn) {
        merged.add(new Outgoing(one.stream, bytes.toByteArray()));
        bytes.reset();
      }
    }
    return merged;
  }

  private void send(List<Outgoing> all, boolean last, boolean slow) {
    ChannelHandlerContext context = channel.pipeline().context(wire);
    if (context == null || !channel.isActive()) {
      return;
    }
    long bytes = 0;
    for (Outgoing one : all) {
      byte[] piece = one.piece;
      if (piece == null) {
        wire.end(context, one.stream);
      } else {
        wire.data(context, one.stream, piece);
        bytes += piece.length;
      }
    }
    long sent = bytes;
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> pendingBytes.addAndGet(-sent));
    if (slow) {
      wire.refuse(context, "the client reads too slowly");
    } else if (last) {
      wire.close(context);
    }
  }
}
