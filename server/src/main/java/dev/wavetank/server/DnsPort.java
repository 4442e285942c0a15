package dev.wavetank.server;

import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The port at which real resolvers ask the cluster's DNS, over UDP and TCP. A question becomes a
 * request of the session, so it is recorded and played again as others are. One that gets no answer
 * in the cluster gets none here.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // An answer that cannot be sent is lost, as answers may be.
final class DnsPort {

  /** Most questions over UDP that wait for an answer; one more is dropped. */
  static final int QUESTIONS_MAX = 1024;

  /** Most connections at once; one more is closed. */
  static final int CONNECTIONS_MAX = 256;

  /** A connection without a question is closed after so long. */
  static final int IDLE_SECONDS = 30;

  private static final int LENGTH_BYTES = 2;
  private static final int BIND_ATTEMPTS_MAX = 10;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final SimulationThread simulation;
  private final AtomicLong requests;
  private final AtomicInteger questions = new AtomicInteger();
  private final ConnectionLimit connections = new ConnectionLimit(CONNECTIONS_MAX);
  private final Channel datagrams;
  private final Channel streams;

  /**
   * Binds both sockets.
   *
   * @param address port 0 for any that is free for both
   * @param requests counts the requests of the session
   * @throws IOException when the address cannot be had
   */
  DnsPort(InetSocketAddress address, SimulationThread simulation, AtomicLong requests)
      throws IOException {
    this.simulation = simulation;
    this.requests = requests;
    ChannelFuture udp = bindDatagrams(address);
    ChannelFuture tcp = bindStreams(udp);
    for (int i = 1; i < BIND_ATTEMPTS_MAX && address.getPort() == 0 && !tcp.isSuccess(); i++) {
      udp.channel().close().awaitUninterruptibly();
      udp = bindDatagrams(address);
      tcp = bindStreams(udp);
    }
    datagrams = udp.channel();
    streams = tcp.channel();
    if (!udp.isSuccess() || !tcp.isSuccess()) {
      stop();
      throw new IOException(
          "cannot listen for DNS on " + address.getHostString() + ":" + address.getPort());
    }
  }

  private ChannelFuture bindDatagrams(InetSocketAddress address) {
    return new Bootstrap()
        .group(loop)
        .channel(NioDatagramChannel.class)
        .handler(new Datagrams())
        .bind(address)
        .awaitUninterruptibly();
  }

  /** At the port that the datagrams have. */
  private ChannelFuture bindStreams(ChannelFuture udp) {
    if (!udp.isSuccess()) {
      return udp;
    }
    return new ServerBootstrap()
        .group(loop)
        .channel(NioServerSocketChannel.class)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel client) {
                opened(client);
              }
            })
        .bind(udp.channel().localAddress())
        .awaitUninterruptibly();
  }

  private void opened(SocketChannel client) {
    if (!connections.admits(client)) {
      return;
    }
    client
        .pipeline()
        .addLast(new ReadTimeoutHandler(IDLE_SECONDS, TimeUnit.SECONDS))
        .addLast(
            new LengthFieldBasedFrameDecoder(
                DnsQuestions.MESSAGE_BYTES_MAX + LENGTH_BYTES, 0, LENGTH_BYTES, 0, LENGTH_BYTES))
        .addLast(new LengthFieldPrepender(LENGTH_BYTES))
        .addLast(new Stream());
  }

  int port() {
    return ((InetSocketAddress) datagrams.localAddress()).getPort();
  }

  void stop() {
    datagrams.close().awaitUninterruptibly();
    streams.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Hands a question over. */
  private boolean ask(ByteBuf content, String transport, Consumer<ApiResponse> then) {
    byte[] question = new byte[content.readableBytes()];
    content.readBytes(question);
    String target = DnsQuestions.PATH + "?transport=" + transport;
    ApiRequest request = new ApiRequest("POST", target, Map.of(), question);
    return simulation.request(requests.incrementAndGet(), request, new AnswerOnly(then));
  }

  /** Questions that come in datagrams. */
  private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      if (questions.incrementAndGet() > QUESTIONS_MAX) {
        questions.decrementAndGet();
        return;
      }
      InetSocketAddress sender = packet.sender();
      boolean taken =
          ask(
              packet.content(),
              "udp",
              response -> {
                questions.decrementAndGet();
                if (response.code() == 200) {
                  context.writeAndFlush(
                      new DatagramPacket(Unpooled.wrappedBuffer(response.body()), sender));
                }
              });
      if (!taken) {
        questions.decrementAndGet();
      }
    }

    /** A datagram that could not be delivered does not close the port. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
  }

  /** Questions that come over one connection. */
  private final class Stream extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      boolean taken =
          ask(
              message,
              "tcp",
              response -> {
                if (response.code() == 200) {
                  context.writeAndFlush(Unpooled.wrappedBuffer(response.body()));
                } else {
                  context.close();
                }
              });
      if (!taken) {
        context.close();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
