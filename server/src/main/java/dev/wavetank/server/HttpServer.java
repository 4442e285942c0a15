package dev.wavetank.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The socket: takes connections, and reads and writes HTTP/1.1 on them, with or without TLS. */
@SuppressWarnings(
    "FutureReturnValueIgnored") // A write that fails closes the connection, which is heard of.
final class HttpServer {

  /** Most connections at once; one more is closed. */
  static final int CONNECTIONS_MAX = 4096;

  /**
   * Most characters of a request line and its headers together: Go's {@code DefaultMaxHeaderBytes}
   * and the 4 KiB that its servers read beyond.
   */
  static final int HEAD_MAX = (1 << 20) + 4096;

  /** A connection without a request is closed after so long. */
  static final int IDLE_SECONDS = 300;

  private static final int CHUNK_MAX = 64 * 1024;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ConnectionLimit connections = new ConnectionLimit(CONNECTIONS_MAX);
  private final AtomicLong requests = new AtomicLong();
  private final @Nullable ServingTls tls;
  private final Channel channel;

  /**
   * Binds the socket. Connections wait until {@link #accept}.
   *
   * @param tls null for plain HTTP
   * @throws IOException when the address cannot be had
   */
  HttpServer(InetSocketAddress address, @Nullable ServingTls tls, ConnectionFactory factory)
      throws IOException {
    this.tls = tls;
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.AUTO_READ, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel opened) {
                    opened(opened, factory);
                  }
                });
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    channel = bound.channel();
    if (!bound.isSuccess()) {
      stop();
      throw new IOException(
          "cannot listen on " + address.getHostString() + ":" + address.getPort());
    }
  }

  /** Makes the handler of a connection. */
  interface ConnectionFactory {
    HttpConnection connection(AtomicLong requests);
  }

  private void opened(SocketChannel client, ConnectionFactory factory) {
    if (!connections.admits(client)) {
      return;
    }
    if (tls != null) {
      client.pipeline().addLast(tls.handler());
    }
    client
        .pipeline()
        .addLast(new HttpServerCodec(HEAD_MAX, HEAD_MAX, CHUNK_MAX))
        .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS, TimeUnit.SECONDS))
        .addLast(factory.connection(requests));
  }

  /** Begins to take connections. */
  void accept() {
    channel.config().setAutoRead(true);
  }

  /** Counts the requests of the session, so that each has an id of its own. */
  AtomicLong requests() {
    return requests;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** Closes the socket and all connections. */
  void stop() {
    channel.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
